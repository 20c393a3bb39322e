"""`wholerecord study project`: who may ask studies, for what, until when."""

import re
from datetime import datetime

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.consent import Purpose
from wholerecord.errors import Incorrect
from wholerecord.research.study.book import KnownProject
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id, make_key, read_key
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PURPOSES = (Purpose.RESEARCH, Purpose.PLANNING)


class BadProject(Incorrect):
    """The project cannot be kept as it is said."""


@click.group()
def project() -> None:
    """Add and list the projects that may ask studies."""


@project.command()
@click.argument("id")
@click.option("--title", required=True, help="What the public register calls it.")
@click.option("--legal-basis", required=True, help="The legal basis, in words.")
@click.option("--controller", required=True, help="The ODS code of who answers for it.")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    default=("research",),
    type=click.Choice([each.value for each in _PURPOSES]),
    help="What it is approved for; may be said twice.",
)
@click.option("--ends", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option("--person", "people", multiple=True, required=True, help="Who may ask, by user name.")
def add(
    *,
    id: str,
    title: str,
    legal_basis: str,
    controller: str,
    purposes: tuple[str, ...],
    ends: datetime,
    people: tuple[str, ...],
) -> None:
    """Keep the approved project ID, and make the key of its pseudonyms."""
    if not _ID.fullmatch(id):
        raise BadProject("id: small letters, digits and -, 40 at most.")
    for name, said in (("title", title), ("legal basis", legal_basis), ("controller", controller)):
        if not said.strip() or not said.isprintable() or len(said) > 200:
            raise BadProject(f"{name}: one line, 200 letters at most.")
    settings = Settings.from_environment()
    file = settings.studies / f"{id}.key"

    async def work(store: Store) -> None:
        if await store.project(id) is not None:
            raise KnownProject
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            make_key(file)
        await store.add_project(
            Project(
                id=id,
                title=title.strip(),
                legal_basis=legal_basis.strip(),
                controller=controller.strip(),
                purposes=frozenset(map(Purpose, purposes)),
                ends=ends.date(),
                people=frozenset(people),
                key=key_id(read_key(file)),
            )
        )

    on_store(work)
    click.echo(f"{id} may ask until {ends.date()}; its key is {file}: keep a copy elsewhere")


@project.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the projects: legal basis, controller, purposes, last day, people."""

    async def work(store: Store) -> list[Project]:
        return list(await store.projects())

    found = on_store(work)
    if as_json:
        print_json([_row(one) for one in found])
        return
    for one in found:
        purposes = ", ".join(sorted(each.value for each in one.purposes))
        click.echo(
            f"{one.id}: {one.title} ({one.controller}), {one.legal_basis}, for {purposes},"
            f" until {one.ends}: {', '.join(sorted(one.people))}"
        )
    if not found:
        click.echo("no project yet: wholerecord study project add")


def _row(one: Project) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "legal_basis": one.legal_basis,
        "controller": one.controller,
        "purposes": sorted(each.value for each in one.purposes),
        "ends": one.ends.isoformat(),
        "people": sorted(one.people),
        "key": one.key,
    }

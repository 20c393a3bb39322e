"""`wholerecord profiles`: load profiles and what they need, and list them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.errors import NotFound
from wholerecord.fhir.profiles import Base, Definition, NotADefinition, read
from wholerecord.fhir.profiles.shelf import Shelf
from wholerecord.fhir.profiles.tally import Row, Tally
from wholerecord.storage.postgres import Store

_PATH = click.Path(exists=True, path_type=Path)
_NAMES = ("*.json", "*.xml")
#: Places told of one source by one profile.
_PLACES = 10


_at = click.option(
    "--base",
    type=click.Choice([one.value for one in Base]),
    default=Base.SAID.value,
    show_default=True,
    help="Where clients write.",
)


class NotLoaded(NotFound):
    """That profile is not loaded: `wholerecord profiles list` names those that are."""


class NotAsked(NotFound):
    """That profile is not asked there: `wholerecord profiles list` names those that are."""


@click.group()
def profiles() -> None:
    """Profiles: what a site asks of resources beyond their types."""


@profiles.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_PATH)
@as_json
def load(*, paths: Sequence[Path], as_json: bool) -> None:
    """Load StructureDefinitions, ValueSets and CodeSystems from files and folders.

    JSON or XML. What is another kind of resource, or cannot be read, is named and left out; exits
    with 1 then. A running server takes them up at once.
    """
    found: list[Definition] = []
    left_out: dict[str, str] = {}
    for file in _files(paths):
        try:
            found.append(read(file.read_bytes()))
        except NotADefinition as error:
            left_out[file.name] = str(error)
    fresh = on_store(lambda store: store.load_definitions(found)) if found else 0
    if as_json:
        print_json({"loaded": len(found), "new": fresh, "leftOut": left_out})
    else:
        click.echo(f"{len(found)} definitions are loaded, {fresh} of them new")
        for name, why in left_out.items():
            click.echo(f"left out: {name}: {why}", err=True)
    if left_out:
        raise SystemExit(1)


@profiles.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the profiles, each with its type and what of it cannot be asked here."""

    async def work(store: Store) -> tuple[Sequence[Definition], Sequence[tuple[Base, str]]]:
        return await store.definitions(), await store.asked_profiles()

    held, asked = on_store(work)
    shelf = Shelf.of(held)
    rows = [
        {
            "url": one.url,
            "version": one.version,
            "type": shelf.type_of(one.url),
            "title": one.title,
            "notAsked": list(shelf.left_out.get(one.url, ())),
            "ofWritesAt": [base.value for base, url in asked if url == one.url],
        }
        for one in held
        if one.kind == "StructureDefinition" and shelf.check(one.url) is not None
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        rest = f", not asked: {', '.join(row['notAsked'])}" if row["notAsked"] else ""
        rest += "".join(f", asked of what is written at {base}" for base in row["ofWritesAt"])
        click.echo(f"{row['url']} {row['version']}: {row['type']}, {row['title']}{rest}")
    others = sum(one.kind != "StructureDefinition" for one in held)
    click.echo(f"{len(rows)} profiles, {others} value sets and code systems")


@profiles.command()
@click.argument("url")
@_at
@as_json
def ask(*, url: str, base: str, as_json: bool) -> None:
    """Ask a profile of every resource of its type that a client writes.

    What is not as it has it is refused, with everything that is wrong and where. What a source says
    is kept as it is. A running server knows within two seconds.
    """

    async def work(store: Store) -> None:
        if Shelf.of(await store.definitions()).check(url) is None:
            raise NotLoaded
        await store.ask_profile(Base(base), url)

    on_store(work)
    if as_json:
        print_json({"asked": url, "base": base})
    else:
        click.echo(f"asked of what clients write at {base}: {url}")


@profiles.command()
@click.argument("url")
@_at
@as_json
def unask(*, url: str, base: str, as_json: bool) -> None:
    """Ask a profile no more."""

    async def work(store: Store) -> None:
        if not await store.unask_profile(Base(base), url):
            raise NotAsked

    on_store(work)
    if as_json:
        print_json({"unasked": url, "base": base})
    else:
        click.echo(f"asked no more of what clients write at {base}: {url}")


@profiles.command()
@as_json
def held(*, as_json: bool) -> None:
    """Count what of all that was said of people is not as is asked at /fhir, source by source.

    Counts and places, and nothing of anybody. What a source says is kept, whatever is asked.
    """

    async def work(store: Store) -> Sequence[Row]:
        tally = Tally(Shelf.of(await store.definitions(), await store.asked_profiles()))
        for person in await store.people():
            members = await store.members(person)
            for version in await store.current([one.patient for one in members]):
                tally.add(version)
        return tally.rows

    rows = on_store(work)
    if as_json:
        print_json(
            [
                {
                    "source": row.source,
                    "profile": row.url,
                    "held": row.held,
                    "wrong": row.wrong,
                    "places": dict(row.places.most_common(_PLACES)),
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        click.echo(f"{row.source}: {row.wrong} of {row.held} are not as {row.url} asks")
        for place, count in row.places.most_common(_PLACES):
            click.echo(f"  {count} at {place}")
    if not rows:
        click.echo("Nothing that is asked is of what was said.")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for name in _NAMES for file in path.rglob(name))
        else:
            yield path

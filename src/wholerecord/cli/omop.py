"""`wholerecord omop`: extracts as the OMOP Common Data Model, and the vocabularies for them."""

from datetime import UTC, datetime
from pathlib import Path

import click

from wholerecord.access import Doorway
from wholerecord.cli.run import on_store, operator
from wholerecord.cli.serving import with_standing_rules
from wholerecord.consent import Purpose
from wholerecord.research.extracts.ask import ask_extract, take_extract
from wholerecord.research.extracts.cut import Sheet, Wanted
from wholerecord.research.extracts.gate import Asker
from wholerecord.research.omop.check import faults, read_extract
from wholerecord.research.omop.vocabulary import load_vocabulary
from wholerecord.research.study.book import Case, Standing
from wholerecord.research.study.submit import Place
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

_FOLDER = click.Path(path_type=Path, file_okay=False)
_project = click.option("--project", required=True, help="The project it is for.")
_purpose = click.option(
    "--purpose",
    default=Purpose.RESEARCH.value,
    show_default=True,
    type=click.Choice([Purpose.RESEARCH.value, Purpose.PLANNING.value]),
)


@click.group()
def omop() -> None:
    """Extracts of rows as OMOP CDM 5.4: asked, looked at by two, then taken."""


@omop.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--version", required=True, help="The vocabularies' version, as Athena says it.")
def vocabulary(*, folder: Path, version: str) -> None:
    """Load the OMOP vocabularies from the unpacked files of Athena in FOLDER."""
    rows = load_vocabulary(folder, Settings.from_environment().omop, version=version)
    click.echo(", ".join(f"{name}: {number:,} rows" for name, number in rows.items()))


@omop.command()
@_project
@_purpose
@click.option(
    "--days",
    type=click.Choice(["relative", "real"]),
    default="relative",
    show_default=True,
    help="Days from each person's first, or as they were.",
)
def ask(*, project: str, purpose: str, days: str) -> None:
    """Ask for an extract of the newest tables. It waits for two who did not ask it.

    Exits with 1 until it is released: `wholerecord study status N` says how it stands.
    """
    settings = Settings.from_environment()
    who = _asker(settings, project, purpose)
    wanted = Wanted(relative=days == "relative")

    async def work(store: Store) -> Case:
        await with_standing_rules(store)
        return await ask_extract(
            _place(store, settings), who, wanted, now=lambda: datetime.now(UTC)
        )

    case = on_store(work)
    why = case.ran.told.why if case.ran else ""
    click.echo(f"extract {case.n}: {case.standing.value}. {why}".rstrip())
    if case.standing is not Standing.RELEASED:
        raise SystemExit(1)


@omop.command()
@click.argument("n", type=int)
@click.argument("folder", type=_FOLDER)
@_project
@_purpose
@click.option("--csv", is_flag=True, help="CSV instead of Parquet.")
def export(*, n: int, folder: Path, project: str, purpose: str, csv: bool) -> None:
    """Write the released extract N into FOLDER, which is made. Who opted out since is not in it."""
    settings = Settings.from_environment()
    who = _asker(settings, project, purpose)

    async def work(store: Store) -> Sheet:
        await with_standing_rules(store)
        place = _place(store, settings)
        return await take_extract(place, who, n, folder, csv=csv, now=datetime.now(UTC))

    _say(on_store(work))


@omop.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def check(*, folder: Path) -> None:
    """Check the tables in FOLDER: columns, required values, ids, people, days.

    Exits with 1 when something is wrong.
    """
    engine = read_extract(folder)
    try:
        wrong = list(faults(engine, {}))
    finally:
        engine.close()
    for fault in wrong:
        click.echo(fault)
    if wrong:
        raise SystemExit(1)
    click.echo("nothing is wrong")


def _place(store: Store, settings: Settings) -> Place:
    return Place(way=Doorway(store), book=store, snapshots=settings.research, keys=settings.studies)


def _asker(settings: Settings, project: str, purpose: str) -> Asker:
    return Asker(
        project=project, actor=operator(), purpose=Purpose(purpose), vocabulary=settings.omop
    )


def _say(told: Sheet) -> None:
    for name, number in told.rows.items():
        click.echo(f"{name}: {number:,} rows")
    for note in told.notes:
        click.echo(note)
    click.echo(told.risk)

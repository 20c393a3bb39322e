"""What `wholerecord omop` and `wholerecord features` share: asking for an extract, taking it."""

from collections.abc import Mapping
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
from wholerecord.research.study.book import Case, Standing
from wholerecord.research.study.submit import Place
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

project_option = click.option("--project", required=True, help="The project it is for.")
purpose_option = click.option(
    "--purpose",
    default=Purpose.RESEARCH.value,
    show_default=True,
    type=click.Choice([Purpose.RESEARCH.value, Purpose.PLANNING.value]),
)
folder_argument = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
csv_option = click.option("--csv", is_flag=True, help="CSV instead of Parquet.")


def ask_for(
    what: str,
    project: str,
    purpose: str,
    wanted: Wanted,
    lists: Mapping[str, bytes] | None = None,
) -> None:
    """Ask, and say how it stands; exits with 1 until it is released."""
    settings = Settings.from_environment()

    async def work(store: Store) -> Case:
        await with_standing_rules(store)
        place, who = _place(store, settings), _asker(settings, project, purpose)
        return await ask_extract(
            place, who, wanted, now=lambda: datetime.now(UTC), lists=lists or {}
        )

    case = on_store(work)
    why = case.ran.told.why if case.ran else ""
    click.echo(f"{what} {case.n}: {case.standing.value}. {why}".rstrip())
    if case.standing is not Standing.RELEASED:
        raise SystemExit(1)


def take(n: int, folder: Path, project: str, purpose: str, *, csv: bool) -> None:
    """Write what was released into the folder, and say what is in it."""
    settings = Settings.from_environment()

    async def work(store: Store) -> Sheet:
        await with_standing_rules(store)
        place, who = _place(store, settings), _asker(settings, project, purpose)
        return await take_extract(place, who, n, folder, csv=csv, now=datetime.now(UTC))

    told = on_store(work)
    for name, number in told.rows.items():
        click.echo(f"{name}: {number:,} rows")
    for note in told.notes:
        click.echo(note)
    click.echo(told.risk)


def _place(store: Store, settings: Settings) -> Place:
    return Place(way=Doorway(store), book=store, snapshots=settings.research, keys=settings.studies)


def _asker(settings: Settings, project: str, purpose: str) -> Asker:
    return Asker(
        project=project, actor=operator(), purpose=Purpose(purpose), vocabulary=settings.omop
    )

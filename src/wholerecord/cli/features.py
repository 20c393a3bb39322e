"""`wholerecord features`: a line for each person for machine learning, after two have looked."""

from datetime import UTC, datetime
from pathlib import Path

import click

from wholerecord.access import Doorway
from wholerecord.cli.run import on_store, operator
from wholerecord.cli.serving import with_standing_rules
from wholerecord.consent import Purpose
from wholerecord.research.extracts.ask import ask_extract, take_extract
from wholerecord.research.extracts.cut import FEATURES, Sheet, Wanted
from wholerecord.research.extracts.gate import Asker
from wholerecord.research.study.book import Case, Standing
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.source import read_study
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
def features() -> None:
    """Features for machine learning: asked, looked at by two, then taken."""


@features.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_project
@_purpose
def ask(*, file: Path, project: str, purpose: str) -> None:
    """Ask for the features that the study in FILE names. They wait for two who did not ask.

    Exits with 1 until they are released: `wholerecord study status N` says how they stand.
    """
    lists: dict[str, bytes] = {}

    def read_list(name: str) -> bytes:
        try:
            lists[name] = (file.parent / name).read_bytes()
        except OSError:
            raise StudyWrong(f"There is no {name} beside the study.") from None
        return lists[name]

    raw = file.read_bytes()
    read_study(raw, read_list)
    try:
        said = raw.decode()
    except UnicodeDecodeError:
        raise StudyWrong("Save the file as UTF-8.") from None
    settings = Settings.from_environment()
    wanted = Wanted(model=FEATURES, study=said)

    async def work(store: Store) -> Case:
        await with_standing_rules(store)
        place, who = _place(store, settings), _asker(settings, project, purpose)
        return await ask_extract(place, who, wanted, now=lambda: datetime.now(UTC), lists=lists)

    case = on_store(work)
    why = case.ran.told.why if case.ran else ""
    click.echo(f"features {case.n}: {case.standing.value}. {why}".rstrip())
    if case.standing is not Standing.RELEASED:
        raise SystemExit(1)


@features.command()
@click.argument("n", type=int)
@click.argument("folder", type=_FOLDER)
@_project
@_purpose
@click.option("--csv", is_flag=True, help="CSV instead of Parquet.")
def export(*, n: int, folder: Path, project: str, purpose: str, csv: bool) -> None:
    """Write the released features N into FOLDER, which is made. Who opted out since is left out."""
    settings = Settings.from_environment()

    async def work(store: Store) -> Sheet:
        await with_standing_rules(store)
        place, who = _place(store, settings), _asker(settings, project, purpose)
        return await take_extract(place, who, n, folder, csv=csv, now=datetime.now(UTC))

    told = on_store(work)
    for name, number in told.rows.items():
        click.echo(f"{name}: {number:,} rows")
    click.echo(told.risk)


def _place(store: Store, settings: Settings) -> Place:
    return Place(way=Doorway(store), book=store, snapshots=settings.research, keys=settings.studies)


def _asker(settings: Settings, project: str, purpose: str) -> Asker:
    return Asker(
        project=project, actor=operator(), purpose=Purpose(purpose), vocabulary=settings.omop
    )

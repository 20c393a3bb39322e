"""`wholerecord omop`: extracts as the OMOP Common Data Model, and the vocabularies for them."""

from pathlib import Path

import click

from wholerecord.cli import extracts
from wholerecord.research.extracts.cut import Wanted
from wholerecord.research.omop.check import faults, read_extract
from wholerecord.research.omop.vocabulary import load_vocabulary
from wholerecord.settings import Settings


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
@extracts.project_option
@extracts.purpose_option
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
    extracts.ask_for("extract", project, purpose, Wanted(relative=days == "relative"))


@omop.command()
@click.argument("n", type=int)
@extracts.folder_argument
@extracts.project_option
@extracts.purpose_option
@extracts.csv_option
def export(*, n: int, folder: Path, project: str, purpose: str, csv: bool) -> None:
    """Write the released extract N into FOLDER, which is made. Who opted out since is not in it."""
    extracts.take(n, folder, project, purpose, csv=csv)


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

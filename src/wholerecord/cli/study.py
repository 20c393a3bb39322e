"""`wholerecord study`: write a study, check it, run it on made-up people, and send it in."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from wholerecord.cli.study_after import model, plot
from wholerecord.cli.study_project import project
from wholerecord.cli.study_sending import in_lines, outputs, status, submit_
from wholerecord.consent import Purpose
from wholerecord.research.study.dummy import PEOPLE, write_dummy
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.ledger import Ledger
from wholerecord.research.study.nodes import Study, StudyWrong
from wholerecord.research.study.project import Project
from wholerecord.research.study.protect import as_csv
from wholerecord.research.study.release import Asking, Outcome, State, code_hash, run
from wholerecord.research.study.source import read_study

_NEW = '''\
"""Adults with type 2 diabetes, and whether their HbA1c was measured in the year."""

diabetes = codes("44054006")
hba1c = codes("999791000000106")
index = date(2025, 3, 31)

diagnosed = condition.where(row.code in diabetes and row.at <= index)
tested = observation.where(row.code in hba1c and index - days(365) < row.at <= index)
alive = not known(person.died) or person.died > index

study("HbA1c in type 2 diabetes", people=diagnosed.exists() and alive and age_at(index) >= 18)
table("by age and sex", by=[band(age_at(index), 18, 40, 65, 80), person.sex])
table("measured", by=[tested.exists()])
'''


@click.group()
def study() -> None:
    """Ask of many records at once. See docs/how-to/study.md."""


for _command in (project, submit_, status, outputs, model, plot):
    study.add_command(_command)


@study.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(*, file: Path) -> None:
    """Write an example study to FILE, to begin with."""
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(_NEW)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already: name another") from None
    click.echo(f"wrote {file}: change it, then `wholerecord study check {file}`")


@study.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(*, file: Path) -> None:
    """Read the study in FILE and say whether it can be run. Nothing of it is executed."""
    read, lists = _read(file)
    click.echo(read.title)
    for table in read.tables:
        click.echo(f"  table {table.name!r} by {', '.join(table.names) or 'nothing'}")
    for measure in read.measures:
        click.echo(f"  measure {measure.name!r}, {measure.intervals} intervals")
    click.echo(f"code {code_hash(file.read_bytes(), lists)}")


@study.command("run")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dummy", is_flag=True, required=True, help="On made-up people that fit the study.")
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--csv", "as_file", is_flag=True, help="Print tables as CSV.")
def run_(*, file: Path, dummy: bool, people: int, as_file: bool) -> None:  # noqa: ARG001 - there are no others yet
    """Run the study in FILE on made-up people: what would leave, after protection."""
    read, _ = _read(file)
    with TemporaryDirectory() as folder:
        files = write_dummy(read, Path(folder), people=people)
        engine = Engine(files)
        ledger = Ledger(whole=(1 << people) - 1)
        outcome = run(read, _about_nobody(), engine, ledger, frozenset())
        engine.close()
    _say(outcome, as_file=as_file)


def _read(file: Path) -> tuple[Study, dict[str, bytes]]:
    lists: dict[str, bytes] = {}

    def read_list(name: str) -> bytes:
        try:
            lists[name] = (file.parent / name).read_bytes()
        except OSError:
            raise StudyWrong(f"There is no {name} beside the study.") from None
        return lists[name]

    return read_study(file.read_bytes(), read_list), lists


def _about_nobody() -> Asking:
    """A project for made-up people: whoever has the file may run it on them."""
    today = datetime.now(UTC).date()
    made_up = Project(
        id="dummy",
        title="Made-up people",
        legal_basis="about nobody",
        controller="nobody",
        purposes=frozenset({Purpose.RESEARCH}),
        ends=today,
        people=frozenset({"dummy"}),
    )
    return Asking(project=made_up, actor="dummy", purpose=Purpose.RESEARCH, on=today, key=b"")


def _say(outcome: Outcome, *, as_file: bool) -> None:
    for table in outcome.tables:
        click.echo(as_csv(table) if as_file else in_lines(table), nl=False)
    if outcome.state is not State.RELEASED:
        click.echo(f"{outcome.state.value}: {outcome.why} {outcome.instead}")
        raise click.exceptions.Exit(1)
    if not any(number for table in outcome.tables for _, number in table.rows):
        click.echo("nothing is shown: the study's conditions may contradict one another")

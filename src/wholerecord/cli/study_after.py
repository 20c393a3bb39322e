"""`wholerecord study model|plot`: made of what a study released, and of nothing else."""

from pathlib import Path

import click

from wholerecord.cli.run import on_store
from wholerecord.cli.study_sending import NotReleased, case_of
from wholerecord.errors import NotFound
from wholerecord.research.study.book import Case, Standing
from wholerecord.research.study.models import Model, NoModel, model_of
from wholerecord.research.study.plot import plot_of
from wholerecord.research.study.protect import Shown, csv_line
from wholerecord.storage.postgres import Store


@click.command()
@click.argument("n", type=int)
@click.argument("table")
@click.option("--outcome", required=True, help="What is modelled, as NAME=VALUE: `by 1=yes`.")
@click.option("--csv", "as_file", is_flag=True, help="Print it as CSV, without formulas.")
def model(*, n: int, table: str, outcome: str, as_file: bool) -> None:
    """Fit the odds of an outcome to TABLE of the released study N.

    By everything else that the table is by, from its rounded numbers alone.
    """
    name, is_, value = outcome.partition("=")
    if not is_:
        raise NoModel("Say the outcome as NAME=VALUE.")
    found = model_of(_table(n, table), name, value)
    click.echo(_csv(found) if as_file else _lines(found), nl=False)


@click.command()
@click.argument("n", type=int)
@click.argument("table")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def plot(*, n: int, table: str, file: Path) -> None:
    """Draw TABLE of the released study N into FILE, as SVG."""
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(plot_of(_table(n, table)))
    except FileExistsError:
        raise click.ClickException(f"{file} is there already: name another") from None


def released_table(case: Case, name: str) -> Shown:
    """The table of that name of a released study.

    Raises:
        NotReleased: it is not released: nothing is made of what waits.
        NotFound: it has no table of that name.
    """
    if case.standing is not Standing.RELEASED or case.ran is None:
        raise NotReleased
    for table in case.ran.told.tables:
        if table.name == name:
            return table
    names = ", ".join(repr(table.name) for table in case.ran.told.tables)
    raise NotFound(f"Study {case.n} released {names or 'no table'}.")


def _table(n: int, name: str) -> Shown:
    async def work(store: Store) -> Case:
        return await case_of(store, n)

    return released_table(on_store(work), name)


def _lines(found: Model) -> str:
    said = [f"odds that {found.outcome}, {found.table} ({found.people:,} people as shown)"]
    for term in found.terms:
        ratio, low, high = term.ratio
        name = f"{term.name} {term.value}".strip()
        odds = "" if not term.value else f"  odds ratio {ratio:.2f} ({low:.2f} to {high:.2f})"
        said.append(f"  {name:<40} {term.log_odds:>7.2f} ± {term.error:.2f}{odds}")
    said.append(
        f"  {found.freedom} degrees of freedom, deviance {found.deviance:.1f};"
        f" {found.hidden} numbers not shown count as 3.5"
    )
    return "\n".join(said) + "\n"


def _csv(found: Model) -> str:
    lines = [("name", "value", "log odds", "error")]
    lines += [
        (term.name, term.value, f"{term.log_odds:.3f}", f"{term.error:.3f}") for term in found.terms
    ]
    return "".join(map(csv_line, lines))

"""`wholerecord study submit|status|outputs`: a study on the newest tables, and what became of it.

Whoever asks is the user this program runs as: nobody may say that they are somebody else.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from wholerecord.access import Doorway
from wholerecord.cli.run import as_json, on_store, operator, print_json
from wholerecord.cli.serving import with_standing_rules
from wholerecord.consent import Purpose
from wholerecord.errors import Conflict, Incorrect, NotFound
from wholerecord.research.disclose import say
from wholerecord.research.study.book import Case, Sent, Standing
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.protect import Shown, as_csv
from wholerecord.research.study.release import code_hash
from wholerecord.research.study.source import read_study
from wholerecord.research.study.submit import Place, submit
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

#: Bytes of a study's file.
_LONGEST = 1_000_000


class NotReleased(Conflict):
    """Nothing of this study is released: `wholerecord study status N` says why."""


class TooLong(Incorrect):
    """No study is longer than a megabyte."""


@click.command("submit")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--project", required=True, help="The project it is asked for.")
@click.option(
    "--purpose",
    default=Purpose.RESEARCH.value,
    show_default=True,
    type=click.Choice([Purpose.RESEARCH.value, Purpose.PLANNING.value]),
)
@as_json
def submit_(*, file: Path, project: str, purpose: str, as_json: bool) -> None:
    """Run the study in FILE (.sql: a query) on the newest tables, and release what may be.

    It is kept and on the public register, whatever becomes of it. Exits with 1 unless released.
    """
    sent = _sent(file, project, Purpose(purpose))
    settings = Settings.from_environment()

    async def work(store: Store) -> Case:
        await with_standing_rules(store)
        place = Place(
            way=Doorway(store),
            book=store,
            snapshots=settings.research,
            keys=settings.studies,
            spark=settings.spark,
        )
        return await submit(place, sent, now=lambda: datetime.now(UTC))

    case = on_store(work)
    if as_json:
        print_json(_row(case))
    else:
        _say(case)
    if case.standing is not Standing.RELEASED:
        raise SystemExit(1)


@click.command()
@click.argument("n", type=int, required=False)
@as_json
def status(*, n: int | None, as_json: bool) -> None:
    """Say how study N stands, or all of them, newest first."""

    async def work(store: Store) -> list[Case]:
        if n is None:
            return list(await store.study_cases())
        return [await case_of(store, n)]

    found = on_store(work)
    if as_json:
        print_json([_row(case) for case in found])
        return
    for case in found:
        _say(case)
    if not found:
        click.echo("no study yet: wholerecord study submit")


@click.command()
@click.argument("n", type=int)
@click.option("--csv", "as_file", is_flag=True, help="Print tables as CSV, without formulas.")
def outputs(*, n: int, as_file: bool) -> None:
    """Print the released tables of study N."""
    case = on_store(lambda store: case_of(store, n))
    if case.standing is not Standing.RELEASED or case.ran is None:
        raise NotReleased
    for table in case.ran.told.tables:
        click.echo(as_csv(table) if as_file else in_lines(table), nl=False)


def in_lines(table: Shown) -> str:
    """A table as the terminal shows it."""
    lines = [f"{table.name} (people; {say(None)}: 7 or fewer)"]
    lines += [f"  {', '.join(key) or 'all':<40} {say(number):>10}" for key, number in table.rows]
    if table.left_out:
        lines.append("  values that few people have are left out")
    return "\n".join(lines) + "\n"


async def case_of(store: Store, n: int) -> Case:
    """Study `n`.

    Raises:
        NotFound: there is none of that number.
    """
    case = await store.study_case(n)
    if case is None:
        raise NotFound(f"There is no study {n}.")
    return case


def _sent(file: Path, project: str, purpose: Purpose) -> Sent:
    """The file and the code lists it names that are beside it."""
    if file.stat().st_size > _LONGEST:
        raise TooLong(f"{file.name} is {file.stat().st_size:,} bytes.")
    raw = file.read_bytes()
    sql = file.suffix.lower() == ".sql"
    lists: dict[str, bytes] = {}

    def read_list(name: str) -> bytes:
        try:
            lists[name] = (file.parent / name).read_bytes()
        except OSError:
            raise StudyWrong(f"There is no {name} beside the study.") from None
        return lists[name]

    if not sql:
        with suppress(StudyWrong):  # it is sent as it is: the attempt is kept, told with its line
            read_study(raw, read_list)
    return Sent(
        project=project,
        actor=operator(),
        purpose=purpose,
        code=code_hash(raw, lists),
        raw=raw,
        lists=lists,
        sql=sql,
    )


def _say(case: Case) -> None:
    told = None if case.ran is None else case.ran.told
    click.echo(f"study {case.n} of {case.project}, {case.at:%Y-%m-%d %H:%M}: {case.standing.value}")
    if told is None:
        return
    if told.why and case.standing is not Standing.RELEASED:
        click.echo(f"  {told.why} {told.instead}".rstrip())
    for check in case.checks:
        click.echo(f"  {check.by}: {'yes' if check.approved else 'no'}, {check.why}")
    if told.before is not None or told.after is not None:
        click.echo(f"  people before opt-outs {say(told.before)}, after {say(told.after)}")
    if case.standing is Standing.RELEASED:
        for table in told.tables:
            click.echo(in_lines(table), nl=False)


def _row(case: Case) -> dict[str, object]:
    told = None if case.ran is None else case.ran.told
    released = case.standing is Standing.RELEASED
    return {
        "n": case.n,
        "at": case.at.isoformat(),
        "project": case.project,
        "actor": case.actor,
        "purpose": case.purpose.value,
        "code": case.code,
        "snapshot": case.ran.snapshot if case.ran else "",
        "standing": case.standing.value,
        "why": told.why if told else "",
        "instead": told.instead if told else "",
        "before": told.before if told else None,
        "after": told.after if told else None,
        "left_out": dict(told.left_out) if told else {},
        "tables": [
            {"name": each.name, "by": each.names, "rows": each.rows, "total": each.total}
            for each in (told.tables if told and released else ())
        ],
    }

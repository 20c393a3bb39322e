"""A study sent in: kept, gated, run on the newest snapshot, held against earlier releases, told.

Kept before anything else, so that an attempt that comes to nothing is on the register too. The
opening is written before anybody is counted. Two who send at once are held against each other: the
second finds the first's release there, and is judged again.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from wholerecord.access import Actor, Doorway, Refused
from wholerecord.access.studying import LeftOut
from wholerecord.consent import Purpose, Role
from wholerecord.errors import NotFound, WholerecordError
from wholerecord.research.known import numbers_of
from wholerecord.research.snapshot import NoSnapshot, Snapshot, latest_snapshot
from wholerecord.research.study.book import Case, Ran, Released, Sent, Standing, StudyBook, Told
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.ledger import Ledger
from wholerecord.research.study.nodes import Study, StudyWrong
from wholerecord.research.study.project import Project, stopped
from wholerecord.research.study.protect import shown
from wholerecord.research.study.pseudonyms import key_named
from wholerecord.research.study.release import Asking, Counted, Outcome, State, count, judge
from wholerecord.research.study.sets import read_cells, write_cells, write_people
from wholerecord.research.study.source import read_study
from wholerecord.research.study.spark import SparkEngine
from wholerecord.research.study.sql import SqlStudy, sql_study
from wholerecord.research.tables import TABLES

#: Whoever waits for an answer waits for a multiple of this many seconds: how long counting took
#: tells nothing of who was counted.
PACE = 2.0
#: For how long a table that a project released counts against its budget: a new snapshot is no
#: new budget, for most people are in both.
_COUNTS = timedelta(days=91)
_ROLES = {Purpose.RESEARCH: Role.RESEARCHER, Purpose.PLANNING: Role.PLANNER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where studies are run: the door, the book, the folder of snapshots, and that of the keys.

    `spark` is the master of a cluster that runs those in the language of studies, "" for none.
    """

    way: Doorway
    book: StudyBook
    snapshots: Path
    keys: Path
    spark: str = ""

    def key_file(self, project: str) -> Path:
        """Where the key of a project stands."""
        return self.keys / f"{project}.key"


async def submit(
    place: Place, sent: Sent, *, now: Callable[[], datetime], pace: float = PACE
) -> Case:
    """What became of a study, as it is in the book now. `pace` is in seconds.

    Raises:
        WholerecordError: something it needs is broken. The attempt is kept.
    """
    begun = time.monotonic()
    n = await place.book.keep_study(sent)
    await _settled(place, n, sent, now())
    over = time.monotonic() - begun
    await asyncio.sleep(-over % pace if pace else 0)
    case = await place.book.study_case(n)
    if case is None:
        raise NotFound(f"Study {n} is not in the book any more.")
    return case


async def _settled(place: Place, n: int, sent: Sent, now: datetime) -> None:
    project = await place.book.project(sent.project)
    snapshot = _newest(place.snapshots)
    actor = Actor(
        id=sent.actor,
        name=sent.actor,
        role=_ROLES.get(sent.purpose, Role.RESEARCHER),
        organisation=project.controller if project else "",
    )
    out = await place.way.door(actor).studied(
        sent.purpose,
        f"study {n} of project {sent.project}, code {sent.code[:12]}",
        project=sent.project,
        since=snapshot.manifest.as_of if snapshot else now,
    )
    stop = _stop(sent, project, snapshot, out)
    if stop or project is None or snapshot is None or isinstance(out, Refused):
        await place.book.settle_study(n, _ended(State.REFUSED, stop), seen=0)
        return
    key = key_named(place.key_file(project.id), project.key)
    asking = Asking(project=project, actor=sent.actor, purpose=sent.purpose, on=now.date(), key=key)
    gate = stopped(project, actor=sent.actor, purpose=sent.purpose, on=asking.on, key=key)
    if gate is not None:
        await place.book.settle_study(n, _ended(State.REFUSED, gate), seen=0)
        return
    try:
        title, counted = await asyncio.to_thread(_counted, sent, asking, snapshot, out, place.spark)
    except WholerecordError as error:
        await place.book.settle_study(n, _ended(State.WRONG, str(error)), seen=0)
        if not isinstance(error, StudyWrong):
            raise
        return
    numbers = {kind.value: len(numbers_of(snapshot, who)) for kind, who in out.by.items()}
    while True:
        releases = await place.book.releases()
        boards = await place.book.board_releases()
        outcome = counted
        if isinstance(counted, Counted):
            ledger = ledger_of(releases, await place.book.study_cases(project=project.id), now)
            for raw in boards:
                ledger.boards.read(raw)
            outcome = await asyncio.to_thread(judge, counted, project.id, ledger)
        assert isinstance(outcome, Outcome)  # noqa: S101 - judged now
        ran = _ran(outcome, snapshot, title, numbers)
        if await place.book.settle_study(n, ran, seen=len(releases) + len(boards)):
            return


def ledger_of(releases: Sequence[Released], own: Sequence[Case], now: datetime) -> Ledger:
    """The ledger as the book has it. `own` are the studies of the project that asks.

    A study that came too near counts against its project until two have looked at it.
    """
    ledger = Ledger(whole=0)
    for release in releases:
        tables, cells = read_cells(release.cells)
        ledger.released |= cells
        if now - release.at <= _COUNTS:
            ledger.spent[release.project] = ledger.spent.get(release.project, 0) + tables
    for case in own:
        if case.ran is not None and case.ran.near and case.standing is Standing.WAITING:
            ledger.refusals[case.project] = ledger.refusals.get(case.project, 0) + 1
    return ledger


def _newest(folder: Path) -> Snapshot | None:
    try:
        return latest_snapshot(folder)
    except NoSnapshot:
        return None


def _stop(
    sent: Sent, project: Project | None, snapshot: Snapshot | None, out: LeftOut | Refused
) -> str:
    """Why it is not even read; "" when it is."""
    if project is None:
        return "There is no project of that id: `wholerecord study project list` names them."
    if isinstance(out, Refused):
        return f"It may not be asked: {out.reason}."
    if sent.purpose not in _ROLES:
        return "A study is for research or for planning."
    if snapshot is None:
        return "There are no tables yet: `wholerecord views refresh` makes them."
    return ""


def _counted(
    sent: Sent, asking: Asking, snapshot: Snapshot, out: LeftOut, spark: str
) -> tuple[str, Counted | Outcome]:
    study = read_sent(sent)
    files = {name: snapshot.file(name) for name in TABLES}
    on_spark = spark and isinstance(study, Study)
    engine = SparkEngine(files, master=spark) if on_spark else Engine(files)
    try:
        refusing = numbers_of(snapshot, out.people)
        return study.title, count(study, asking, engine, refusing)
    finally:
        engine.close()


def read_sent(sent: Sent) -> Study | SqlStudy:
    """The study that was sent.

    Raises:
        StudyWrong: it cannot be run as it stands; the message names the line and the remedy.
    """
    if sent.sql:
        return sql_study(sent.raw)

    def read_list(name: str) -> bytes:
        try:
            return sent.lists[name]
        except KeyError:
            raise StudyWrong(f"There is no {name} beside the study.") from None

    return read_study(sent.raw, read_list)


def _ended(state: State, why: str) -> Ran:
    return Ran(state=state, snapshot="", told=Told(why=why))


def _ran(outcome: Outcome, snapshot: Snapshot, title: str, numbers: dict[str, int]) -> Ran:
    may, inside = outcome.allowed, outcome.inside
    told = Told(
        title=title,
        why=outcome.why,
        instead=outcome.instead,
        tables=inside.held if inside else (),
        before=may.before if may else None,
        after=may.after if may else None,
        left_out=tuple((kind, shown(number)) for kind, number in sorted(numbers.items())),
        bias=may.bias if may else (),
    )
    if inside is None:
        return Ran(state=outcome.state, snapshot=snapshot.manifest.name, told=told)
    cells = write_cells(inside.new, tables=inside.tables if inside.new else 0)
    return Ran(
        state=outcome.state,
        snapshot=snapshot.manifest.name,
        told=told,
        near=inside.near,
        cells=cells,
        people=write_people(inside.people),
    )

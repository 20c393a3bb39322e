"""Asking for an extract, and taking it: rows of people never release themselves.

An extract is asked like a study: kept first, through the same gate, without those who opted out, on
the public register. What it would hold is counted and its risk measured; then it waits for two
checkers who did not ask it. Whoever asked takes it afterwards, through the gate once more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree

import msgspec
import numpy as np

from wholerecord.access import Actor, Refused
from wholerecord.access.studying import LeftOut
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Conflict, Forbidden, NotFound
from wholerecord.research.known import numbers_of
from wholerecord.research.omop.build import Extract, Made, made
from wholerecord.research.omop.check import faults
from wholerecord.research.omop.tables import FORMS
from wholerecord.research.snapshot import NoSnapshot, Snapshot, latest_snapshot, snapshots
from wholerecord.research.study.book import Case, Ran, Sent, Standing, Told
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import bits_of
from wholerecord.research.study.project import Allowed, Project, allowed, stopped
from wholerecord.research.study.protect import Shown, shown
from wholerecord.research.study.pseudonyms import key_named
from wholerecord.research.study.release import State, code_hash
from wholerecord.research.study.sets import write_cells, write_people
from wholerecord.research.study.submit import Place
from wholerecord.research.tables import TABLES

_ROLES = {Purpose.RESEARCH: Role.RESEARCHER, Purpose.PLANNING: Role.PLANNER}
#: The file of an extract that says how far it singles people out.
PRINTED = "risk.txt"
_WHY = "Rows tell of each person, so two look at every extract."
_INSTEAD = "Ask a study: numbers of people that are clear release themselves."


class ExtractWaits(Conflict):
    """The extract is not released: two who did not ask it must agree, on the governance desk."""


class NoExtract(Forbidden):
    """The extract may not be made."""


class ThereAlready(Conflict):
    """There is something in that folder: name one that is not there yet."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What an extract is asked to be; its bytes are kept as the study's file."""

    model: str = "OMOP CDM 5.4"
    relative: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, for which project, and why. `vocabulary` is the site's folder of vocabularies."""

    project: str
    actor: str
    purpose: Purpose
    vocabulary: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """An open gate: for which project, under which key, and who is left out."""

    project: Project
    key: bytes
    out: LeftOut


async def ask_extract(
    place: Place, who: Asker, wanted: Wanted, *, now: Callable[[], datetime]
) -> Case:
    """The extract as it is in the book now: waiting for two checkers, or refused and why."""
    raw = msgspec.json.encode(wanted)
    sent = Sent(
        project=who.project,
        actor=who.actor,
        purpose=who.purpose,
        code=code_hash(raw, {}),
        raw=raw,
        lists={},
        sql=False,
    )
    n = await place.book.keep_study(sent)
    try:
        snapshot = latest_snapshot(place.snapshots)
    except NoSnapshot:
        snapshot = None
    gate = await _gate(place, who, n, snapshot, now())
    if isinstance(gate, str) or snapshot is None:
        why = gate if isinstance(gate, str) else str(NoSnapshot())
        ran = Ran(state=State.REFUSED, snapshot="", told=Told(why=why))
    else:
        may = await asyncio.to_thread(_allowed, snapshot, gate.out, now())
        extract = _extract(snapshot, may, gate, who, wanted)
        told = await asyncio.to_thread(_counted, extract)
        ran = _ran(snapshot, told, may, wanted)
    await place.book.settle_study(n, ran, seen=0)
    case = await place.book.study_case(n)
    if case is None:
        raise NotFound(f"Study {n} is not in the book any more.")
    return case


async def take_extract(
    place: Place, who: Asker, n: int, folder: Path, *, csv: bool, now: datetime
) -> Made:
    """Write the released extract `n` into a new folder; whole, checked, or not at all.

    Raises:
        NotFound: there is none of that number, or its snapshot is gone.
        ExtractWaits: it is not released.
        NoExtract: the gate is shut now, whoever asks is not who asked, or a check failed.
        ThereAlready: the folder is there.
    """
    case, sent = await place.book.study_case(n), await place.book.study_sent(n)
    if case is None or case.ran is None or sent is None:
        raise NotFound(f"There is no extract {n}.")
    wanted = _wanted(sent, n)
    if case.standing is not Standing.RELEASED:
        raise ExtractWaits
    if (case.actor, case.project) != (who.actor, who.project):
        raise NoExtract("Whoever asked for the extract takes it, for the same project.")
    name = case.ran.snapshot
    snapshot = next((one for one in snapshots(place.snapshots) if one.manifest.name == name), None)
    if snapshot is None:
        raise NotFound(f"Snapshot {name} is not there any more: ask for the extract again.")
    gate = await _gate(place, who, n, snapshot, now)
    if isinstance(gate, str):
        raise NoExtract(gate)
    may = await asyncio.to_thread(_allowed, snapshot, gate.out, now)
    extract = _extract(snapshot, may, gate, who, wanted)
    return await asyncio.to_thread(_write, extract, folder, csv=csv)


async def _gate(
    place: Place, who: Asker, n: int, snapshot: Snapshot | None, now: datetime
) -> _Open | str:
    """The project, its key and who is left out; or why nothing may be made. One opening."""
    project = await place.book.project(who.project)
    actor = Actor(
        id=who.actor,
        name=who.actor,
        role=_ROLES.get(who.purpose, Role.RESEARCHER),
        organisation=project.controller if project else "",
    )
    out = await place.way.door(actor).studied(
        who.purpose,
        f"extract {n} of project {who.project}",
        project=who.project,
        since=snapshot.manifest.as_of if snapshot else now,
    )
    if project is None:
        return "There is no project of that id: `wholerecord study project list` names them."
    if isinstance(out, Refused):
        return f"It may not be asked: {out.reason}."
    key = key_named(place.key_file(project.id), project.key)
    why = stopped(project, actor=who.actor, purpose=who.purpose, on=now.date(), key=key)
    if why is not None or key is None:
        return why or "The key of the project is missing."
    return _Open(project=project, key=key, out=out)


def _wanted(sent: Sent, n: int) -> Wanted:
    try:
        return msgspec.json.decode(sent.raw, type=Wanted)
    except msgspec.DecodeError:
        raise NotFound(f"Study {n} is no extract.") from None


def _extract(snapshot: Snapshot, may: Allowed, gate: _Open, who: Asker, wanted: Wanted) -> Extract:
    return Extract(
        snapshot=snapshot,
        people=[int(one) for one in may.people],
        key=gate.key,
        holder=gate.project.controller,
        relative=wanted.relative,
        vocabulary=who.vocabulary,
    )


def _allowed(snapshot: Snapshot, out: LeftOut, now: datetime) -> Allowed:
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    try:
        people = engine.people().to_pylist()
    finally:
        engine.close()
    return allowed(people, numbers_of(snapshot, out.people), on=now.date())


def _counted(extract: Extract) -> Made:
    with made(extract) as (_, told):
        return told


def _ran(snapshot: Snapshot, told: Made, may: Allowed, wanted: Wanted) -> Ran:
    """What checkers are told: how many rows of what there would be, and the risk."""
    days = "days counted from each person's first" if wanted.relative else "days as they were"
    rows = tuple(((name,), shown(number)) for name, number in told.rows.items())
    table = Shown(name="rows", names=("table",), rows=rows, total=0, left_out=False)
    everybody = np.arange(1 + max((int(one) for one in may.people), default=0), dtype=np.int64)
    return Ran(
        state=State.WAITING,
        snapshot=snapshot.manifest.name,
        told=Told(
            title=f"Extract as {wanted.model}, {days}",
            why=f"{_WHY} {told.risk.says()}",
            instead=_INSTEAD,
            tables=(table,),
            before=may.before,
            after=may.after,
            bias=may.bias,
        ),
        cells=write_cells((), tables=0),
        people=write_people(bits_of(may.people, everybody)),
    )


def _write(extract: Extract, folder: Path, *, csv: bool) -> Made:
    if folder.exists():
        raise ThereAlready
    making = folder.with_name(f".{folder.name}.making")
    rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    try:
        with made(extract) as (engine, told):
            wrong = list(faults(engine, told.rows))
            if wrong:
                raise NoExtract(f"It was not written: {'; '.join(wrong)}.")
            for name in FORMS:
                table = engine.table(name)
                if csv:
                    table.write_csv(str(making / f"{name}.csv"), header=True)
                else:
                    table.write_parquet(str(making / f"{name}.parquet"), compression="zstd")
            (making / PRINTED).write_text(f"{told.risk.says()}\n", encoding="utf-8")
        making.rename(folder)
    finally:
        rmtree(making, ignore_errors=True)
    return told

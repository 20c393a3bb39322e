"""Asking for an extract, and taking it: rows of people never release themselves.

An extract is asked like a study: kept first, through the same gate, without those who opted out, on
the public register. What it would hold is counted and its risk measured; then it waits for two
checkers who did not ask it. Whoever asked takes it afterwards, through the gate once more.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from shutil import rmtree

import msgspec
import numpy as np

from wholerecord.errors import Conflict, Forbidden, NotFound, WholerecordError
from wholerecord.research.extracts.cut import (
    FEATURES,
    OMOP,
    PRINTED,
    Asked,
    Cut,
    Maker,
    Sheet,
    TooTelling,
    Wanted,
)
from wholerecord.research.extracts.gate import Asker, cut, gate
from wholerecord.research.features.extract import FeaturesMaker
from wholerecord.research.omop.extract import OmopMaker
from wholerecord.research.snapshot import NoSnapshot, Snapshot, latest_snapshot, snapshots
from wholerecord.research.study.book import Case, Ran, Sent, Standing, Told
from wholerecord.research.study.factors import bits_of
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.project import Allowed
from wholerecord.research.study.protect import Shown, shown
from wholerecord.research.study.release import State, code_hash
from wholerecord.research.study.sets import write_cells, write_people
from wholerecord.research.study.submit import Place

_WHY = "Rows tell of each person, so two look at every extract."
_INSTEAD = "Ask a study: numbers of people that are clear release themselves."
_MORE = "Ask for more people, or ask a study: its numbers release themselves."
_MAKERS: Mapping[str, Maker] = {OMOP: OmopMaker(), FEATURES: FeaturesMaker()}


class ExtractWaits(Conflict):
    """The extract is not released: two who did not ask it must agree, on the governance desk."""


class NoExtract(Forbidden):
    """The extract may not be made."""


class ThereAlready(Conflict):
    """There is something in that folder: name one that is not there yet."""


async def ask_extract(
    place: Place,
    who: Asker,
    wanted: Wanted,
    *,
    now: Callable[[], datetime],
    lists: Mapping[str, bytes] | None = None,
) -> Case:
    """The extract as it is in the book now: waiting for two checkers, or refused and why."""
    asked = Asked(wanted=wanted, lists=lists or {})
    raw = msgspec.json.encode(wanted)
    sent = Sent(
        project=who.project,
        actor=who.actor,
        purpose=who.purpose,
        code=code_hash(raw, asked.lists),
        raw=raw,
        lists=asked.lists,
        sql=False,
    )
    n = await place.book.keep_study(sent)
    await place.book.settle_study(n, await _became(place, who, n, asked, now()), seen=0)
    case = await place.book.study_case(n)
    if case is None:
        raise NotFound(f"Study {n} is not in the book any more.")
    return case


async def _became(place: Place, who: Asker, n: int, asked: Asked, now: datetime) -> Ran:
    try:
        snapshot = latest_snapshot(place.snapshots)
    except NoSnapshot:
        snapshot = None
    opened = await gate(place, who, n, snapshot, now)
    if isinstance(opened, str) or snapshot is None:
        return _refused(opened if isinstance(opened, str) else str(NoSnapshot()))
    made_of, may = await cut(opened, snapshot, who, asked, now)
    try:
        sheet = await asyncio.to_thread(_MAKERS[asked.wanted.model].counted, made_of)
    except TooTelling as error:
        return _refused(str(error), snapshot, _MORE)
    except StudyWrong as error:
        return Ran(state=State.WRONG, snapshot=snapshot.manifest.name, told=Told(why=str(error)))
    return _ran(snapshot, sheet, may)


async def take_extract(
    place: Place, who: Asker, n: int, folder: Path, *, csv: bool, now: datetime
) -> Sheet:
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
    opened = await gate(place, who, n, snapshot, now)
    if isinstance(opened, str):
        raise NoExtract(opened)
    made_of, _ = await cut(opened, snapshot, who, Asked(wanted=wanted, lists=sent.lists), now)
    return await asyncio.to_thread(_write, made_of, folder, csv=csv)


def _wanted(sent: Sent, n: int) -> Wanted:
    try:
        wanted = msgspec.json.decode(sent.raw, type=Wanted)
    except msgspec.DecodeError:
        raise NotFound(f"Study {n} is no extract.") from None
    if wanted.model not in _MAKERS:
        raise NotFound(f"Study {n} is an extract of a model that is not made any more.")
    return wanted


def _refused(why: str, snapshot: Snapshot | None = None, instead: str = "") -> Ran:
    name = snapshot.manifest.name if snapshot else ""
    return Ran(state=State.REFUSED, snapshot=name, told=Told(why=why, instead=instead))


def _ran(snapshot: Snapshot, sheet: Sheet, may: Allowed) -> Ran:
    """What checkers are told: how many rows of what there would be, and the risk."""
    rows = tuple(((name,), shown(number)) for name, number in sheet.rows.items())
    table = Shown(name="rows", names=("table",), rows=rows, total=0, left_out=False)
    everybody = np.arange(1 + max((int(one) for one in may.people), default=0), dtype=np.int64)
    return Ran(
        state=State.WAITING,
        snapshot=snapshot.manifest.name,
        told=Told(
            title=sheet.title,
            why=f"{_WHY} {sheet.risk}",
            instead=_INSTEAD,
            tables=(table,),
            before=may.before,
            after=may.after,
            bias=may.bias,
        ),
        cells=write_cells((), tables=0),
        people=write_people(bits_of(may.people, everybody)),
    )


def _write(made_of: Cut, folder: Path, *, csv: bool) -> Sheet:
    if folder.exists():
        raise ThereAlready
    making = folder.with_name(f".{folder.name}.making")
    rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    try:
        try:
            sheet = _MAKERS[made_of.asked.wanted.model].write(made_of, making, csv=csv)
        except WholerecordError as error:
            raise NoExtract(f"It was not written: {error}") from None
        (making / PRINTED).write_text(f"{sheet.risk}\n", encoding="utf-8")
        making.rename(folder)
    finally:
        rmtree(making, ignore_errors=True)
    return sheet

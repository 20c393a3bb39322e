"""From a study to tables that may leave: gate, allow-list, plan, protection, audit, ledger.

| step | nothing leaves when |
|---|---|
| gate (`project`) | the project may not ask, or its key is missing |
| plan (`factors`) | the study cannot be run |
| protection (`protect`) | — a small number is hidden, never a reason to stop |
| audit (`audit`) | the tables together give a hidden number back |
| ledger (`ledger`) | they come too near to something that was released before |

What does not leave by itself waits for two checkers, with what is wrong and what would do instead.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import numpy as np

from wholerecord.consent import Purpose
from wholerecord.research.disclose import SMALL
from wholerecord.research.study.audit import given_back
from wholerecord.research.study.factors import (
    Bits,
    CellOf,
    StudyEngine,
    TableOf,
    bits_of,
    table_of_cells,
    tables_with_factors,
)
from wholerecord.research.study.ledger import Ledger, Stop
from wholerecord.research.study.nodes import Study, StudyWrong
from wholerecord.research.study.project import Allowed, Project, allowed, stopped
from wholerecord.research.study.protect import Shown, protect
from wholerecord.research.study.sql import SqlStudy


class State(Enum):
    """What became of a run."""

    RELEASED = "released"
    WAITING = "waiting for two checkers"
    REFUSED = "refused"
    WRONG = "could not be run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, for which project, why and when. `key` is that of the project's pseudonyms."""

    project: Project
    actor: str
    purpose: Purpose
    on: date
    key: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run: all but `inside` may be shown to whoever asked.

    `tables` are empty unless it is released. `why` says what is wrong, `instead` what would do.
    """

    state: State
    tables: tuple[Shown, ...] = ()
    why: str = ""
    instead: str = ""
    allowed: Allowed | None = None
    inside: "Inside | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What of a run is shown to nobody who asked: `held` waits for the checkers.

    `new` are the cells that no earlier release gave away, of so many `tables`; `people` is who was
    counted in any. `near`: it came too near to an earlier release.
    """

    held: tuple[Shown, ...]
    new: tuple[CellOf, ...]
    tables: int
    people: Bits
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, before it is held against earlier releases."""

    tables: tuple[TableOf, ...]
    shown: tuple[Shown, ...]
    back: tuple[tuple[str, tuple[str, ...]], ...] | None
    allowed: Allowed
    whole: Bits


_INSTEAD: Mapping[Stop, str] = {
    Stop.NEAR: "Ask the earlier question again, or change it so that many people differ.",
    Stop.SOLVED: "Leave out one of the tables, or make its bands wider.",
    Stop.LOCKED: "Wait for the checkers: they see every attempt.",
    Stop.SPENT: "Wait for the checkers, or for the next snapshot.",
    Stop.LARGE: "Ask for fewer tables, or wider bands.",
}


def code_hash(raw: bytes, lists: Mapping[str, bytes]) -> str:
    """The SHA-256 of a study's file and its code lists: what the public register names it by."""
    whole = hashlib.sha256(hashlib.sha256(raw).digest())
    for name in sorted(lists):
        whole.update(hashlib.sha256(name.encode()).digest())
        whole.update(hashlib.sha256(lists[name]).digest())
    return whole.hexdigest()


def run(
    study: Study | SqlStudy,
    asking: Asking,
    engine: StudyEngine,
    ledger: Ledger,
    refusing: frozenset[int],
) -> Outcome:
    """Run a study and release what may be released. `refusing` are those who opted out.

    Raises:
        StudyWrong: it cannot be run.
        TooLarge: it needs more than a study may use.
    """
    counted = count(study, asking, engine, refusing)
    return counted if isinstance(counted, Outcome) else judge(counted, asking.project.id, ledger)


def count(
    study: Study | SqlStudy, asking: Asking, engine: StudyEngine, refusing: frozenset[int]
) -> Counted | Outcome:
    """Everything but the ledger; or what became of it where it ends before.

    Raises:
        StudyWrong: it cannot be run.
        TooLarge: it needs more than a study may use.
    """
    gate = stopped(
        asking.project, actor=asking.actor, purpose=asking.purpose, on=asking.on, key=asking.key
    )
    if gate is not None:
        return Outcome(state=State.REFUSED, why=gate)
    if isinstance(study, Study) and study.features:
        raise StudyWrong("Features leave as an extract: `wholerecord features ask`.")
    if isinstance(study, Study) and any(table.mean is not None for table in study.tables):
        why = "A mean may tell of one person who is far from the others: somebody looks at it."
        return Outcome(state=State.WAITING, why=why, instead="Count people in bands of it.")
    people: list[dict[str, Any]] = engine.people().to_pylist()
    may = allowed(people, refusing, on=asking.on)
    engine.allow(may.people)
    numbers = np.arange(1 + max((row["person"] for row in people), default=0), dtype=np.int64)
    if isinstance(study, Study):
        tables = tables_with_factors(engine, study, numbers)
    else:
        exact = engine.cells_of_query(study.query, study.title, study.names)
        tables = (table_of_cells(exact, numbers),)
    shown = tuple(map(protect, tables))
    return Counted(
        tables=tables,
        shown=shown,
        back=given_back(tables, shown),
        allowed=may,
        whole=bits_of(may.people, numbers),
    )


def judge(counted: Counted, project: str, ledger: Ledger) -> Outcome:
    """What may leave of what was counted, beside what left before."""
    may, back = counted.allowed, counted.back
    cells = [cell for table in counted.tables for cell in table.cells]
    ledger.whole = counted.whole
    people = 0
    for cell in cells:
        people |= cell.people
    new = tuple(cell for cell in cells if cell.factors not in ledger.released)
    inside = Inside(held=counted.shown, new=new, tables=len(counted.tables), people=people)
    if back is None or back:
        which = "It is too large to audit by machine." if back is None else _hidden(back)
        instead = "Leave out one of the tables, or make its bands wider."
        state = State.WAITING
        return Outcome(state=state, why=which, instead=instead, allowed=may, inside=inside)
    stop = ledger.take(project, cells, tables=len(counted.tables))
    if stop is not None:
        return Outcome(
            state=State.WAITING,
            why=f"It is not released because {stop.value}.",
            instead=_INSTEAD[stop],
            allowed=may,
            inside=replace(inside, near=stop in {Stop.NEAR, Stop.SOLVED}),
        )
    return Outcome(state=State.RELEASED, tables=counted.shown, allowed=may, inside=inside)


def _hidden(back: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    tables = ", ".join(sorted({repr(table) for table, _ in back}))
    return f"Numbers of {SMALL} or fewer could be worked out from the others in {tables}."

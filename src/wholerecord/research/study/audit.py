"""Whether what leaves together gives a hidden number back: each is bounded by a linear programme.

An attacker knows how the tables hang together: a person is in one cell of each. What is published
bounds sums over people by at most half a rounding step; what is hidden is 0 to `SMALL`. A hidden
number is safe when the numbers shown leave it at least `WIDE` wide.

Source: Hundepool and others, Statistical Disclosure Control (2012), chapter 4.3: feasibility
intervals of suppressed cells.
"""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from wholerecord.research.disclose import SMALL, STEP
from wholerecord.research.study.factors import TableOf
from wholerecord.research.study.protect import Shown

#: How wide the interval of a hidden number must stay.
WIDE = 4
#: More people than there are: how many a cell may hold that is hidden for the sake of others.
ANYBODY = 1e10
#: Kinds of people and hidden numbers that one audit takes on.
_MOST_KINDS, _MOST_HIDDEN = 1_500, 150


def given_back(
    tables: Sequence[TableOf],
    shown: Sequence[Shown],
    *,
    more: frozenset[tuple[str, tuple[str, ...]]] = frozenset(),
) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """The hidden cells, as table and key, that all tables together give back.

    `more` are cells that are hidden for the sake of others: they may hold any number of people.
    None: there is too much to audit, and somebody needs to look.
    """
    kinds = _kinds(tables)
    if len(kinds) > _MOST_KINDS:
        return None
    rows, low, high, hidden = _bounds(tables, shown, kinds, more)
    if len(hidden) > _MOST_HIDDEN:
        return None
    if not hidden or not kinds:
        return ()
    # A fifth of a second, which only who audits waits for; untyped.
    solver: Any = importlib.import_module("scipy.optimize")
    matrix = np.vstack((rows, -rows))
    limits = np.concatenate((high, -low))
    found: list[tuple[str, tuple[str, ...]]] = []
    for place, cell in hidden:
        if not rows[place].any():
            continue  # nobody can be in it, by what its table is by
        least = solver.linprog(rows[place], A_ub=matrix, b_ub=limits, method="highs")
        most = solver.linprog(-rows[place], A_ub=matrix, b_ub=limits, method="highs")
        if least.status == 0 and most.status == 0 and -most.fun - least.fun < WIDE - 1e-6:
            found.append(cell)
    return tuple(found)


def _kinds(tables: Sequence[TableOf]) -> tuple[tuple[int, ...], ...]:
    """In which cell of each table people are: every combination that somebody has.

    A cell that nobody is in might hold somebody, as far as an attacker knows: so there is a
    combination for it as well, wherever it agrees with the other tables' values.
    """
    kinds: dict[tuple[int, ...], int] = {(): -1}
    for table in tables:
        kinds = {
            (*kind, n): both
            for kind, people in kinds.items()
            for n, cell in enumerate(table.cells)
            if (both := cell.people if people == -1 else people & cell.people)
        }
        if len(kinds) > _MOST_KINDS:
            return tuple(kinds)
    more = {
        (*kind[:t], n, *kind[t + 1 :])
        for t, table in enumerate(tables)
        for n, cell in enumerate(table.cells)
        if not cell.people
        for kind in kinds
    }
    return (*kinds, *(kind for kind in more if _agrees(tables, kind)))


def _agrees(tables: Sequence[TableOf], kind: tuple[int, ...]) -> bool:
    """Whether no two tables say two things of one value."""
    said: dict[str, str] = {}
    for table, n in zip(tables, kind, strict=True):
        for name, value in zip(table.names, table.cells[n].key, strict=True):
            if said.setdefault(name, value) != value:
                return False
    return True


def _bounds(
    tables: Sequence[TableOf],
    shown: Sequence[Shown],
    kinds: Sequence[tuple[int, ...]],
    more: frozenset[tuple[str, tuple[str, ...]]],
) -> tuple[Any, Any, Any, list[tuple[int, tuple[str, tuple[str, ...]]]]]:
    """For each published cell, which kinds it sums, and its least and most; and the hidden ones."""
    rows: list[Any] = []
    low: list[float] = []
    high: list[float] = []
    hidden: list[tuple[int, tuple[str, tuple[str, ...]]]] = []
    half = STEP // 2
    for t, (table, safe) in enumerate(zip(tables, shown, strict=True)):
        published = dict(safe.rows)
        for n, cell in enumerate(table.cells):
            number = published.get(cell.key)  # whose value is left out is hidden as well
            for_others = (table.name, cell.key) in more
            if number is None and not for_others:
                hidden.append((len(rows), (table.name, cell.key)))
            rows.append(np.array([float(kind[t] == n) for kind in kinds]))
            low.append(0 if number is None else max(number - half, SMALL + 1))
            most = ANYBODY if for_others else SMALL
            high.append(most if number is None else number + half)
    return np.array(rows), np.array(low), np.array(high), hidden

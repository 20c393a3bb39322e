"""What more is hidden, so that what is shown gives no small number back.

A share is shown only where both who has it and who has it not are shown: each alone would be half
of a sum that another table gives. Then each hidden number is bounded by a linear programme
(`audit`), and where one is given back the smallest group beside it is hidden as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from wholerecord.research.study.audit import given_back
from wholerecord.research.study.factors import TableOf
from wholerecord.research.study.protect import Shown, protect

Key = tuple[str, tuple[str, ...]]
#: The last dimension of a share: whether somebody has it, yes or no.
HAS_IT = "it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Tables that may be shown side by side.

    `more` are the cells that are hidden for others' sake; `left_out` names the tables that cannot
    be audited, or cannot be beside the others; they are not among them.
    """

    tables: tuple[Shown, ...]
    more: frozenset[Key]
    left_out: tuple[str, ...]


def is_share(table: TableOf | Shown) -> bool:
    """Whether a table tells who has it and who not by group, and not how all are spread."""
    return table.names[-1:] == (HAS_IT,)


def closed(tables: Sequence[TableOf]) -> Closed:
    """The tables, protected and closed.

    Each depends on who is in it alone; nothing that is shown can be solved for what is not.
    """
    shown = {table.name: protect(table) for table in tables}
    more = frozenset[Key]()
    for one in shown.values():
        more |= _halves(one)
    left_out: list[str] = []
    by_name = {table.name: table for table in tables}
    again = True
    while again:
        again = False
        for names in _together([name for name in by_name if name not in left_out]):
            some = [by_name[name] for name in names]
            held = [_without(shown[name], more) for name in names]
            back = given_back(some, held, more=more)
            if back is None:
                left_out.append(max(some, key=lambda one: len(one.cells)).name)
                again = True
                break
            added = frozenset(
                each for name in {table for table, _ in back} for each in _next(shown[name], more)
            )
            if back and not added:
                left_out += [name for name in {table for table, _ in back} if name in by_name]
            if back:
                more, again = more | added, True
                break
    kept = [name for name in shown if name not in left_out]
    return Closed(
        tables=tuple(_without(shown[name], more) for name in kept),
        more=more,
        left_out=tuple(left_out),
    )


def _together(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Which tables are audited together: any two, and one where there is no other."""
    return [*combinations(names, 2)] or [(name,) for name in names]


def _halves(table: Shown) -> frozenset[Key]:
    """The shown cells whose other half is hidden; a spread has no halves."""
    if not is_share(table):
        return frozenset()
    hidden = {key[:-1] for key, number in table.rows if number is None}
    groups: dict[tuple[str, ...], int] = {}
    for key, _ in table.rows:
        groups[key[:-1]] = groups.get(key[:-1], 0) + 1
    return frozenset(
        (table.name, key)
        for key, number in table.rows
        if number is not None and (key[:-1] in hidden or groups[key[:-1]] != 2)
    )


def _next(table: Shown, more: frozenset[Key]) -> frozenset[Key]:
    """The pair, or the band, of the smallest group that is shown still; none when none is."""
    group_of = _without_half if is_share(table) else _itself
    sizes: dict[tuple[str, ...], int] = {}
    for key, number in _without(table, more).rows:
        if number is not None:
            sizes[group_of(key)] = sizes.get(group_of(key), 0) + number
    if not sizes:
        return frozenset()
    smallest = min(sizes, key=lambda group: (sizes[group], group))
    return frozenset((table.name, key) for key, _ in table.rows if group_of(key) == smallest)


def _without_half(key: tuple[str, ...]) -> tuple[str, ...]:
    return key[:-1]


def _itself(key: tuple[str, ...]) -> tuple[str, ...]:
    return key


def _without(table: Shown, more: frozenset[Key]) -> Shown:
    rows = tuple((key, None if (table.name, key) in more else number) for key, number in table.rows)
    return replace(table, rows=rows, total=sum(number or 0 for _, number in rows))

"""The groups of a board as they are shown: their numbers, shares and how sure they are."""

import msgspec

from wholerecord.research.board.asked import Spread
from wholerecord.research.board.likely import likely
from wholerecord.research.study.protect import Shown

#: The table of everybody, beside those by something.
EVERYBODY = "Everybody"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group of people: how many have it, of how many, and the 95 % bounds of the share.

    Of a spread: how many of all are in it. What is hidden is None, and so is what it is needed for.
    """

    name: str
    with_it: int | None = None
    of: int | None = None
    low: float | None = None
    high: float | None = None


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """Groups by one thing. `left_out`: none of it can be shown beside the others."""

    by: str
    groups: tuple[Group, ...] = ()
    left_out: bool = False


def breakdown_of(name: str, table: Shown | None) -> Breakdown:
    """The groups of a share, each with its two numbers; a table of None cannot be shown."""
    if table is None:
        return Breakdown(by=name, left_out=True)
    rows = dict(table.rows)
    names = dict.fromkeys(key[:-1] for key in rows)
    groups = [_group(" ".join(each) or EVERYBODY, each, rows) for each in sorted(names, key=_order)]
    return Breakdown(by=name, groups=tuple(groups))


def spread_over(spread: Spread, table: Shown | None, all_: int | None) -> Breakdown:
    """The bands of a spread, each with its share of `all_` the people; from shown numbers alone."""
    if table is None:
        return Breakdown(by=spread.name, left_out=True)
    rows = sorted(table.rows, key=lambda row: _order(row[0]))
    groups: list[Group] = []
    for key, number in rows:
        name = spread.said(" ".join(key))
        if number is None or all_ is None:
            groups.append(Group(name=name, with_it=number))
        else:
            of = max(all_, number)  # each is rounded by itself
            low, high = likely(number, of - number)
            groups.append(Group(name=name, with_it=number, of=of, low=low, high=high))
    return Breakdown(by=spread.name, groups=tuple(groups))


def all_of(everybody: Shown | None) -> int | None:
    """How many people a board is of, where both those with it and those without are shown."""
    rows = everybody.rows if everybody is not None else ()
    shown = [number for _, number in rows if number is not None]
    return sum(shown) if len(shown) == 2 else None  # yes and no


def _group(name: str, key: tuple[str, ...], rows: dict[tuple[str, ...], int | None]) -> Group:
    with_it, without = rows.get((*key, "yes")), rows.get((*key, "no"))
    if with_it is None or without is None:
        return Group(name=name)
    low, high = likely(with_it, without)
    return Group(name=name, with_it=with_it, of=with_it + without, low=low, high=high)


def _order(key: tuple[str, ...]) -> tuple[bool, int, str]:
    """Bands by their numbers, then words, and what is not known last."""
    said = " ".join(key)
    first = said.split(" ")[0]
    return said == "not known", int(first) if first.isdigit() else -1, said

"""On which side something was, where a ruling says that its source named another.

Nothing that was said is changed: the entry has the side as corrected, is marked so, and says what
each source said. Surgery on the wrong side is a never event: NHS Improvement, Never Events list
2018 (last updated February 2021), 1. Demonstration until a clinical safety officer signs.
"""

from collections.abc import Sequence
from typing import Any

from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.dated_said import ProcedureSaid
from wholerecord.fold.entry import and_list
from wholerecord.fold.ruling import Ruling, Verdict
from wholerecord.fold.told import Around, Group, Key, Told


def sides(rulings: Sequence[Ruling]) -> dict[Key, Ruling]:
    """The latest ruling on which side each statement speaks of; of rulings in force, oldest first.

    >>> sides(())
    {}
    """
    return {
        (about.patient, about.kind, about.id): ruling
        for ruling in rulings
        if ruling.verdict is Verdict.SIDE
        for about in ruling.about
    }


def mark_side(group: Group[Any], around: Around) -> None:
    """Say on `group` which of its statements named another side, and who corrected that."""
    by_ruling: dict[int, tuple[Ruling, list[Told[Any]]]] = {}
    for one in group.told:
        if (ruling := around.sides.get(one.key)) is not None:
            by_ruling.setdefault(ruling.n, (ruling, []))[1].append(one)
    if not by_ruling:
        return
    each = [(ruling, told) for _, (ruling, told) in sorted(by_ruling.items())]
    group.rulings = sorted({*group.rulings, *by_ruling})
    group.side = and_list(ruling.side for ruling, _ in each)
    group.corrected = " ".join(_words(ruling, told) for ruling, told in each)


def _words(ruling: Ruling, told: Sequence[Told[Any]]) -> str:
    by_side: dict[str, list[str]] = {}
    for one in told:
        by_side.setdefault(side_said(one) or "no side", []).append(one.said.source)
    said = "; ".join(f"{and_list(names)} says {side}" for side, names in sorted(by_side.items()))
    return f"Side corrected to {ruling.side} by {ruling.by}: {ruling.why}. As said: {said}."


def side_said(one: Told[Any]) -> str:
    """The side that the statement itself names, "" for none."""
    body = one.body
    if isinstance(body, ConditionSaid):
        return body.finding.side
    return body.act.side if isinstance(body, ProcedureSaid) else ""

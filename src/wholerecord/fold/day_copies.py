"""Copies that say only the day: each joins the one thing of that day that it can be a copy of."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Group, Told

S = TypeVar("S", bound=Shape)

_WHY = "Same kind and place, and the only one that day; another source says only the day."


def with_day_copies(
    groups: list[Group[S]], shared: Callable[[Told[S]], tuple[str, ...]]
) -> list[Group[S]]:
    """`groups` with each copy that says only the day joined to what it can only be a copy of.

    `shared` is what a thing and its copy have alike, () for what has no copies. Where two things
    of that day could be meant, the copy stays apart; who times a thing does not copy it. Linear.
    """
    copies = [group for group in groups if _says_only_the_day(group.told[0])]
    if not copies:
        return groups
    things: dict[tuple[tuple[str, ...], date], list[Group[S]]] = {}
    for group in groups:
        first = group.told[0]
        when = first.said.when
        if when is not None and when.precision == "moment" and (alike := shared(first)):
            things.setdefault((alike, when.day), []).append(group)
    first_hand = {
        id(group): {one.said.source for one in group.told}
        for each in things.values()
        for group in each
    }
    joined: set[int] = set()
    for copy in copies:
        first = copy.told[0]
        when, alike = first.said.when, shared(first)
        there = things.get((alike, when.day), []) if when and alike else []
        if len(there) != 1:
            continue
        if first_hand[id(there[0])].isdisjoint(one.said.source for one in copy.told):
            for one in copy.told:
                there[0].add(one, _WHY)
            joined.add(id(copy))
    return [group for group in groups if id(group) not in joined]


def _says_only_the_day(one: Told[Shape]) -> bool:
    when = one.said.when
    return when is not None and when.precision == "day"

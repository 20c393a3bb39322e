"""Rulings over groups: a professional's decision beats the rule, and a later one an earlier one.

SAME joins the groups of its statements; NOT_SAME sets each of them apart; WRONG takes its
statements out into an entry that is shown refuted; DISPUTED marks. A withdrawn ruling is as if
never made.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wholerecord.fold.ruling import About, Ruling, Verdict
from wholerecord.fold.told import Group, Key, Told


def in_force(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings that count, oldest first."""
    return sorted((one for one in rulings if one.withdrawn is None), key=lambda one: one.n)


def _key(about: About) -> Key:
    return (about.patient, about.kind, about.id)


def marks(rulings: Sequence[Ruling]) -> Mapping[Key, Ruling]:
    """The latest WRONG or DISPUTED about each statement; a later SAME takes it back."""
    found: dict[Key, Ruling] = {}
    for ruling in rulings:
        for about in ruling.about:
            if ruling.verdict in {Verdict.WRONG, Verdict.DISPUTED}:
                found[_key(about)] = ruling
            elif ruling.verdict is Verdict.SAME:
                found.pop(_key(about), None)
    return found


def ruled(groups: list[Group[Any]], rulings: Sequence[Ruling]) -> list[Group[Any]]:
    """`groups` as the rulings have them. Every statement stays in exactly one group."""
    if not rulings:
        return groups
    at = {one.key: group for group in groups for one in group.told}
    for ruling in rulings:
        keys = sorted({_key(about) for about in ruling.about} & at.keys())
        if ruling.verdict is Verdict.SAME and len(keys) > 1:
            _join(at, keys, ruling)
        elif ruling.verdict is Verdict.NOT_SAME and keys:
            _apart(at, keys, ruling)
    current = list({id(group): group for group in at.values()}.values())
    found = marks(rulings)
    return [part for group in current for part in _marked(group, found)]


def _join(at: dict[Key, Group[Any]], keys: list[Key], ruling: Ruling) -> None:
    """One group of all groups the keys are in."""
    joined = list({id(at[key]): at[key] for key in keys}.values())
    numbers = {ruling.n, *(n for group in joined for n in group.rulings)}
    told: list[Told[Any]] = [one for group in joined for one in group.told]
    one = Group(told, f"Ruled the same thing by {ruling.by}: {ruling.why}", sorted(numbers))
    for member in told:
        at[member.key] = one


def _apart(at: dict[Key, Group[Any]], keys: list[Key], ruling: Ruling) -> None:
    """Each key's statement alone; what else was with them stays together."""
    why = f"Ruled not the same by {ruling.by}: {ruling.why}"
    for key in keys:
        group = at[key]
        if len(group.told) == 1:
            group.why, group.rulings = why, sorted({*group.rulings, ruling.n})
            continue
        alone = [one for one in group.told if one.key == key]
        rest = [one for one in group.told if one.key != key]
        numbers = sorted({*group.rulings, ruling.n})
        at[key] = Group(alone, why, numbers)
        remaining = Group(rest, group.why, numbers, sense=group.sense)
        for one in rest:
            at[one.key] = remaining


def _marked(group: Group[Any], found: Mapping[Key, Ruling]) -> list[Group[Any]]:
    """The group without what was ruled wrong, and what was ruled wrong apart."""
    verdicts = {one.key: found.get(one.key) for one in group.told}
    right: list[Told[Any]] = []
    wrong: dict[int, tuple[Ruling, list[Told[Any]]]] = {}
    for one in group.told:
        ruling = verdicts[one.key]
        if ruling is not None and ruling.verdict is Verdict.WRONG:
            wrong.setdefault(ruling.n, (ruling, []))[1].append(one)
        else:
            right.append(one)
    parts: list[Group[Any]] = []
    if right:
        disputes = {ruling.n: ruling for one in right if (ruling := verdicts[one.key]) is not None}
        numbers = sorted({*group.rulings, *disputes, *wrong})
        said = " ".join(f"Disputed by {r.by}: {r.why}." for _, r in sorted(disputes.items()))
        parts.append(Group(right, group.why, numbers, disputed=said, sense=group.sense))
    for n, (ruling, told) in sorted(wrong.items()):
        why = f"Ruled wrong by {ruling.by}: {ruling.why}"
        parts.append(Group(told, why, sorted({*group.rulings, n}), wrong=why))
    return parts

"""Rulings over groups: a professional's decision beats the rule, and a later one an earlier one.

SAME joins the groups of its statements; NOT_SAME sets each of them apart; WRONG and WRONG_PERSON
take their statements out into an entry that is shown refuted, and SUPERSEDED into one that is shown
superseded, while what took their place stands; DISPUTED and UPHELD mark; SIDE says on which side
something is, beside what was said. A withdrawn ruling is as if never made.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wholerecord.fold.negatives import negative_of
from wholerecord.fold.ruling import About, Ruling, Verdict
from wholerecord.fold.sided import mark_side
from wholerecord.fold.told import Around, Group, Key, Told

Current = Mapping[Key, Told[Any]]


def in_force(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings that count, oldest first."""
    return sorted((one for one in rulings if one.withdrawn is None), key=lambda one: one.n)


def _key(about: About) -> Key:
    return (about.patient, about.kind, about.id)


#: Rulings that mark statements: of two about the same the later counts.
_MARKS = frozenset(
    {
        Verdict.DISPUTED,
        Verdict.UPHELD,
        Verdict.WRONG,
        Verdict.WRONG_PERSON,
        Verdict.SUPERSEDED,
    }
)
#: How many statements are followed that each took the place of the one before.
_MOST = 64
_SAYS = {
    Verdict.DISPUTED: "Disputed",
    Verdict.UPHELD: "Dispute upheld",
    Verdict.WRONG: "Ruled wrong",
    Verdict.WRONG_PERSON: "Ruled to be of another person",
    Verdict.SUPERSEDED: "Ruled superseded",
}


def marks(rulings: Sequence[Ruling]) -> Mapping[Key, Ruling]:
    """The latest ruling that marks each statement; a later SAME takes it back.

    What takes the place of others is not marked by that.
    """
    found: dict[Key, Ruling] = {}
    for ruling in rulings:
        if ruling.verdict in _MARKS:
            for about in ruling.about if ruling.verdict is Verdict.DISPUTED else ruling.blamed:
                found[_key(about)] = ruling
        elif ruling.verdict is Verdict.SAME:
            for about in ruling.about:
                found.pop(_key(about), None)
    return found


def ruled(groups: list[Group[Any]], rulings: Sequence[Ruling], around: Around) -> list[Group[Any]]:
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
    parts = [part for group in current for part in _marked(group, found, around)]
    for part in parts if around.sides else ():
        mark_side(part, around)
    return parts


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


def _marked(group: Group[Any], found: Mapping[Key, Ruling], around: Around) -> list[Group[Any]]:
    """The group without what was ruled wrong or superseded, and each of that apart."""
    right: list[Told[Any]] = []
    out: dict[int, tuple[Ruling, list[Told[Any]]]] = {}
    for one in group.told:
        ruling = found.get(one.key)
        if ruling is not None and _takes_out(ruling, one, found, around.current):
            out.setdefault(ruling.n, (ruling, []))[1].append(one)
        else:
            right.append(one)
    parts: list[Group[Any]] = []
    if right:
        marking = (found.get(one.key) for one in right)
        disputes = {one.n: one for one in marking if one is not None}
        numbers = sorted({*group.rulings, *disputes, *out})
        said = " ".join(_disputed(one) for _, one in sorted(disputes.items()))
        parts.append(Group(right, group.why, numbers, disputed=said, sense=group.sense))
    for n, (ruling, told) in sorted(out.items()):
        why = f"{_SAYS[ruling.verdict]} by {ruling.by}: {ruling.why}"
        status = "superseded" if ruling.verdict is Verdict.SUPERSEDED else "refuted"
        parts.append(Group(told, why, sorted({*group.rulings, n}), wrong=why, status=status))
    return parts


def _disputed(ruling: Ruling) -> str:
    """What is said of statements that stay where they are."""
    said = f"{_SAYS[ruling.verdict]} by {ruling.by}: {ruling.why}."
    if ruling.verdict is Verdict.SUPERSEDED:
        return f"{said} What took its place does not stand, so this does."
    return said


def _takes_out(
    ruling: Ruling, one: Told[Any], found: Mapping[Key, Ruling], current: Current
) -> bool:
    """Whether the ruling takes the statement out of what counts.

    A statement that there is none hides nothing when it goes: it goes whatever took its place.
    """
    if ruling.verdict is Verdict.SUPERSEDED:
        return negative_of(one) is not None or _is_replaced(ruling, found, current)
    return ruling.verdict in {Verdict.WRONG, Verdict.WRONG_PERSON}


def _is_replaced(ruling: Ruling, found: Mapping[Key, Ruling], current: Current) -> bool:
    """Whether what took the place of statements stands, or what took its place, and so on.

    A statement that was taken back or ruled wrong, or that there is none, takes nothing's place;
    of statements that take each other's place in a circle, none does.
    """
    key, passed = _key(ruling.about[0]), {_key(about) for about in ruling.blamed}
    for _ in range(_MOST):
        told = current.get(key)
        if told is None or key in passed or not _is_entry(told):
            return False
        passed.add(key)
        over = found.get(key)
        if over is None or over.verdict in {Verdict.DISPUTED, Verdict.UPHELD}:
            return True
        if over.verdict is not Verdict.SUPERSEDED:
            return False
        key = _key(over.about[0])
    return False


def _is_entry(told: Told[Any]) -> bool:
    """Whether it says that there is something: not who the person is, nor that there is none."""
    return told.said.kind != "Patient" and negative_of(told) is None

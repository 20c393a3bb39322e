"""What every kind's entries have in common: key, labels, order, the best date, who disagrees."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from wholerecord.fold.meant import side_in
from wholerecord.fold.record import Coding, Detail, Entry, Kind, Said
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Group, Told
from wholerecord.nhs import PartialDate

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
SNOMED = "http://snomed.info/sct"


def made(
    group: Group[Any],
    kind: Kind,
    *,
    title: str,
    detail: Detail,
    status: str,
    when: PartialDate | None,
    until: PartialDate | None = None,
    code: Coding | None = None,
    conflict: str = "",
) -> Entry:
    """An entry of what `group` says, as its rulings have it."""
    told: list[Told[Shape]] = group.told
    why = group.why
    if len(told) == 1:
        one = told[0]
        said, labels = (one.said,), one.labels
    else:
        said = tuple(sorted((one.said for one in told), key=_oldest_first))
        labels = frozenset[str]().union(*(one.labels for one in told))
    if group.rulings:
        if group.wrong:
            status, why = group.status, group.wrong
        if group.disputed:
            conflict = f"{conflict} {group.disputed}".strip()
        if group.side:
            title, code = _on_side(title, code, group.side)
    rulings = tuple(group.rulings) if group.rulings else ()
    return Entry(  # by position: see `record`
        kind,
        title,
        code,
        when,
        until,
        status,
        said,
        why,
        detail,
        labels,
        conflict,
        rulings,
        False,  # noqa: FBT003 - by position; what software made is marked later
        (),
        group.corrected,
    )


def _on_side(title: str, code: Coding | None, side: str) -> tuple[str, Coding | None]:
    """The title, which says that the side was corrected; the code, unless it names another side."""
    names_another = code is not None and side_in(code.display) not in {"", side}
    return f"{title} (side corrected: {side})", None if names_another else code


def _oldest_first(said: Said) -> tuple[datetime, int, str, str, int, int]:
    at = said.recorded or said.when
    return (at.start if at else _NEVER, said.patient, said.kind, said.id, said.t, said.n)


def first_said(texts: Sequence[str]) -> str:
    """The first text that says something, "" when none does."""
    for text in texts:
        if text:
            return text
    return ""


def earliest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """The earliest of the dates that are given; of equal starts the more precise."""
    given = [date for date in dates if date is not None]
    if len(given) < 2:
        return given[0] if given else None
    return min(given, key=lambda date: (date.start, -len(date.text), date.text))


def latest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """The latest of the dates that are given; of equal starts the more precise."""
    given = [date for date in dates if date is not None]
    if len(given) < 2:
        return given[0] if given else None
    return max(given, key=lambda date: (date.start, len(date.text), date.text))


def first_code(told: Sequence[Told[Any]]) -> Coding | None:
    """The first coding said, preferring SNOMED CT."""
    first: Coding | None = None
    for one in told:
        for coding in one.said.codes:
            if coding.system == SNOMED:
                return coding
            first = first or coding
    return first


def first_of_each(told: Sequence[Told[Any]]) -> Coding | None:
    """The first coding of the first statement that has one."""
    for one in told:
        if one.said.codes:
            return one.said.codes[0]
    return None


def suspected(title: str) -> str:
    """The title of what is suspected: said once, whoever said so in their own words."""
    return title if title.lower().startswith("suspected") else f"Suspected: {title}"


def and_list(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`: each once, sorted."""
    each = sorted(set(words))
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}" if each else ""


def singly(told: list[Told[Any]], why: str = "One statement.") -> list[Group[Any]]:
    """Each statement as a group of its own."""
    return [Group([one], why) for one in told]

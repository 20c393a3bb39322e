"""In what the sources of one entry differ, though they speak of one thing.

It is shown beside what the fold takes and never settles it: a fracture told with two dates is one
fracture. What cannot both be so is the entry's own `conflict`; doses are told with a medicine.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations

import msgspec

from wholerecord.fold import Entry, Kind, Said
from wholerecord.nhs import PartialDate
from wholerecord.terms import concept

#: Of these one date and one meaning is expected; a medicine or a stay is told of at many moments.
_ONE_MOMENT = (Kind.CONDITION, Kind.PROCEDURE, Kind.IMMUNISATION)
#: How far a day may be from a moment of it: a source's own midnight is not that of UTC.
_ZONES = timedelta(hours=14)
_DAY = len("2019-03-02")

#: Each reading in words, with the sources that say it.
Readings = tuple[tuple[str, tuple[str, ...]], ...]


class Differing(msgspec.Struct, frozen=True):
    """A part (`date` or `code`) and its readings: each in words, with the sources that say it.

    Readings are in the order in which they were first said.
    """

    part: str
    readings: Readings


def differing(entry: Entry) -> tuple[Differing, ...]:
    """The parts in which the sources of `entry` differ; none where one source alone says it."""
    said = entry.said_by
    if entry.kind not in _ONE_MOMENT or len(said) < 2 or len({one.source for one in said}) < 2:
        return ()
    found = (Differing("date", _dates(said)), Differing("code", _codes(said)))
    return tuple(one for one in found if one.readings)


def in_words(found: tuple[Differing, ...]) -> str:
    """For a line: "Dates and codes differ"; "" where nothing does."""
    return f"{' and '.join(f'{one.part}s' for one in found)} differ".capitalize() if found else ""


def _dates(said: tuple[Said, ...]) -> Readings:
    """The first date of each source, where two of them cannot be one day."""
    first: dict[str, PartialDate] = {}
    for one in said:
        before = first.get(one.source)
        if one.when is not None and (before is None or one.when.start < before.start):
            first[one.source] = one.when
    if all(_agree(one, other) for one, other in combinations(first.values(), 2)):
        return ()
    return _readings((_day(at), source) for source, at in first.items())


def _agree(one: PartialDate, other: PartialDate) -> bool:
    """Whether both can be said of one day."""
    length = min(len(one.text), len(other.text), _DAY)
    if one.text[:length] == other.text[:length]:
        return True
    if {one.precision, other.precision} != {"day", "moment"}:
        return False
    day, moment = (one, other) if one.precision == "day" else (other, one)
    return -_ZONES <= moment.start - day.start < timedelta(days=1) + _ZONES


def _day(at: PartialDate) -> str:
    return PartialDate(at.start, at.text[:_DAY]).say()


def _codes(said: tuple[Said, ...]) -> Readings:
    """What the codes of each source mean, where they mean several things."""
    meant = [
        (means.title, one.source)
        for one in said
        for code in one.codes
        if (means := concept(code.system, code.code)) is not None
    ]
    return _readings(meant) if len({title for title, _ in meant}) > 1 else ()


def _readings(
    pairs: Iterable[tuple[str, str]],
) -> Readings:
    by_reading: dict[str, dict[str, None]] = {}
    for reading, source in pairs:
        by_reading.setdefault(reading, {})[source] = None
    return tuple((reading, tuple(sources)) for reading, sources in by_reading.items())

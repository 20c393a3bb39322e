"""What can bring statements of one kind into one entry: those without a tie in common never are.

Measurements, most of a record, are tied by what and when they measure; any other kind is one whole.
A tie too many only costs time; a tie missing would make a record that went on differ from one
folded anew, which a property test looks for.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from wholerecord.fold import measures, other
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid
from wholerecord.fold.pressures import PARTS
from wholerecord.fold.route import type_way
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.told import AnyWay, Key, Told, address

Tie = Hashable


def ties(told: Told[Any], way: AnyWay, ruled: Mapping[Key, Sequence[int]]) -> Iterator[Tie]:
    """What ties `told`, which is folded by `way`, to others; `ruled` are the rulings about each."""
    yield told.key
    for n in ruled.get(told.key, ()):
        yield ("ruling", n)
    if way is measures.WAY:
        yield from _measured(told)
    elif way is not other.WAY:
        yield way


def ruled_keys(rulings: Sequence[Ruling]) -> Mapping[Key, Sequence[int]]:
    """The numbers of the rulings about each statement."""
    found: dict[Key, list[int]] = {}
    for ruling in rulings:
        for about in ruling.about:
            found.setdefault((about.patient, about.kind, about.id), []).append(ruling.n)
    return found


def _measured(told: Told[Any]) -> Iterator[Tie]:
    what, when = told.measurand, told.said.when
    if what is not None and when is not None:
        yield (what.name, when.start)
        yield (what.name, when.day)  # a copy says only the day
        if what.name in PARTS:
            yield (PARTS, when.start)
    if told.measure is not None:  # names nothing
        return
    body = told.body
    if isinstance(body, ReportSaid):
        for member in body.result:
            yield address(told, member.reference)
    elif isinstance(body, ObservationSaid):
        for member in body.has_member:
            yield address(told, member.reference)
        if body.specimen is not None:
            yield ("specimen", address(told, body.specimen.reference))


def looked_up_by(key: Key) -> tuple[Tie, ...]:
    """The ties of those who may look the statement `key` up, whatever it is folded with."""
    return (key, ("specimen", key), type_way(key[1]))

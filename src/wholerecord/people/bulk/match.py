"""Who is who in a table of records: pairs scored, vetoes kept, clusters gathered."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.gather import Pair, gather
from wholerecord.people.model import Model

_SQL = (files("wholerecord.people.bulk") / "places.sql").read_text(encoding="utf-8")
_AT_ONCE = 10_000
_PAIR = "one, other, bits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Each record's person, called by the first id they have; and the pairs to look at.

    `review` are pairs much agrees in that were not joined: not enough to be sure, a rule against it
    that may be wrong, or a person it would have made of two who cannot be one. Strongest first.
    """

    persons: dict[str, str]
    review: tuple[tuple[str, str, float], ...]


def match(bulk: Bulk, model: Model, *, use: str = "bulk") -> Matched:
    """Everybody in `bulk` by the thresholds of `use`. The order of the records never counts."""
    thresholds = model.thresholds[use]
    bulk.pairs(model, least=thresholds.ask)
    bulk.connection.execute(_SQL)
    records = bulk.connection.table("places").order("place")
    ids = [each for (each,) in records.project("unique_id").fetchall()]
    joined = f"NOT veto AND NOT held AND bits >= {thresholds.join}"
    gathered = gather(
        [number for (number,) in records.project("number").fetchall()],
        _pairs(bulk, joined),
        apart=bulk.connection.table("placed").filter("veto").project("one, other").fetchall(),
    )
    first = gathered.first
    asked = [
        pair
        for pair in _pairs(bulk, f"NOT ({joined}) AND (look OR NOT veto)")
        if first[pair[0]] != first[pair[1]]
    ]
    refused = [pair for pair in gathered.refused if first[pair[0]] != first[pair[1]]]
    review = sorted([*asked, *refused], key=lambda pair: (-pair[2], *pair[:2]))
    return Matched(
        persons={each: ids[first[place]] for place, each in enumerate(ids)},
        review=tuple((ids[one], ids[other], bits) for one, other, bits in review),
    )


def _pairs(bulk: Bulk, condition: str) -> Iterator[Pair]:
    """The pairs of `placed` that meet a condition, strongest first, a few at a time."""
    table = bulk.connection.table("placed").filter(condition)
    found = table.order("bits DESC, one, other").project(_PAIR)
    while some := found.fetchmany(_AT_ONCE):
        yield from some

"""Who is who in a table of records: pairs scored, vetoes kept, clusters gathered."""

from dataclasses import dataclass
from typing import Any, cast

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.islands import Pairs, clusters
from wholerecord.people.model import Model

#: Less than any pair weighs, bits.
_ANY = -1000.0
_NUMBER = "CASE WHEN verified THEN number::bigint ELSE -1 END AS number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Each record's person, called by the first id they have; and the pairs to look at.

    `review` are pairs much agrees in that were not joined: not enough to be sure, a rule against it
    that may be wrong, or a person it would have made of two who cannot be one. Strongest first.
    """

    persons: dict[str, str]
    review: tuple[tuple[str, str, float], ...]


def match(bulk: Bulk, model: Model, *, use: str = "bulk") -> Matched:
    """Everybody in `bulk` by the thresholds of `use`. The order of the records never counts.

    For `bedside` two are joined by the rules of real time, and who is one person is whom it joins
    in any order: but where a rule forbids a pair among those connected, here the strongest come
    first. Take the records in by `keyed.BEDSIDE` for it.
    """
    thresholds = model.thresholds[use]
    by_rule = use == "bedside"
    # A pair that a rule forbids counts however little it weighs.
    bulk.pairs(model, least=_ANY if by_rule else thresholds.ask)
    told = _columns(bulk, "people", f"place, unique_id, {_NUMBER}", order="place")
    joined = f"NOT veto AND NOT held AND bits >= {thresholds.join}"
    joined = "NOT veto AND certain" if by_rule else joined
    first, refused = clusters(told["number"], _pairs(bulk, joined), apart=_pairs(bulk, "veto"))
    look = f"NOT ({joined}) AND (look OR NOT veto) AND bits >= {thresholds.ask}"
    asked = refused + _pairs(bulk, look)
    asked = asked.where(first[asked.one] != first[asked.other]).strongest_first()
    ids = told["unique_id"]
    one, other = ids[asked.one].tolist(), ids[asked.other].tolist()
    return Matched(
        persons=dict(zip(ids.tolist(), ids[first].tolist(), strict=True)),
        review=tuple(zip(one, other, asked.bits.tolist(), strict=True)),
    )


def _pairs(bulk: Bulk, condition: str) -> Pairs:
    """The pairs of `placed` that meet a condition."""
    return Pairs(**_columns(bulk, "placed", "one, other, bits", condition=condition))


def _columns(
    bulk: Bulk, table: str, columns: str, *, order: str = "", condition: str = "true"
) -> dict[str, Any]:
    """Columns of a table as arrays, by name."""
    rows = bulk.connection.table(table).filter(condition).project(columns)
    return cast("dict[str, Any]", (rows.order(order) if order else rows).fetchnumpy())

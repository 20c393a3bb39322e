"""Who is who in a table of records: pairs scored, vetoes kept, clusters gathered."""

from dataclasses import dataclass
from typing import Any, cast

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.islands import Pairs, clusters
from wholerecord.people.model import Model

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
    """Everybody in `bulk` by the thresholds of `use`. The order of the records never counts."""
    thresholds = model.thresholds[use]
    bulk.pairs(model, least=thresholds.ask)
    told = _columns(bulk, "people", f"place, unique_id, {_NUMBER}", order="place")
    joined = f"NOT veto AND NOT held AND bits >= {thresholds.join}"
    first, refused = clusters(told["number"], _pairs(bulk, joined), apart=_pairs(bulk, "veto"))
    asked = refused + _pairs(bulk, f"NOT ({joined}) AND (look OR NOT veto)")
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

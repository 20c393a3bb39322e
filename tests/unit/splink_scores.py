"""What Splink itself weighs every pair of prepared records: DuckDB alone is held to it."""

from typing import Any

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.outside import pa
from wholerecord.people.bulk.splinked import Api, linker, settings
from wholerecord.people.bulk.train import label
from wholerecord.people.model import Model


def splink_scores(bulk: Bulk, model: Model) -> dict[tuple[str, str], float]:
    """The bits of each pair that a blocking rule brings together, by the ids of the two."""
    label(bulk)
    made = linker(bulk, settings(model, bulk.blocking, trained=True))
    for name, terms in model.terms.items():
        _frequencies(bulk, made, name, dict(terms.shares), terms.rarest)
    scored = made.inference.predict(threshold_match_weight=-1000).physical_name
    found = bulk.connection.table(scored).project("unique_id_l, unique_id_r, match_weight")
    return {(one, other): bits for one, other, bits in found.fetchall()}


def _frequencies(bulk: Bulk, made: Any, name: str, shares: dict[str, float], rarest: float) -> None:
    """Every term of these records: Splink weighs one it does not know as average."""
    terms = bulk.connection.table("people").project(f"{name}_term").distinct().fetchall()
    said = [term for (term,) in terms if term is not None]
    table = pa.table(
        {f"{name}_term": said, f"tf_{name}_term": [shares.get(each, rarest) for each in said]}
    )
    bulk.connection.from_arrow(table).create(f"terms_{name}")
    api: Any = made._db_api
    assert isinstance(api, Api)
    made.table_management.register_term_frequency_lookup(
        api.register(f"terms_{name}"), f"{name}_term"
    )

"""Training the model on a table of records, with no truth but the NHS numbers that are verified.

m is learnt from pairs with one verified number (a noisy label: a few are somebody else's), by
Splink; for the number itself by Splink's expectation maximisation among pairs whose name, birthday
and postcode agree. u is learnt from pairs drawn at random; for what hardly any two share by
chance, from all pairs with two verified numbers.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.splinked import BY_HAND, block_on, linker, settings
from wholerecord.people.model import Comparison, Level, Model, Terms

#: What hardly any two share by chance: comparison, level, column.
_RARE = (
    ("postcode", "same", "postcode"),
    ("phone", "same", "phone"),
    ("email", "same", "email"),
    ("local", "same", "local"),
    ("practice", "same", "practice"),
)
#: Set by hand, for no table of records can show it: how often two persons have one NHS number.
#: The rate of borrowed and mistaken numbers.
_NUMBERS = {"same_verified": 2e-6, "same": 2e-5}
#: And how much likelier a number that fails its check is the other's own, mistyped: about 4 bits.
_FAILED = {"same_bad": 20, "mistyped": 16}
#: How much likelier the same 1 January is one person's: 5 bits and no more, for it often stands for
#: "day not known", in some feeds for thousands.
_JANUARY = 32
#: No level is rarer than this among one person's records: what no training saw still happens; and
#: nothing that is said is so surely one person's own that two never share it.
_LEAST_M, _LEAST_U = 5e-4, 1e-6
#: So many terms are listed; the rest are as rare as the last, and none counts as rarer than this.
_LISTED, _RAREST = 2000, 4e-5
_HERE = files("wholerecord.people.bulk")
_SQL = (_HERE / "frequency.sql").read_text(encoding="utf-8")
_LABELS = (_HERE / "labels.sql").read_text(encoding="utf-8")


def train(
    bulk: Bulk,
    start: Model,
    *,
    version: str,
    pairs: int = 2_000_000,
    seed: int = 7,
    learner: Callable[[Model], Any] | None = None,
) -> Model:
    """A model like `start`, with what `bulk` shows: comparisons, words and thresholds stay.

    The same records and seed give the same model. `learner` is what makes Splink over the table
    `told`, not yet trained: where that is not DuckDB.
    """
    label(bulk)
    splink = learner(start) if learner else _on_duckdb(bulk, start)
    splink.training.estimate_u_using_random_sampling(max_pairs=float(pairs), seed=seed)
    splink.training.estimate_m_from_label_column("label")
    by_label = _learnt(splink.misc.save_model_to_json())
    splink.training.estimate_parameters_using_expectation_maximisation(
        block_on("born", "family_term", "given_term", "postcode"), fix_u_probabilities=True
    )
    by_agreement = _learnt(splink.misc.save_model_to_json())
    least = 0.5 / pairs
    comparisons = {
        name: said
        if name in BY_HAND
        else _trained(said, (by_agreement if name == "nhs_number" else by_label)[name], least=least)
        for name, said in start.comparisons.items()
    }
    for name, level, column in _RARE:
        comparisons[name] = _with_u(comparisons[name], {level: _shared(bulk, column)})
    number = comparisons["nhs_number"]
    failed = {name: number.levels[name].m / times for name, times in _FAILED.items()}
    comparisons["nhs_number"] = _with_u(number, _NUMBERS | failed)
    january = comparisons["born"].levels["exact_january"].m / _JANUARY
    comparisons["born"] = _with_u(comparisons["born"], {"exact_january": january})
    return msgspec.structs.replace(
        start,
        version=version,
        trained_on={"records": bulk.count("people"), "pairs": pairs, "seed": seed},
        comparisons=comparisons,
        terms={name: _terms(bulk, name) for name in start.terms},
    )


def _on_duckdb(bulk: Bulk, start: Model) -> Any:
    return linker(bulk, settings(start, bulk.blocking, trained=False))


def label(bulk: Bulk) -> None:
    """Make the table `told` of prepared records, as Splink wants it."""
    bulk.connection.execute(_LABELS)


def _learnt(saved: dict[str, Any]) -> dict[str, dict[str, tuple[float, float]]]:
    """M and u of every level as Splink saves them; 0 where it saw none."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for comparison in saved["comparisons"]:
        found[comparison["output_column_name"]] = {
            level["label_for_charts"]: (
                _number(level.get("m_probability")),
                _number(level.get("u_probability")),
            )
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
    return found


def _number(said: float | str | None) -> float:
    return said if isinstance(said, float) else 0.0


def _trained(
    said: Comparison, learnt: dict[str, tuple[float, float]], *, least: float
) -> Comparison:
    made = {
        name: Level(why=level.why, m=max(learnt[name][0], _LEAST_M), u=max(learnt[name][1], least))
        for name, level in said.levels.items()
    }
    return msgspec.structs.replace(said, levels=made)


def _with_u(said: Comparison, known: dict[str, float]) -> Comparison:
    made = {
        name: msgspec.structs.replace(level, u=known.get(name, level.u))
        for name, level in said.levels.items()
    }
    return msgspec.structs.replace(said, levels=made)


def _shared(bulk: Bulk, column: str) -> float:
    bulk.connection.table("people").filter(f"verified AND {column} IS NOT NULL").project(
        f"{column} AS value, number AS label"
    ).create_view("labelled", replace=True)
    shared, pairs = bulk.connection.execute(_SQL).fetchall()[0]
    return max(shared / max(pairs, 1.0), _LEAST_U)


def _terms(bulk: Bulk, name: str) -> Terms:
    people = bulk.connection.table("people").filter(f"{name}_term IS NOT NULL")
    counted = people.aggregate(f"{name}_term AS term, count(*) AS n").order("n DESC, term")
    total = people.count("*").fetchall()[0][0]
    shares = {term: round(n / total, 8) for term, n in counted.limit(_LISTED).fetchall()}
    listed = {term: share for term, share in shares.items() if share > _RAREST}
    return Terms(rarest=_RAREST, shares=listed)

"""FEBRL by its own columns: Splink, as it trains our model, trained on the set that it weighs.

u is learnt from pairs drawn at random, m by expectation maximisation among those who share a
birthday and those who share a social security number. Nothing of the truth is looked at.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import splink

from wholerecord.people.bulk.outside import pa

_NAMES = ("given_name", "surname", "address_1", "address_2", "suburb")
_NUMBERS = ("date_of_birth", "soc_sec_id", "street_number", "postcode", "state")
COLUMNS = (*_NAMES, *_NUMBERS)
_BY_TERM = frozenset({*_NAMES, "postcode"})
_BLOCKING = (
    *("given_name", "surname", "date_of_birth", "soc_sec_id"),
    *("postcode", "address_1", "suburb"),
)
_LEAST, _SEED, _DRAWN = -40.0, 7, 1e6


def weigh_trained(rows: Sequence[dict[str, str]]) -> list[tuple[str, str, float]]:
    """The pairs of `rows` that share a column to block by, with their bits."""
    connection = duckdb.connect()
    said = {name: [row[name] or None for row in rows] for name in ("unique_id", *COLUMNS)}
    table: Any = pa.table({name: pa.array(each, pa.string()) for name, each in said.items()})
    connection.from_arrow(table).create("people")
    api: Any = splink.DuckDBAPI(connection)
    linker: Any = splink.Linker(
        api.register("people"), _settings(len(rows)), log_level=40, validate_settings=False
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=_DRAWN, seed=_SEED)
    for column in ("date_of_birth", "soc_sec_id"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            splink.block_on(column), estimate_without_term_frequencies=True
        )
    scored = linker.inference.predict(threshold_match_weight=_LEAST).physical_name
    found = connection.table(scored).project("unique_id_l, unique_id_r, match_weight")
    return found.fetchall()


def _settings(records: int) -> dict[str, Any]:
    settings: Any = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(column) for column in COLUMNS],
        blocking_rules_to_generate_predictions=[splink.block_on(each) for each in _BLOCKING],
        probability_two_random_records_match=2 / (records - 1),  # each has one other, say
    )
    return settings.create_settings_dict("duckdb")


def _comparison(column: str) -> dict[str, Any]:
    """Equal, one slip, two slips, for a name alike, else different."""
    one, other = f"{column}_l", f"{column}_r"
    conditions = [
        f"{one} = {other}",
        f"damerau_levenshtein({one}, {other}) <= 1",
        f"damerau_levenshtein({one}, {other}) <= 2",
        *([f"jaro_winkler_similarity({one}, {other}) >= 0.85"] if column in _NAMES else []),
        "ELSE",
    ]
    levels: list[dict[str, Any]] = [{"sql_condition": each} for each in conditions]
    if column in _BY_TERM:
        levels[0] |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
    missing = {"sql_condition": f"{one} IS NULL OR {other} IS NULL", "is_null_level": True}
    return {"output_column_name": column, "comparison_levels": [missing, *levels]}

"""The same model in Splink: its settings, and Splink over prepared records, to be trained."""

from typing import Any

import splink

from wholerecord.people.bulk.dialect import in_spark
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.levels import CONDITIONS, levels
from wholerecord.people.model import Model

Api: Any = splink.DuckDBAPI
_Linker: Any = splink.Linker
_Settings: Any = splink.SettingsCreator
block_on: Any = splink.block_on
#: Set by hand: few tables say these, and none says of twins which records are whose.
BY_HAND = frozenset({"relative", "birth_order"})


def linker(bulk: Bulk, settings: dict[str, Any]) -> Any:
    """Splink over the prepared records, as the table `told` has them."""
    api = Api(bulk.connection)
    return _Linker(api.register("told"), settings, log_level=40, validate_settings=False)


def settings(
    model: Model, rules: tuple[tuple[str, ...], ...], *, trained: bool, dialect: str = "duckdb"
) -> dict[str, Any]:
    """The model as Splink's settings. Its prior is even, so that a weight is evidence alone.

    Not `trained`: without its probabilities, for Splink to learn them, and without what is set by
    hand.
    """
    made = _Settings(
        link_type="dedupe_only",
        comparisons=[
            _comparison(name, model, trained=trained, dialect=dialect)
            for name in model.comparisons
            if trained or name not in BY_HAND
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        probability_two_random_records_match=0.5,
        additional_columns_to_retain=["day"],
        retain_matching_columns=dialect == "spark",  # so that it says the levels
        retain_intermediate_calculation_columns=True,
    )
    return made.create_settings_dict(dialect)


def _comparison(name: str, model: Model, *, trained: bool, dialect: str) -> dict[str, Any]:
    said = model.comparisons[name]
    in_words = in_spark if dialect == "spark" else str
    missing = {
        "sql_condition": in_words(CONDITIONS[name]["missing"]),
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    known = [
        _level(name, level, model) | {"sql_condition": in_words(CONDITIONS[name][level])}
        for level in levels(name)
    ]
    if not trained:
        known = [{k: v for k, v in said.items() if not k.endswith("bability")} for said in known]
    return {
        "output_column_name": name,
        "comparison_levels": [missing, *known],
        "comparison_description": said.label,
    }


def _level(name: str, level: str, model: Model) -> dict[str, Any]:
    said = model.comparisons[name].levels[level]
    made: dict[str, Any] = {
        "label_for_charts": level,
        "m_probability": said.m,
        "u_probability": said.u,
    }
    if level == model.comparisons[name].by_term:
        made["tf_adjustment_column"] = f"{name}_term"
        made["tf_adjustment_weight"] = 1.0
        made["tf_minimum_u_value"] = model.terms[name].rarest
        made["disable_tf_exact_match_detection"] = True
    return made

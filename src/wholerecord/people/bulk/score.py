"""What every pair of records that share a key weighs, level by level, in DuckDB.

What is quickly compared is compared first, and of a pair that no names could make heavy enough
the names are not compared. Names are compared once for each two spellings, not for each pair.
"""

from importlib.resources import files

import duckdb

from wholerecord.people.bulk.levels import (
    CONDITIONS,
    NAMES,
    REST,
    SURE,
    as_level,
    bits_of,
    level_of,
    level_type,
    most_of,
)
from wholerecord.people.bulk.outside import pa
from wholerecord.people.model import Model

_HERE = files("wholerecord.people.bulk")
_MEET, _NAMES, _NAMED, _CROSSED, _VETOES = (
    (_HERE / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("meet", "names", "named", "crossed", "vetoes")
)
_QUICK = tuple(name for name in CONDITIONS if name not in NAMES)
_SIDES = "one, other, family_n_l, family_n_r, given_n_l, given_n_r, sex_l, sex_r"
_YEARS = "coalesce(years_between(day_l, day_r), 0)::smallint AS years"


def score(
    connection: duckdb.DuckDBPyConnection, model: Model, *, least: float, crowd: int, once: bool
) -> None:
    """Make `placed`, the pairs of at least `least` bits with what forbids them; `pairs` by ids.

    `once`: the keys are let go of when they have made pairs.
    """
    connection.execute("SET VARIABLE crowd = $1", [crowd])
    begin(connection, model)
    connection.execute(_MEET)
    if once:
        connection.execute("DROP TABLE keyed")
    _quickly(connection, model, least)
    _by_names(connection, model)
    _weighed(connection, model, least)
    forbid(connection)


def begin(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Say what levels there are, and the thresholds that rules ask for."""
    bedside = model.thresholds["bedside"]
    connection.execute("SET VARIABLE possible = $1", [bedside.ask])
    connection.execute("SET VARIABLE certain = $1", [bedside.join])
    connection.execute("DROP TYPE IF EXISTS level")
    connection.execute(level_type())


def forbid(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `placed` and `pairs` of the pairs in the view `weighed`: what rules say of each."""
    connection.execute(_VETOES)


def _quickly(connection: duckdb.DuckDBPyConnection, model: Model, least: float) -> None:
    """The table `coarse`: the pairs that could weigh enough, with all levels but the names'."""
    told = ", ".join(f"{level_of(name)} AS {name}" for name in _QUICK)
    bits = " + ".join(bits_of(name, model) for name in _QUICK)
    enough = least - sum(most_of(name, model) for name in NAMES)
    sides = connection.table("sides").project(f"{_SIDES}, {_YEARS}, {told}")
    weighed = sides.project(f"*, {bits} AS quick_bits")
    weighed.filter(f"quick_bits >= {enough:.17e}").to_table("coarse")
    connection.execute("DROP TABLE met")  # it takes memory


def _by_names(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """The table `named`: `coarse` with what each two names are to each other."""
    known: list[tuple[str, str, float]] = []
    for name, terms in model.terms.items():
        level = model.comparisons[name].by_term
        connection.execute(f"SET VARIABLE {name} = $1", [model.weight(name, level)])
        known += [(name, each, model.weight(name, level, (each, each))) for each in terms.shares]
    names, terms, bits = zip(*known, strict=True) if known else ((), (), ())
    connection.register("known_terms", pa.table({"name": names, "term": terms, "bits": bits}))
    connection.execute(_NAMES)
    connection.unregister("known_terms")
    family = level_of("family", of=("missing", *SURE["family"]), otherwise=REST)
    connection.table("families_met").project(f"one, other, {family} AS level").to_table("families")
    given = level_of("given", of=("missing", *SURE["given"]), otherwise=REST)
    initial = level_of("given", of=("initial",))
    met = connection.table("givens_met")
    met.project(f"one, other, {given} AS level, {initial} AS otherwise").to_table("givens")
    connection.execute(_NAMED)
    crossed = connection.table("crossed_met").filter(CONDITIONS["family"]["swapped"])
    crossed.project("family_one, given_one, family_other, given_other").to_table("exchanged")
    connection.execute(_CROSSED)


def _weighed(connection: duckdb.DuckDBPyConnection, model: Model, least: float) -> None:
    """The view `weighed`: the pairs that weigh enough, with every level."""
    swapped = f"WHEN crossed THEN {as_level('swapped')}"
    family = (
        f"CASE WHEN family_sure <> {as_level(REST)} THEN family_sure {swapped} "
        f"WHEN {CONDITIONS['family']['changed']} THEN {as_level('changed')} "
        f"ELSE {as_level('different')} END AS family"
    )
    given = (
        f"CASE WHEN given_sure <> {as_level(REST)} THEN given_sure {swapped} "
        "ELSE otherwise END AS given"
    )
    bits = " + ".join(bits_of(name, model) for name in NAMES)
    told = connection.table("crossing").project(f"*, {family}, {given}")
    number = f"{bits_of('nhs_number', model)} AS number_bits"
    weighed = told.project(f"*, quick_bits + {bits} AS bits, {number}").filter(
        f"bits >= {least:.17e}"
    )
    weighed.to_view("weighed", replace=True)

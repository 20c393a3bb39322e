"""The levels of every comparison, in the words of DuckDB: `levels.toml` with a model's weights."""

import tomllib
from importlib.resources import files

from wholerecord.people.model import Model

#: The condition of each level, by comparison: those that speak first stand first.
CONDITIONS: dict[str, dict[str, str]] = tomllib.loads(
    (files("wholerecord.people.bulk") / "levels.toml").read_text(encoding="utf-8")
)
#: Compared name by name, not record by record.
NAMES = ("family", "given")
#: What a name is to another by itself, before it is asked whether the two were exchanged.
SURE = {
    "family": ("exact", "part", "alike"),
    "given": ("next_differs", "exact", "nickname", "middle", "alike"),
}
#: Whether neither name alone says what the two are to each other.
REST = "rest"
_ALL = sorted({REST, *(level for each in CONDITIONS.values() for level in each)})


def levels(name: str) -> tuple[str, ...]:
    """The levels of a comparison, as they are tried; `missing` is none."""
    return tuple(level for level in CONDITIONS[name] if level != "missing")


def level_type() -> str:
    """What makes the type of a level: a byte each."""
    return "CREATE TYPE level AS ENUM ('" + "', '".join(_ALL) + "')"


def level_of(name: str, *, of: tuple[str, ...] = (), otherwise: str = "") -> str:
    """The expression that says at which level two are; of some levels only, else `otherwise`."""
    said = CONDITIONS[name]
    chosen = of or ("missing", *levels(name)[:-1])
    cases = " ".join(f"WHEN {said[level]} THEN {as_level(level)}" for level in chosen)
    return f"CASE {cases} ELSE {as_level(otherwise or levels(name)[-1])} END"


def as_level(level: str) -> str:
    """A level as a value."""
    return f"'{level}'::level"


def bits_of(name: str, model: Model) -> str:
    """The expression that says what the level in the column `name` weighs, in bits."""
    said = model.comparisons[name]
    cases = " ".join(
        f"WHEN {as_level(level)} THEN "
        + (f"{name}_bits" if level == said.by_term else f"{each.weight:.17e}")
        for level, each in said.levels.items()
    )
    return f"CASE {name} {cases} ELSE 0e0 END"


def most_of(name: str, model: Model) -> float:
    """The most that any level of a comparison weighs, in bits; never less than nothing said."""
    said = model.comparisons[name]
    weights = [each.weight for level, each in said.levels.items() if level != said.by_term]
    if said.by_term:
        weights.append(model.weight(name, said.by_term))
    return max(0.0, *weights)

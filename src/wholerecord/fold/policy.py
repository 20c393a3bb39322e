"""The rules' numbers, read once from `policy.json`: each with what it leans on.

Demonstration rules until a clinical safety officer signs them.
"""

from importlib.resources import files

import msgspec

from wholerecord.terms import VERSION as TERMS
from wholerecord.terms import in_force


class Window(msgspec.Struct, frozen=True):
    """A number of days and its source."""

    value: float
    source: str


class Cited(msgspec.Struct, frozen=True):
    """A rule without a number, and its source."""

    source: str


class History(msgspec.Struct, frozen=True):
    """Codes (`snomed|275526006`) that retell a concept; a date so near the telling says none."""

    codes: dict[str, str]
    days: Window
    source: str


class Conditions(msgspec.Struct, frozen=True):
    """Windows for conditions; `acute_days` is by concept, `default` for the others."""

    unknown_days: Window
    acute_days: dict[str, Window]
    echo_days: Window
    history: History


class Courses(msgspec.Struct, frozen=True):
    """Substances, or the classes above them, that are given in courses, and the gap between two."""

    substances: frozenset[str]
    gap_days: Window


class Medicines(msgspec.Struct, frozen=True):
    """Windows for medicines."""

    gap_days: Window
    courses: Courses
    product_level: Cited


class Immunisations(msgspec.Struct, frozen=True):
    """Windows for immunisations."""

    historic_days: Window
    same_batch_days: Window


class Procedures(msgspec.Struct, frozen=True):
    """Windows for procedures."""

    days: Window
    echo_days: Window


class Policy(msgspec.Struct, frozen=True):
    """Every window of the fold."""

    version: str
    note: str
    conditions: Conditions
    cancers: Cited
    medicines: Medicines
    immunisations: Immunisations
    procedures: Procedures
    encounters: Cited


POLICY = msgspec.json.decode(
    files("wholerecord.fold").joinpath("policy.json").read_bytes(), type=Policy
)


def folded_by() -> str:
    """What a record says it was folded by: the versions of the rules, the terms, the releases."""
    return f"policy {POLICY.version}, terms {TERMS}, {in_force().says}"

"""What the comparisons of two patients weigh, from the table in `weights.toml`."""

import tomllib
from pathlib import Path
from typing import Any

from wholerecord.people.compare import Likeness, compare
from wholerecord.people.demographics import Demographics
from wholerecord.people.link import Part
from wholerecord.people.traits import traits

_TABLE: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("weights.toml").read_text(encoding="utf-8")
)
#: The version of the table: every link event names it.
MODEL: str = _TABLE["version"]
#: Bits that (with the rules of `people.decide`) make a link, and that are worth a person's look.
CERTAIN: float = _TABLE["certain"]
POSSIBLE: float = _TABLE["possible"]

_LABELS = {
    "nhs_number": "NHS number",
    "born": "date of birth",
    "family": "family name",
    "given": "given name",
    "sex": "sex",
    "postcode": "postcode",
    "phone": "telephone",
    "email": "email",
    "practice": "GP practice",
}
_PARTS = {
    (comparison, level): Part(comparison=label, weight=said["weight"], why=said["why"])
    for comparison, label in _LABELS.items()
    for level, said in _TABLE[comparison].items()
}


def weigh(one: Demographics, other: Demographics) -> tuple[Part, ...]:
    """The evidence that two patients are one person, in bits by comparison. Symmetric.

    A comparison that either says nothing about has no part: missing evidence weighs nothing.
    """
    return parts_of(compare(traits(one), traits(other)))


def parts_of(likeness: Likeness) -> tuple[Part, ...]:
    """The part of each comparison that has a level, in the order of `Likeness`."""
    levels = ((name, getattr(likeness, name)) for name in _LABELS)
    return tuple(_PARTS[name, level] for name, level in levels if level)

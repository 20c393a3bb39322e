"""What the comparisons of two patients weigh, from the model."""

from wholerecord.people.compare import Likeness, compare
from wholerecord.people.demographics import Demographics
from wholerecord.people.link import Part
from wholerecord.people.model import load
from wholerecord.people.traits import traits
from wholerecord.remembered import recalls

_MODEL = load()
#: The version of the model: every link event names it.
MODEL: str = _MODEL.version
#: Bits that (with the rules of `people.decide`) make a link, and that are worth a person's look.
CERTAIN: float = _MODEL.thresholds["bedside"].join
POSSIBLE: float = _MODEL.thresholds["bedside"].ask

_TERMS = {"family": "families", "given": "givens"}
_BY_TERM = {name: comparison.by_term for name, comparison in _MODEL.comparisons.items()}
_PARTS = {
    (name, level): Part(
        comparison=comparison.label, weight=_MODEL.weight(name, level), why=said.why
    )
    for name, comparison in _MODEL.comparisons.items()
    for level, said in comparison.levels.items()
}


def weigh(one: Demographics, other: Demographics) -> tuple[Part, ...]:
    """The evidence that two patients are one person, in bits by comparison. Symmetric.

    A comparison that either says nothing about has no part: missing evidence weighs nothing.
    """
    return parts_of(compare(traits(one), traits(other)))


def parts_of(likeness: Likeness) -> tuple[Part, ...]:
    """The part of each comparison that has a level, in the order of the model."""
    levels = ((name, getattr(likeness, name)) for name in _MODEL.comparisons)
    return tuple(_part(name, level, likeness) for name, level in levels if level)


def _part(name: str, level: str, likeness: Likeness) -> Part:
    if level != _BY_TERM[name]:
        return _PARTS[name, level]
    return _by_term(name, level, getattr(likeness, _TERMS[name]))


@recalls()
def _by_term(name: str, level: str, terms: tuple[str, str]) -> Part:
    part = _PARTS[name, level]
    weight = _MODEL.weight(name, level, terms)
    return Part(comparison=part.comparison, weight=weight, why=part.why)

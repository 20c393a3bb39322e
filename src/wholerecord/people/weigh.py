"""What the comparisons of two patients weigh, from the model."""

from collections.abc import Callable
from operator import attrgetter

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
#: Each comparison, its level that weighs by how common a name is (None: none), and what reads it.
_LEVELS: tuple[tuple[str, str | None, Callable[[Likeness], str]], ...] = tuple(
    (name, comparison.by_term or None, attrgetter(name))
    for name, comparison in _MODEL.comparisons.items()
)
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
    found: list[Part] = []
    for name, by_term, level_of in _LEVELS:
        level = level_of(likeness)
        if level == by_term:
            found.append(_by_term(name, level, getattr(likeness, _TERMS[name])))
        elif level:
            found.append(_PARTS[name, level])
    return tuple(found)


@recalls()
def _by_term(name: str, level: str, terms: tuple[str, str]) -> Part:
    part = _PARTS[name, level]
    weight = _MODEL.weight(name, level, terms)
    return Part(comparison=part.comparison, weight=weight, why=part.why)

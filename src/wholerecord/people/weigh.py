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

_PARTS = {
    (name, level): Part(
        comparison=comparison.label, weight=_MODEL.weight(name, level), why=said.why
    )
    for name, comparison in _MODEL.comparisons.items()
    for level, said in comparison.levels.items()
}
#: The levels of all comparisons, in the order of the model.
_LEVELS: Callable[[Likeness], tuple[str, ...]] = attrgetter(*_MODEL.comparisons)
#: For each comparison the part of each of its levels. "" has none.
_KNOWN: tuple[dict[str, Part], ...] = tuple(
    {level: _PARTS[name, level] for level in comparison.levels}
    for name, comparison in _MODEL.comparisons.items()
)
_TERMS = {"family": "families", "given": "givens"}
#: Comparisons of which one level weighs by how common a name is: the place, that level, the names.
_BY_TERM: tuple[tuple[int, str, str, Callable[[Likeness], tuple[str, str]]], ...] = tuple(
    (place, name, comparison.by_term, attrgetter(_TERMS[name]))
    for place, (name, comparison) in enumerate(_MODEL.comparisons.items())
    if comparison.by_term
)


def weigh(one: Demographics, other: Demographics) -> tuple[Part, ...]:
    """The evidence that two patients are one person, in bits by comparison. Symmetric.

    A comparison that either says nothing about has no part: missing evidence weighs nothing.
    """
    return parts_of(compare(traits(one), traits(other)))


def parts_of(likeness: Likeness) -> tuple[Part, ...]:
    """The part of each comparison that has a level, in the order of the model."""
    levels = _LEVELS(likeness)
    found = [known.get(level) for known, level in zip(_KNOWN, levels, strict=True)]
    for place, name, level, terms in _BY_TERM:
        if levels[place] == level:
            found[place] = _by_term(name, level, terms(likeness))
    return tuple([part for part in found if part is not None])


@recalls()
def _by_term(name: str, level: str, terms: tuple[str, str]) -> Part:
    part = _PARTS[name, level]
    weight = _MODEL.weight(name, level, terms)
    return Part(comparison=part.comparison, weight=weight, why=part.why)

"""Which concept is a kind of which, and which are one thing."""

from functools import cache

from wholerecord.terms.concept import CONCEPTS, Concept


@cache
def _above(id: str) -> frozenset[str]:
    found = {id}
    for parent in CONCEPTS[id].parents:
        found |= _above(parent)
    return frozenset(found)


def is_a(narrow: Concept, wide: Concept) -> bool:
    """Whether `narrow` is `wide` or a kind of it: reflexive and transitive.

    >>> is_a(CONCEPTS["ischaemic-stroke"], CONCEPTS["stroke"])
    True
    """
    return wide.id in _above(narrow.id)


def depth(concept: Concept) -> int:
    """How specific a concept is: the number of concepts it is a kind of, itself included."""
    return len(_above(concept.id))


def same_thing(one: Concept, other: Concept) -> bool:
    """Whether both are the same concept, or stages or forms of one line. Symmetric."""
    return one.id == other.id or (one.line != "" and one.line == other.line)


def related(one: Concept, other: Concept) -> bool:
    """Whether statements with these concepts can speak of one thing. Symmetric, not transitive.

    A stroke can be an ischaemic stroke; an ischaemic stroke cannot be a haemorrhagic one.
    """
    return same_thing(one, other) or is_a(one, other) or is_a(other, one)

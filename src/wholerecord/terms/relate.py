"""Which concept is a kind of which, and which are one thing."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from wholerecord.terms.concept import CONCEPTS, Concept
from wholerecord.terms.loaded import targets
from wholerecord.terms.release import Release
from wholerecord.terms.terminology import forgets, in_force


@cache
def _above(id: str) -> frozenset[str]:
    """Our own concepts that one of our own is a kind of, itself included."""
    found = {id}
    for parent in CONCEPTS[id].parents:
        found |= _above(parent)
    return frozenset(found)


def _is_own(concept: Concept) -> bool:
    return concept.id in CONCEPTS


def _all_above(concept: Concept) -> frozenset[str]:
    if concept.id in CONCEPTS:
        return _above(concept.id)
    return frozenset({concept.id}).union(*(_above(parent) for parent in concept.parents))


def is_a(narrow: Concept, wide: Concept) -> bool:
    """Whether `narrow` is `wide` or a kind of it: reflexive and transitive.

    Between two concepts of our own our own value set decides; otherwise a release in force may.

    >>> is_a(CONCEPTS["ischaemic-stroke"], CONCEPTS["stroke"])
    True
    """
    if narrow.id in CONCEPTS and wide.id in CONCEPTS:
        return wide.id in _above(narrow.id)
    if wide.id in _all_above(narrow):
        return True
    rows, _ = _lies(wide.id, wide.codes.get("snomed", ()))
    _, above = _lies(narrow.id, narrow.codes.get("snomed", ()))
    return not rows.isdisjoint(above)


@lru_cache(maxsize=8192)
def _lies(_id: str, codes: tuple[str, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """A concept's rows in the release in force, and these with everything above them.

    One person's conditions are compared each with many: to look each up once is ten times as fast.
    """
    release = in_force().release("snomed")
    if release is None:
        return frozenset(), frozenset()
    rows = frozenset(row for code in codes if (row := release.row(code)) >= 0)
    return rows, rows.union(*(release.above(row) for row in rows))


forgets(_lies.cache_clear)


@lru_cache(maxsize=65536)
def _depth(id: str, parents: tuple[str, ...], codes: tuple[str, ...]) -> int:
    own = len(frozenset({id}).union(*(_above(parent) for parent in parents)))
    release = in_force().release("snomed")
    if release is None:
        return own
    rows = [row for code in codes if (row := release.row(code)) >= 0]
    return own + max((len(release.above(row)) for row in rows), default=0)


forgets(_depth.cache_clear)


def depth(concept: Concept) -> int:
    """How specific a concept is: the number of concepts it is a kind of, itself included."""
    return _depth(concept.id, concept.parents, concept.codes.get("snomed", ()))


def same_thing(one: Concept, other: Concept) -> bool:
    """Whether both are the same concept, or stages or forms of one line. Symmetric."""
    return one.id == other.id or (one.line != "" and one.line == other.line)


def related(one: Concept, other: Concept) -> bool:
    """Whether statements with these concepts can speak of one thing. Symmetric, not transitive.

    A stroke can be an ischaemic stroke; an ischaemic stroke cannot be a haemorrhagic one. A code
    of a classification can be any of the concepts that a release in force maps to it.
    """
    if same_thing(one, other) or is_a(one, other) or is_a(other, one):
        return True
    if one.id in CONCEPTS and other.id in CONCEPTS:
        return False
    return _maps_to(one, other) or _maps_to(other, one)


def _maps_to(one: Concept, other: Concept) -> bool:
    """Whether a release maps `one` to the code of a classification that `other` is."""
    if _is_own(other) or "snomed" in other.codes or "snomed" not in one.codes:
        return False
    mapped = _targets(one.id, one.codes["snomed"])
    return any(
        (name, code.replace(".", "")) in mapped
        for name in ("icd10", "opcs4")
        for code in other.codes.get(name, ())
    )


@lru_cache(maxsize=8192)
def _targets(_id: str, codes: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return targets(codes)


forgets(_targets.cache_clear)


def families(concepts: Iterable[Concept]) -> dict[str, str]:
    """Concept id → the name of its family: across families no two of these are `related`.

    Any order gives the same names. Linear in the concepts' ancestors, so that a long record's
    statements are compared with few others.
    """
    known = {concept.id: concept for concept in sorted(concepts, key=lambda one: one.id)}
    release = in_force().release("snomed")
    present = _present(known.values(), release) if release else {}
    first: dict[str, str] = {}

    def top(name: str) -> str:
        while first.setdefault(name, name) != name:
            first[name] = name = first.setdefault(first[name], first[name])
        return name

    for name, concept in known.items():
        nearby = [*_near(concept), *(_above_present(concept, release, present) if release else ())]
        for near in nearby:
            a, b = sorted((top(name), top(near)))
            first[b] = a
    return {name: top(name) for name in known}


def _near(concept: Concept) -> Iterable[str]:
    """Names of which everything `related` to a concept, but by a release's is-a, shares one."""
    return _near_own(concept.id) if _is_own(concept) else _names_near(concept)


@cache
def _near_own(id: str) -> tuple[str, ...]:
    return tuple(_names_near(CONCEPTS[id]))


forgets(_near_own.cache_clear)


def _names_near(concept: Concept) -> Iterator[str]:
    for own in _all_above(concept):
        yield own
        if own in CONCEPTS and (line := CONCEPTS[own].line):
            yield f"line {line}"
    if not _is_own(concept):
        for name in ("icd10", "opcs4"):
            yield from (f"{name} {c.replace('.', '')}" for c in concept.codes.get(name, ()))
    mapped = _targets(concept.id, concept.codes.get("snomed", ()))
    yield from (f"{name} {code}" for name, code in mapped)


def _present(concepts: Iterable[Concept], release: Release) -> dict[int, str]:
    """Row → concept id, of every SNOMED CT code of the concepts."""
    return {
        row: concept.id
        for concept in concepts
        for code in concept.codes.get("snomed", ())
        if (row := release.row(code)) >= 0
    }


def _above_present(concept: Concept, release: Release, present: dict[int, str]) -> Iterator[str]:
    """The ids of concepts that are present and of which this one is a kind."""
    for code in concept.codes.get("snomed", ()):
        row = release.row(code)
        if row >= 0:
            yield from (present[up] for up in release.above(row) if up in present)

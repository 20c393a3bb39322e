"""Whether a code is in a value set, as far as it can be known from what is loaded.

Source: FHIR R4, ValueSet `compose`. A set with a filter, or with a system that is not loaded whole,
is known in part: what is not in that part may be in the set, and nothing is told of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wholerecord.intake.fhir.shape import Object, an_object, objects, text, texts

BodyOf = Callable[[str], Object | None]
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Known:
    """The codes that are known to be in a set, and whether those are all."""

    pairs: frozenset[tuple[str, str]]
    whole: bool

    def has(self, system: str, code: str) -> bool | None:
        """Whether it has the code; None: that is not known. Of a system "" , any system's."""
        found = (
            (system, code) in self.pairs
            if system
            else any(code == known for _, known in self.pairs)
        )
        return True if found else False if self.whole else None


NOTHING_KNOWN = Known(frozenset(), whole=False)


def known_set(url: str, body_of: BodyOf, deep: int = 0) -> Known:
    """What is known of the value set of that address."""
    body = body_of(url)
    if body is None or body.get("resourceType") != "ValueSet" or deep > _DEEPEST:
        return NOTHING_KNOWN
    compose = an_object(body.get("compose"))
    if "exclude" in compose or "include" not in compose:
        return NOTHING_KNOWN
    pairs: set[tuple[str, str]] = set()
    whole = True
    for include in objects(compose.get("include")):
        part = _included(include, body_of, deep)
        pairs |= part.pairs
        whole = whole and part.whole
    return Known(frozenset(pairs), whole)


def _included(include: Object, body_of: BodyOf, deep: int) -> Known:
    system = text(include.get("system"))
    others = texts(include.get("valueSet") or [])
    if "filter" in include or (system and others) or len(others) > 1:
        return NOTHING_KNOWN
    if others:
        return known_set(others[0].partition("|")[0], body_of, deep + 1)
    if "concept" in include:
        listed = (text(one.get("code")) for one in objects(include.get("concept")))
        return Known(frozenset((system, code) for code in listed), whole=True)
    held = body_of(system)
    if (
        held is None
        or held.get("resourceType") != "CodeSystem"
        or held.get("content") != "complete"
    ):
        return NOTHING_KNOWN
    return Known(frozenset((system, code) for code in _codes(held, 0)), whole=True)


def _codes(held: Object, deep: int) -> Iterator[str]:
    for one in objects(held.get("concept")) if deep < _DEEPEST else ():
        yield text(one.get("code"))
        yield from _codes(one, deep + 1)

"""What else a search gives: what its matches refer to, and what refers to them.

Source: FHIR R4, Search, `_include` and `_revinclude`. Only what is in the world is ever included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholerecord.fhir.search.definitions import Definition, of_type
from wholerecord.fhir.search.plan import Include
from wholerecord.fhir.search.select import reference_parameters
from wholerecord.fhir.search.world import Held, Key, World

#: Resources included in one page, at most; where there are more the answer says so.
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """What is included, each once and none a match; `cut`: there was more."""

    held: tuple[Held, ...]
    cut: bool = False


def included(matches: Sequence[Held], includes: Sequence[Include], world: World) -> Included:
    """What the includes add to a page of matches."""
    seen = {held.key for held in matches}
    found: list[Held] = []
    fresh: Sequence[Held] = matches
    first = True
    while fresh:
        going = [one for one in includes if first or one.iterate]
        added: list[Held] = []
        for include in going:
            for held in _followed(include, fresh, world):
                if held.key not in seen:
                    seen.add(held.key)
                    added.append(held)
        found += added
        if len(found) > MOST:
            return Included(held=tuple(found[:MOST]), cut=True)
        fresh, first = added, False
    return Included(held=tuple(found))


def _followed(include: Include, fresh: Sequence[Held], world: World) -> Iterable[Held]:
    if include.back:
        yield from _pointing(include, {held.key for held in fresh}, world)
        return
    for held in fresh:
        if include.source in ("*", held.type):
            for key in _targets(include, held):
                if (target := world.at(key)) is not None:
                    yield target


def _pointing(include: Include, keys: set[Key], world: World) -> Iterable[Held]:
    for source in world.types() if include.source == "*" else (include.source,):
        for held in world.of_type(source):
            if not keys.isdisjoint(_targets(include, held)):
                yield held


def _targets(include: Include, held: Held) -> Iterable[Key]:
    """The addresses a resource refers to by the include's parameter."""
    for definition in _followable(include.name, held.type):
        for ref in held.values(definition):
            if ref.id and include.target in ("", ref.type):
                yield ref.type, ref.id


def _followable(name: str, type: str) -> Sequence[Definition]:
    if name == "*":
        return reference_parameters(type)
    definition = of_type(type).get(name)
    return (definition,) if definition is not None and definition.type == "reference" else ()

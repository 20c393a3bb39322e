"""What is searched: resources that may be seen, each with what was worked out of it so far.

A world holds only what the door let out to whoever asks, so nothing that is done with it - chains,
includes, sorting, counting - can tell of anything else.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from wholerecord.fhir.search.by_type import by_type, of_definition
from wholerecord.fhir.search.definitions import Definition, paths
from wholerecord.fhir.search.path import Element, Json, each, elements
from wholerecord.record import canonical

#: A resource's address: type and id.
Key = tuple[str, str]


#: What is searched of a resource, and what is given out: most often one and the same.
Made = tuple[Json, Json]
#: Of what was found in a world, so much is remembered at least, and twice as much as is in it.
_KEPT = 200
_NOTHING: Mapping[str, tuple[Any, ...]] = MappingProxyType({})


class Held:
    """One resource, and the values its parameters have in it: worked out once, when asked for.

    `shown` is what is given out, where that is not the very thing that is searched.
    """

    __slots__ = ("_contained", "_made", "_make", "_values", "_written", "id", "type")

    def __init__(
        self,
        resource: Json,
        shown: Json | None = None,
        *,
        make: Callable[[], Made] | None = None,
        known: Mapping[str, tuple[Any, ...]] = _NOTHING,
    ) -> None:
        self.type = str(resource.get("resourceType", ""))
        self.id = str(resource.get("id", ""))
        self._made = (resource, resource if shown is None else shown) if make is None else None
        self._make = make
        self._values: dict[str, tuple[Any, ...]] = {**known}
        self._written: bytes | None = None
        self._contained: Mapping[str, Held] | None = None

    @classmethod
    def later(
        cls,
        type: str,
        id: str,
        make: Callable[[], Made],
        known: Mapping[str, tuple[Any, ...]] = _NOTHING,
    ) -> "Held":
        """A resource that is made when it is first looked at; `known` of its values before."""
        return cls({"resourceType": type, "id": id}, make=make, known=known)

    @property
    def resource(self) -> Json:
        """What is searched."""
        return self._both()[0]

    @property
    def shown(self) -> Json:
        """What is given out."""
        return self._both()[1]

    @property
    def written(self) -> bytes:
        """What is given out as JSON: written once."""
        if self._written is None:
            self._written = canonical(self.shown)
        return self._written

    @property
    def contained(self) -> Mapping[str, "Held"]:
        """What it contains, by its id within."""
        if self._contained is None:
            within = map(Held, each(self.resource, "contained"))
            self._contained = {one.id: one for one in within if one.id}
        return self._contained

    def _both(self) -> Made:
        if self._made is None and self._make is not None:
            self._made, self._make = self._make(), None
        return self._made or ({}, {})

    @property
    def key(self) -> Key:
        """Its address."""
        return self.type, self.id

    def values(self, definition: Definition) -> tuple[Any, ...]:
        """What is held of a parameter; of a composite, a tuple of each component's values."""
        found = self._values.get(definition.name)
        if found is None:
            found = self._values[definition.name] = tuple(self._worked_out(definition))
        return found

    def _worked_out(self, definition: Definition) -> Iterable[Any]:
        if definition.type == "composite":
            return self._composed(definition)
        held = of_definition(definition).held
        return [value for one in self._elements(definition) for value in held(one)]

    def _elements(self, definition: Definition) -> list[Element]:
        return elements(paths(definition, self.type), self.resource, self.resource)

    def _composed(self, definition: Definition) -> Iterable[tuple[tuple[Any, ...], ...]]:
        places = zip(paths(definition, self.type), definition.parts.get(self.type, ()), strict=True)
        for path, parts in places:
            for place in elements((path,), self.resource, self.resource):
                yield tuple(
                    tuple(
                        value
                        for one in elements(part.paths, place.value, self.resource)
                        for value in by_type(part.type).held(one)
                    )
                    for part in parts
                )


class World:
    """Resources by type and by address, in the order they were given: newest first."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._by_type: dict[str, list[Held]] = {}
        self._by_key: dict[Key, Held] = {}
        for one in held:
            if one.key not in self._by_key:
                self._by_key[one.key] = one
                self._by_type.setdefault(one.type, []).append(one)
        self._found: OrderedDict[Hashable, list[Held]] = OrderedDict()
        self._kept = 0

    @property
    def size(self) -> int:
        """How many resources are in it, and one."""
        return len(self._by_key) + 1

    @classmethod
    def of(cls, resources: Iterable[Json]) -> "World":
        """The world of these resources."""
        return cls(Held(resource) for resource in resources)

    def of_type(self, type: str) -> Sequence[Held]:
        """The resources of a type."""
        return self._by_type.get(type, ())

    def found(self, asked: Hashable) -> list[Held] | None:
        """What was found by what was asked, if that is remembered: nothing here ever changes."""
        known = self._found.get(asked)
        if known is not None:
            self._found.move_to_end(asked)
        return known

    def remember(self, asked: Hashable, found: list[Held]) -> None:
        """Remember it; what was asked longest ago is let go of."""
        self._found[asked] = found
        self._kept += len(found) + 1
        while self._kept > _KEPT + 2 * len(self._by_key):
            self._kept -= len(self._found.popitem(last=False)[1]) + 1

    def types(self) -> Sequence[str]:
        """The types there are."""
        return tuple(self._by_type)

    def at(self, key: Key) -> Held | None:
        """The resource at an address, None when it is not in this world."""
        return self._by_key.get(key)

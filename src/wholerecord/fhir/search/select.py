"""Which resources of a world a plan finds, and in which order.

Pure and linear: each filter looks once at each resource it can be about. A chain and a `_has` are
worked out once for all of them, as the set of addresses that they lead to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wholerecord.fhir.search.alike import key_of
from wholerecord.fhir.search.by_type import by_type, of_definition
from wholerecord.fhir.search.definitions import Definition, of_type
from wholerecord.fhir.search.path import each, text, under
from wholerecord.fhir.search.plan import (
    AnyOf,
    By,
    Chain,
    Filter,
    Listed,
    Missing,
    Plan,
    Pointed,
    Value,
)
from wholerecord.fhir.search.references import parse
from wholerecord.fhir.search.world import Held, Key, World

Test = Callable[[Held], bool]


def select(plan: Plan, world: World) -> list[Held]:
    """Everything of the plan's type of which all its filters are so, in the order it asks for.

    Remembered with the world: programs ask the same of somebody again and again.
    """
    key = key_of(plan)
    found = world.found(key) if key is not None else None
    if found is None:
        found = _selected(plan, world)
        if key is not None:
            world.remember(key, found)
    return found


def _selected(plan: Plan, world: World) -> list[Held]:
    tests = [test(one, world) for one in plan.filters]
    found = [held for held in world.of_type(plan.type) if all(fits(held) for fits in tests)]
    for by in reversed(plan.sort):
        found = _sorted(found, by)
    return found


def test(filter: Filter, world: World) -> Test:
    """The filter as a function on one resource."""
    match filter:
        case Value():
            return _value(filter)
        case Missing(definition=definition, missing=missing):
            return lambda held: (not held.values(definition)) is missing
        case Chain():
            return _chain(filter, world)
        case Pointed():
            return _pointed(filter, world)
        case Listed(lists=lists):
            keys = _items(lists, world)
            return lambda held: held.key in keys
        case AnyOf(filters=filters):
            tests = [test(one, world) for one in filters]
            return lambda held: any(fits(held) for fits in tests)


def _value(filter: Value) -> Test:
    definition, asked, negated = filter.definition, filter.asked, filter.negated
    fits = _composite_fits(definition) if definition.parts else of_definition(definition).fits

    def has(held: Held) -> bool:
        for value in held.values(definition):  # plain loops: this is asked of every resource
            for one in asked:
                if fits(one, value):
                    return not negated
        return negated

    return has


def _composite_fits(definition: Definition) -> Callable[[Any, Any], bool]:
    """Each component of one and the same place has the value asked for."""
    places = next(iter(definition.parts.values()))
    rows = [by_type(part.type) for part in places[0]]

    def fits(asked: Sequence[Any], held: Sequence[Sequence[Any]]) -> bool:
        return all(
            any(row.fits(wanted, value) for value in values)
            for row, wanted, values in zip(rows, asked, held, strict=True)
        )

    return fits


def _chain(filter: Chain, world: World) -> Test:
    keys: set[Key] = set()
    tests: dict[str, Test] = {}
    for target, then in filter.to:
        fits = tests[target] = test(then, world)
        keys |= {held.key for held in world.of_type(target) if fits(held)}

    def leads(held: Held) -> bool:
        return any(
            (ref.type, ref.id) in keys or (ref.url[:1] == "#" and _holds(held, ref.url[1:], tests))
            for ref in held.values(filter.definition)
        )

    return leads


def _holds(held: Held, id: str, tests: Mapping[str, Test]) -> bool:
    """Whether what a resource contains by that id is of one of these types, and as its test asks.

    Source: FHIR R4, Search, "Chained parameters": contained resources are evaluated too.
    """
    contained = held.contained.get(id)
    return contained is not None and contained.type in tests and tests[contained.type](contained)


def _pointed(filter: Pointed, world: World) -> Test:
    fits = test(filter.then, world)
    keys = {
        (ref.type, ref.id)
        for held in world.of_type(filter.type)
        if fits(held)
        for ref in held.values(filter.definition)
    }
    return lambda held: held.key in keys


def _items(lists: Sequence[str], world: World) -> set[Key]:
    """The addresses of what these lists have as items; of a list not in this world, none."""
    found: set[Key] = set()
    for one in lists:
        held = world.at(("List", one))
        for entry in each(held.resource, "entry") if held else ():
            ref = parse(text(under(entry, "item"), "reference"))
            if entry.get("deleted") is not True:
                found.add((ref.type, ref.id))
    return found


def _sorted(found: list[Held], by: By) -> list[Held]:
    """In order of one key; what has no value comes last either way, and the order is kept."""
    order = of_definition(by.definition).order
    if order is None:
        return found
    keyed: list[tuple[Any, Held]] = []
    without: list[Held] = []
    for held in found:
        keys = [order(value)[by.down] for value in held.values(by.definition)]
        if keys:
            keyed.append((max(keys) if by.down else min(keys), held))
        else:
            without.append(held)
    keyed.sort(key=lambda pair: pair[0], reverse=by.down)
    return [held for _, held in keyed] + without


def reference_parameters(type: str) -> list[Definition]:
    """The parameters of a type that are references."""
    return [one for one in of_type(type).values() if one.type == "reference"]

"""One search parameter, as it stands in a query, as a filter.

Source: FHIR R4, Search: modifiers, "Chained parameters", "Reverse Chaining". A parameter that is
not known is told apart from one that is wrong: only the first may be left out, under lenient
handling.
"""

import re

from wholerecord.errors import WholerecordError
from wholerecord.fhir.search import definitions
from wholerecord.fhir.search.around import Around, Malformed, Unreadable
from wholerecord.fhir.search.by_type import by_type, modifiers, of_definition
from wholerecord.fhir.search.definitions import Definition
from wholerecord.fhir.search.escapes import split
from wholerecord.fhir.search.plan import (
    AnyOf,
    Chain,
    Filter,
    Listed,
    Missing,
    Pointed,
    Value,
)

#: Values that one parameter may have for its "or", and references a chain may follow.
MOST_VALUES, DEEPEST = 200, 4
_NEGATED = {"not": "", "not-in": "in"}
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")


class Unknown(Malformed):
    """A search parameter is not known here."""


def filter_of(type: str, name: str, written: str, around: Around, depth: int = 0) -> Filter:
    """What `name=written` asks of a resource of the type.

    Raises:
        Unknown: the type has no such parameter.
        Malformed: the parameter's modifier, chain or value is wrong, or there are too many.
    """
    if depth > DEEPEST:
        raise Malformed(name, f"more than {DEEPEST} references deep")
    if name.startswith("_has:"):
        return _pointed(type, name, written, around, depth)
    head, dot, rest = name.partition(".")
    plain, _, modifier = head.partition(":")
    if plain == "_list" and not modifier and not dot:
        return _listed(name, written)
    definition = definitions.of_type(type).get(plain)
    if definition is None:
        raise Unknown(name, f"{type} has no such search parameter")
    if dot:
        chain = (definition, modifier, rest)
        return _chain(chain, written, around, depth)
    if modifier not in modifiers(definition) | {""}:
        raise Malformed(name, "this modifier does not go with the parameter")
    if modifier == "missing":
        if written not in ("true", "false"):
            raise Malformed(name, "give true or false")
        return Missing(definition=definition, missing=written == "true")
    return Value(
        definition=definition,
        asked=_values(definition, name, modifier, written, around),
        negated=modifier in _NEGATED,
    )


def in_compartment(owner: str, id: str, type: str, around: Around) -> Filter:
    """That a resource of the type is in the compartment of `owner/id`; of other types, none is."""
    if type == owner:
        return filter_of(type, "_id", id, around)
    return AnyOf(
        filters=tuple(
            filter_of(type, name, f"{owner}/{id}", around)
            for name in definitions.compartment(owner, type)
        )
    )


def _values(
    definition: Definition, name: str, modifier: str, written: str, around: Around
) -> tuple[object, ...]:
    values = split(written, ",")
    if len(values) > MOST_VALUES:
        raise Malformed(name, f"more than {MOST_VALUES} values")
    try:
        return tuple(_value(definition, modifier, value, around) for value in values)
    except Unreadable as why:
        raise Malformed(name, str(why)) from None
    except WholerecordError as why:  # a value set that is not known
        raise Malformed(name, str(why)) from None


def _value(definition: Definition, modifier: str, written: str, around: Around) -> object:
    if definition.type != "composite":
        return of_definition(definition).read(written, _NEGATED.get(modifier, modifier), around)
    places = next(iter(definition.parts.values()))
    parts = split(written, "$")
    if len(parts) != len(places[0]):
        raise Unreadable(f"give {len(places[0])} values with $ between them")
    return tuple(
        by_type(part.type).read(value, "", around)
        for part, value in zip(places[0], parts, strict=True)
    )


def _chain(chain: tuple[Definition, str, str], written: str, around: Around, depth: int) -> Filter:
    definition, modifier, rest = chain
    name = f"{definition.name}.{rest}"
    if definition.type != "reference":
        raise Malformed(name, "only a reference can be followed")
    if modifier and modifier not in definition.targets:
        raise Malformed(name, "the reference is to no such type")
    found: list[tuple[str, Filter]] = []
    for target in (modifier,) if modifier else definition.targets:
        try:
            found.append((target, filter_of(target, rest, written, around, depth + 1)))
        except Unknown:
            continue  # another type that it may refer to has it
    if not found:
        raise Unknown(name, "nothing it refers to has such a search parameter")
    return Chain(definition=definition, to=tuple(found))


def _pointed(type: str, name: str, written: str, around: Around, depth: int) -> Filter:
    parts = name.split(":", 3)
    if len(parts) < 4 or parts[1] not in definitions.types():
        raise Malformed(name, "give _has:type:reference:parameter")
    _, source, reference, rest = parts
    definition = definitions.of_type(source).get(reference)
    if definition is None or definition.type != "reference":
        raise Malformed(name, f"{source} has no such reference")
    if type not in definition.targets:
        raise Unknown(name, f"{source} has no such reference to a {type}")
    then = filter_of(source, rest, written, around, depth + 1)
    return Pointed(type=source, definition=definition, then=then)


def _listed(name: str, written: str) -> Filter:
    ids = split(written, ",")
    if len(ids) > MOST_VALUES or not all(map(_ID.fullmatch, ids)):
        raise Malformed(name, "give ids of lists")
    return Listed(lists=tuple(ids))

"""When two searches find the same in one world: a plan as what can be looked up.

Not where the terminology in force has a say in it, which may be another tomorrow.
"""

from collections.abc import Hashable, Iterable

from wholerecord.fhir.search.plan import (
    AnyOf,
    Chain,
    Filter,
    Listed,
    Missing,
    Plan,
    Pointed,
    Value,
)

_BY_TERMINOLOGY = frozenset({"in", "not-in", "above", "below"})


def key_of(plan: Plan) -> Hashable | None:
    """What a plan finds by, and in which order: plans with the same one find the same.

    None where that cannot be said.
    """
    filters = _keys(plan.filters)
    if filters is None:
        return None
    return plan.type, filters, tuple((by.definition.id, by.down) for by in plan.sort)


def _keys(filters: Iterable[Filter]) -> tuple[Hashable, ...] | None:
    keys: list[Hashable] = []
    for one in filters:
        key = _key(one)
        if key is None:
            return None
        keys.append(key)
    return tuple(keys)


def _key(filter: Filter) -> Hashable | None:
    match filter:
        case Value(definition=definition, asked=asked, negated=negated):
            if any(getattr(one, "modifier", "") in _BY_TERMINOLOGY for one in asked):
                return None
            return definition.id, asked, negated
        case Missing(definition=definition, missing=missing):
            return definition.id, missing
        case Listed(lists=lists):
            return "", lists
        case Chain(definition=definition, to=to):
            keys = _keys(then for _, then in to)
            return None if keys is None else (definition.id, tuple(one for one, _ in to), keys)
        case Pointed(definition=definition, then=then):
            key = _key(then)
            return None if key is None else (filter.type, definition.id, key)
        case AnyOf(filters=within):
            return _keys(within)

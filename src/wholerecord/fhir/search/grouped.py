"""A search among the people of a Group: `Condition?patient._has:Group:member:_id=…`, read as such.

Source: FHIR R4, Search, "Reverse Chaining". The people of the Group are opened and nobody else, so
that they are in it is so of all there is to be searched, and need not be asked again.
"""

from dataclasses import dataclass, replace

from wholerecord.fhir.search.plan import Chain, Filter, Plan, Pointed, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The Groups a search names, any of which somebody is to be in; and what else it asks."""

    groups: tuple[str, ...]
    rest: Plan


def grouped(plan: Plan) -> Grouped | None:
    """The first Group filter of a plan apart from the rest; None where it has none.

    A second one stays, and finds nothing: nobody's own record has a Group of several people in it.
    """
    for at, one in enumerate(plan.filters):
        if groups := _groups(plan.type, one):
            rest = plan.filters[:at] + plan.filters[at + 1 :]
            return Grouped(groups=groups, rest=replace(plan, filters=rest))
    return None


def _groups(type: str, one: Filter) -> tuple[str, ...]:
    match one:
        case Pointed(type="Group", definition=definition, then=Value(negated=False) as then) if (
            type == "Patient" and definition.name == "member" and then.definition.name == "_id"
        ):
            return tuple(asked.code for asked in then.asked)
        case Chain(definition=definition, to=to) if definition.name in ("patient", "subject"):
            return next((_groups("Patient", then) for of, then in to if of == "Patient"), ())
        case _:
            return ()

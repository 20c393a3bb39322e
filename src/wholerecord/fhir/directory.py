"""Which searches are of the directory: wards, staff, organisations and what care is made of.

FHIR puts none of these into anybody's compartment, so a search for them alone names nobody, and
tells of nobody. A type that is about nobody by its definition but may be made for somebody (a
PaymentNotice, a Linkage, a Group) is not listed: it is read by its id.
"""

from collections.abc import Iterator

from wholerecord.fhir.search.plan import AnyOf, Chain, Filter, Listed, Plan, Pointed

#: Types of which whoever may look somebody up may list all.
DIRECTORY = frozenset(
    """
    ActivityDefinition DeviceDefinition Endpoint HealthcareService Library Location Measure
    Medication MedicationKnowledge ObservationDefinition Organization OrganizationAffiliation
    PlanDefinition Practitioner PractitionerRole Questionnaire SpecimenDefinition Substance
    """.split()  # noqa: SIM905 - names, easier to look over in lines
)


def is_of_directory(plan: Plan) -> bool:
    """Whether everything that a search looks at and gives back is in the directory."""
    return DIRECTORY.issuperset(_types(plan))


def _types(plan: Plan) -> Iterator[str]:
    yield plan.type
    for one in plan.filters:
        yield from _looked_at(one)
    yield from (one.source for one in plan.includes)


def _looked_at(one: Filter) -> Iterator[str]:
    match one:
        case Chain(to=to):
            for target, then in to:
                yield target
                yield from _looked_at(then)
        case Pointed(type=type, then=then):
            yield type
            yield from _looked_at(then)
        case AnyOf(filters=filters):
            for within in filters:
                yield from _looked_at(within)
        case Listed():
            yield "List"
        case _:
            return

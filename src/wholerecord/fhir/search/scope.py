"""Whose records a search is about, read from its plan.

A search is answered from the records of the people it names. What names nobody is not answered for
everybody: it either says who somebody is, or is refused.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from wholerecord.fhir.search import dates, references, tokens, words
from wholerecord.fhir.search.definitions import compartment
from wholerecord.fhir.search.plan import AnyOf, Chain, Filter, Listed, Plan, Pointed, Value
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people.search import Search

_NAMES = frozenset({"name", "family", "given"})
_DAY = timedelta(days=1) / timedelta(microseconds=1)


def patients(plan: Plan) -> tuple[str, ...]:
    """The ids of every patient that any of the plan's filters names, each once.

    Every one of them is to be opened: a search that names somebody beside is about them too.
    """
    return tuple(dict.fromkeys(_named(plan.type, plan.filters)))


def _named(type: str, filters: Iterable[Filter]) -> Iterator[str]:
    for one in filters:
        match one:
            case AnyOf(filters=within):
                yield from _named(type, within)
            case Value(definition=definition, negated=False):
                if type == "Patient" and definition.name == "_id":
                    yield from (asked.code for asked in one.asked)
                elif definition.type == "reference" and definition.name in (
                    *compartment("Patient", type),
                    "patient",
                    "subject",
                ):
                    yield from _patients_of(one)
            case _:
                continue


def _patients_of(one: Value) -> Iterator[str]:
    only = one.definition.name in ("patient", "subject")
    for asked in one.asked:
        ref: references.Ref = asked.ref
        if ref.id and (ref.type == "Patient" or (only and not ref.type)):
            yield ref.id


def whole_records(plan: Plan) -> bool:
    """Whether a search for patients needs more of their records than who they are."""
    return bool(plan.includes) or any(
        isinstance(one, (Chain, Pointed, Listed)) for one in plan.filters
    )


def identity(plan: Plan) -> Search:
    """What the plan says of who its patients are; empty where it says nothing.

    Of a search for other resources, what a chain by `patient` or `subject` says of them.
    """
    number: NhsNumber | None = None
    names: list[str] = []
    born: PartialDate | None = None
    for one in _of_patient(plan):
        match one.definition.name:
            case "identifier" if len(one.asked) == 1:
                number = number or _number(one.asked[0])
            case "birthdate" if len(one.asked) == 1:
                born = born or _day(one.asked[0])
            case name if name in _NAMES and len(one.asked) == 1:
                names += _words(one.asked[0])
            case _:
                continue
    return Search(nhs_number=number, names=tuple(names), born=born)


def identifiers(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The type and `system|value` of each identifier asked for, of any one of which must be so.

    Of what is searched, or, by a chain, of its patient; empty where it asks for none of these.
    """
    for kind, filters in ((plan.type, plan.filters), ("Patient", tuple(_of_patient(plan)))):
        for one in filters:
            if isinstance(one, Value) and one.definition.name == "identifier" and not one.negated:
                asked: tuple[tokens.Asked, ...] = one.asked
                if all(each.system and each.code and not each.modifier for each in asked):
                    return tuple((kind, f"{each.system}|{each.code}") for each in asked)
    return ()


def _of_patient(plan: Plan) -> Iterator[Value]:
    for one in plan.filters:
        if plan.type == "Patient" and isinstance(one, Value) and not one.negated:
            yield one
        if isinstance(one, Chain) and one.definition.name in ("patient", "subject"):
            yield from (
                then
                for target, then in one.to
                if target == "Patient" and isinstance(then, Value) and not then.negated
            )


def _number(asked: tokens.Asked) -> NhsNumber | None:
    if asked.modifier or asked.system not in (None, NHS_NUMBER_SYSTEM):
        return None
    return NhsNumber.parse(asked.code)


def _day(asked: dates.Asked) -> PartialDate | None:
    """The one day that is asked for; None where it is not just one."""
    low, high = asked.times
    if asked.prefix != "eq" or high - low != _DAY:
        return None
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=low)
    return PartialDate.parse(f"{day:%Y-%m-%d}")


def _words(asked: words.Asked) -> list[str]:
    return [] if asked.modifier == "contains" else asked.written.split()

"""The parts of a Consent: what an element says, or that it cannot be kept as it is said."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from wholerecord.fhir.problem import Problem, problem
from wholerecord.nhs import PartialDate
from wholerecord.record import PersonId

Part = dict[str, Any]


def person_in(reference: object, place: str) -> PersonId:
    """The person that a reference to a Patient names."""
    said = cast("Part", reference) if isinstance(reference, dict) else {}
    kind, _, logical = str(said.get("reference", "")).partition("/")
    if kind != "Patient" or not logical:
        raise cannot(place, "is not a Patient of this server")
    return PersonId(logical)


def identified_in(reference: object, system: str) -> str:
    """The value of a reference's identifier in a system; "" where it has none."""
    said = cast("Part", reference) if isinstance(reference, dict) else {}
    identifier = said.get("identifier")
    if not isinstance(identifier, dict):
        return ""
    known = cast("Part", identifier)
    value = known.get("value")
    return value if known.get("system") == system and isinstance(value, str) else ""


def codings(concept: object) -> Iterator[tuple[str, str]]:
    """The code and system of each coding of a concept."""
    if isinstance(concept, dict):
        for each in listed(cast("Part", concept), "coding"):
            yield str(each.get("code")), str(each.get("system"))


def listed(said: Mapping[str, Any], name: str) -> list[Part]:
    """The elements of a name, which are a list in FHIR."""
    found = said.get(name, [])
    if not isinstance(found, list):
        raise cannot(name, "is not a list")
    each = cast("list[object]", found)
    if not all(isinstance(one, dict) for one in each):
        raise cannot(name, "is not a list of elements")
    return cast("list[Part]", each)


def days_in(text: object, place: str) -> PartialDate | None:
    """A day, a month or a year; None where nothing is said."""
    if text is None:
        return None
    days = PartialDate.parse(text) if isinstance(text, str) else None
    if days is None or days.precision == "moment":
        raise cannot(place, "is not a day, a month or a year, and what is hidden is hidden by days")
    return days


def moment_in(text: object, place: str) -> datetime | None:
    """A moment or the begin of a day; None where nothing is said."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise cannot(place, "is not a whole date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def cannot(place: str, why: str) -> Problem:
    """That a place of the Consent cannot be kept, and why."""
    return problem(422, "not-supported", f"{place} {why}.", place)

"""The parts of a FHIR R4 resource that every shape takes from its row in the same way."""

from typing import Any

from wholerecord.intake.csv.columns import Row
from wholerecord.intake.csv.values import BadValue, Values

#: The category `social-care` here is how the fold knows social care from health care.
CATEGORY = "https://wholerecord.example/CodeSystem/category"
HL7 = "http://terminology.hl7.org/CodeSystem"
#: Categories that FHIR itself has, for conditions.
_CONDITIONS = frozenset({"problem-list-item", "encounter-diagnosis"})

Made = dict[str, Any]


def concept_of(row: Row, values: Values) -> Made:
    """What the row is of, in words and, where the map translates its code, in a code.

    Raises:
        BadValue: the map has no translation for it.
    """
    said = values.text(row.code)
    words = values.text(row.title) or said
    if not words:
        return {}
    if not said:
        return {"text": words}
    coded = row.codes.get(said)
    if coded is None:
        if row.codes:
            raise BadValue(row.code)
        return {"text": words, **({"coding": [coding_of(row.system, said)]} if row.system else {})}
    coding = coding_of(coded.system or row.system, coded.code, coded.display)
    return {"coding": [coding], "text": values.text(row.title) or coded.display or said}


def coding_of(system: str, code: str, display: str = "") -> Made:
    """A Coding of what is said."""
    said = {"system": system, "code": code, "display": display}
    return {name: value for name, value in said.items() if value}


def category_of(row: Row) -> Made:
    """The category of a row's template."""
    system = f"{HL7}/condition-category" if row.category in _CONDITIONS else CATEGORY
    return {"coding": [{"system": system, "code": row.category}]}


def status_of(row: Row, values: Values, otherwise: str) -> str:
    """The row's status as the map translates it, else `otherwise`."""
    return values.one_of(row.status, row.statuses) or otherwise


def activity_status(status: str) -> str:
    """The activity status (FHIR R4 care-plan-activity-status) of a plan's."""
    return {"active": "in-progress", "revoked": "cancelled", "draft": "not-started"}.get(
        status, status
    )


def period_of(row: Row, values: Values) -> Made:
    """The row's start and end, each where it is said."""
    ends = {"start": values.date(row.start), "end": values.date(row.end)}
    return {name: value for name, value in ends.items() if value}


def named(values: Values, column: str) -> list[Made]:
    """A reference to somebody by name alone, in a list; empty where nobody is named."""
    said = values.text(column)
    return [{"display": said}] if said else []


def notes_of(row: Row, values: Values) -> list[Made]:
    """The row's details, each with its label."""
    said = ((label, values.text(column)) for label, column in row.details.items())
    return [{"text": f"{label}: {value}"} for label, value in said if value]

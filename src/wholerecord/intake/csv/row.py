"""The parts of a FHIR R4 resource that every shape takes from its row in the same way."""

from typing import Any

from wholerecord.intake.csv.template import Coded, Row
from wholerecord.intake.csv.values import BadValue, Values

#: The category `social-care` here is how the fold knows social care from health care.
CATEGORY = "https://wholerecord.example/CodeSystem/category"
HL7 = "http://terminology.hl7.org/CodeSystem"
#: Categories that FHIR itself has, for conditions and for observations.
_CATEGORIES = {
    **dict.fromkeys(("problem-list-item", "encounter-diagnosis"), "condition-category"),
    **dict.fromkeys(
        (
            "activity",
            "exam",
            "imaging",
            "laboratory",
            "procedure",
            "social-history",
            "survey",
            "therapy",
            "vital-signs",
        ),
        "observation-category",
    ),
}

Made = dict[str, Any]


def concept_of(row: Row, values: Values) -> Made:
    """What the row is of, in words and, where the map translates its code, in a code.

    Raises:
        BadValue: the map has no translation for it.
    """
    said = values.text(row.code)
    words = values.text(row.title) or said
    if row.means and not words and values.text(row.value or row.start):
        return _meaning(row, row.means, "")
    if not words:
        return {}
    if not said:
        return {"text": words}
    if row.codes:
        return translated(row, row.code, row.codes, values)
    return {"text": words, **({"coding": [coding_of(row.system, said)]} if row.system else {})}


def translated(row: Row, column: str, codes: dict[str, Coded], values: Values) -> Made:
    """What the column's value means, as a CodeableConcept.

    Raises:
        BadValue: the map has no translation for it.
    """
    said = values.text(column)
    coded = codes.get(said)
    if coded is None:
        raise BadValue(column)
    words = values.text(row.title) if column == row.code else ""
    return _meaning(row, coded, words or coded.display or said)


def _meaning(row: Row, coded: Coded, words: str) -> Made:
    coding = coding_of(coded.system or row.system, coded.code, coded.display)
    return {"coding": [coding], "text": words or coded.display or coded.code}


def coding_of(system: str, code: str, display: str = "") -> Made:
    """A Coding of what is said."""
    said = {"system": system, "code": code, "display": display}
    return {name: value for name, value in said.items() if value}


def category_of(row: Row) -> Made:
    """The category of a row's template."""
    known = _CATEGORIES.get(row.category)
    system = f"{HL7}/{known}" if known else CATEGORY
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


def detailed(row: Row, values: Values, words: str) -> str:
    """The words with the row's details after them, for a resource that R4 gives no notes."""
    details = "; ".join(note["text"] for note in notes_of(row, values))
    return f"{words} ({details})" if details else words


def notes_of(row: Row, values: Values) -> list[Made]:
    """The row's details, each with its label."""
    said = ((label, values.text(column)) for label, column in row.details.items())
    return [{"text": f"{label}: {value}"} for label, value in said if value]

"""What a row says, as a FHIR R4 resource: one function for each shape a map may name.

The category `social-care` in `CATEGORY` is how the fold knows social care from health care.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from wholerecord.intake.csv.columns import Row
from wholerecord.intake.csv.values import BadValue, Values
from wholerecord.intake.fhir.ids import id_by_content, id_from

CATEGORY = "https://wholerecord.example/CodeSystem/category"
_HL7 = "http://terminology.hl7.org/CodeSystem"

Made = dict[str, Any]


def resource_of(row: Row, values: Values, patient: str) -> Made | None:
    """The resource, about `Patient/<patient>`; None when the template says nothing of this row.

    Raises:
        BadValue: a value is not as the map says.
    """
    if row.when and values.text(row.when.column) not in row.when.values:
        return None
    concept = _concept(row, values)
    if not concept:
        return None
    made = _SHAPES[row.shape](row, values, concept)
    who = "patient" if made["resourceType"] == "RelatedPerson" else "subject"
    made[who] = {"reference": f"Patient/{patient}"}
    recorded = values.date(row.recorded)
    if "T" in recorded:
        made["meta"] = {"lastUpdated": recorded}
    said = {name: value for name, value in made.items() if value}
    named = [values.text(column) for column in row.id]
    said["id"] = id_from("-".join((row.shape, *named))) if any(named) else id_by_content(said)
    return said


def _service(row: Row, values: Values, concept: Made) -> Made:
    """A CarePlan: a service provided, from when to when, by whom."""
    ended = bool(values.date(row.end))
    status = _status(row, values, "completed" if ended else "active")
    provider = values.text(row.provider)
    detail: Made = {"kind": "ServiceRequest", "code": concept, "status": _activity(status)}
    if provider:
        detail["performer"] = [{"display": provider}]
    return {
        "resourceType": "CarePlan",
        "status": status,
        "intent": "plan",
        "category": [_category(row)],
        "title": concept["text"],
        "period": _period(row, values),
        "activity": [{"detail": detail}],
        "contributor": _named(values, row.worker) + _named(values, row.provider),
        "note": _notes(row, values),
    }


def _request(row: Row, values: Values, concept: Made) -> Made:
    """A ServiceRequest: support or equipment asked for."""
    return {
        "resourceType": "ServiceRequest",
        "status": _status(row, values, "active"),
        "intent": "order",
        "category": [_category(row)],
        "code": concept,
        "occurrencePeriod": _period(row, values),
        "authoredOn": values.date(row.recorded) or values.date(row.start),
        "performer": _named(values, row.provider) + _named(values, row.worker),
        "note": _notes(row, values),
    }


def _condition(row: Row, values: Values, concept: Made) -> Made:
    """A Condition: an assessed need, or a diagnosis."""
    status = _status(row, values, "resolved" if values.date(row.end) else "active")
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": f"{_HL7}/condition-clinical", "code": status}]},
        "category": [_category(row)],
        "code": concept,
        "onsetDateTime": values.date(row.start),
        "abatementDateTime": values.date(row.end),
        "recordedDate": values.date(row.recorded),
        "asserter": next(iter(_named(values, row.worker)), None),
        "note": _notes(row, values),
    }


def _flag(row: Row, values: Values, concept: Made) -> Made:
    """A Flag: something everybody who meets the person should know. R4 gives it no notes."""
    details = "; ".join(note["text"] for note in _notes(row, values))
    said = f"{concept['text']} ({details})" if details else concept["text"]
    return {
        "resourceType": "Flag",
        "status": _status(row, values, "inactive" if values.date(row.end) else "active"),
        "category": [_category(row)],
        "code": {**concept, "text": said},
        "period": _period(row, values),
        "author": next(iter(_named(values, row.worker)), None),
    }


def _observation(row: Row, values: Values, concept: Made) -> Made:
    """An Observation: a score, a measure or an answer."""
    made: Made = {
        "resourceType": "Observation",
        "status": _status(row, values, "final"),
        "category": [_category(row)],
        "code": concept,
        "effectiveDateTime": values.date(row.start),
        "performer": _named(values, row.worker) + _named(values, row.provider),
        "note": _notes(row, values),
    }
    said = values.text(row.value)
    try:
        number = Decimal(said) if said else None
    except InvalidOperation:
        number = None
    if number is not None and number.is_finite():
        unit = values.text(row.unit)
        made["valueQuantity"] = {"value": number, **({"unit": unit} if unit else {})}
    else:
        made["valueString"] = said
    return made


def _carer(row: Row, values: Values, concept: Made) -> Made:
    """A RelatedPerson: who cares for the person."""
    phone = values.text(row.phone)
    notes = "; ".join(note["text"] for note in _notes(row, values))
    relationship: Made = {
        "coding": [{"system": f"{_HL7}/v3-RoleCode", "code": "CARER", "display": "Carer"}],
        "text": f"Carer ({notes})" if notes else "Carer",
    }
    return {
        "resourceType": "RelatedPerson",
        "name": [{"text": concept["text"]}],
        "relationship": [relationship],
        "telecom": [{"system": "phone", "value": phone}] if phone else [],
        "period": _period(row, values),
    }


_SHAPES: Mapping[str, Callable[[Row, Values, Made], Made]] = MappingProxyType(
    {
        "service": _service,
        "request": _request,
        "need": _condition,
        "condition": _condition,
        "flag": _flag,
        "observation": _observation,
        "carer": _carer,
    }
)


def _concept(row: Row, values: Values) -> Made:
    """What the row is of, in words and, where the map translates its code, in a code."""
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
        return {"text": words, **({"coding": [_coding(row.system, said)]} if row.system else {})}
    coding = _coding(coded.system or row.system, coded.code, coded.display)
    return {"coding": [coding], "text": values.text(row.title) or coded.display or said}


def _coding(system: str, code: str, display: str = "") -> Made:
    said = {"system": system, "code": code, "display": display}
    return {name: value for name, value in said.items() if value}


def _category(row: Row) -> Made:
    return {"coding": [{"system": CATEGORY, "code": row.category}]}


def _status(row: Row, values: Values, otherwise: str) -> str:
    return values.one_of(row.status, row.statuses) or otherwise


def _activity(status: str) -> str:
    """The activity status (FHIR R4 care-plan-activity-status) of a plan's."""
    return {"active": "in-progress", "revoked": "cancelled", "draft": "not-started"}.get(
        status, status
    )


def _period(row: Row, values: Values) -> Made:
    ends = {"start": values.date(row.start), "end": values.date(row.end)}
    return {name: value for name, value in ends.items() if value}


def _named(values: Values, column: str) -> list[Made]:
    said = values.text(column)
    return [{"display": said}] if said else []


def _notes(row: Row, values: Values) -> list[Made]:
    said = ((label, values.text(column)) for label, column in row.details.items())
    return [{"text": f"{label}: {value}"} for label, value in said if value]

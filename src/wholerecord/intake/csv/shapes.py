"""What a row says, as a FHIR R4 resource: one function for each shape a map may name."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from wholerecord.intake.csv.row import (
    HL7,
    Made,
    activity_status,
    category_of,
    concept_of,
    detailed,
    named,
    notes_of,
    period_of,
    status_of,
    translated,
)
from wholerecord.intake.csv.template import Row
from wholerecord.intake.csv.values import Values
from wholerecord.intake.fhir.ids import id_by_content, id_from


def resource_of(row: Row, values: Values, patient: str) -> Made | None:
    """The resource, about `Patient/<patient>`; None when the template says nothing of this row.

    Raises:
        BadValue: a value is not as the map says.
    """
    if row.when and values.text(row.when.column) not in row.when.values:
        return None
    concept = concept_of(row, values)
    if not concept:
        return None
    made = _SHAPES[row.shape](row, values, concept)
    who = "patient" if made["resourceType"] == "RelatedPerson" else "subject"
    made[who] = {"reference": f"Patient/{patient}"}
    recorded = values.date(row.recorded)
    made["meta"] = {
        **({"lastUpdated": recorded} if "T" in recorded else {}),
        **({"security": [_label(code) for code in row.labels]} if row.labels else {}),
    }
    said = {name: value for name, value in made.items() if value}
    named = [values.text(column) for column in row.id]
    said["id"] = id_from("-".join((row.shape, *named))) if any(named) else id_by_content(said)
    return said


def _label(code: str) -> Made:
    return {"system": f"{HL7}/v3-ActCode", "code": code}


def _service(row: Row, values: Values, concept: Made) -> Made:
    """A CarePlan: a service provided, from when to when, by whom."""
    ended = bool(values.date(row.end))
    status = status_of(row, values, "completed" if ended else "active")
    provider = values.text(row.provider)
    detail: Made = {"kind": "ServiceRequest", "code": concept, "status": activity_status(status)}
    if provider:
        detail["performer"] = [{"display": provider}]
    return {
        "resourceType": "CarePlan",
        "status": status,
        "intent": "plan",
        "category": [category_of(row)],
        "title": concept["text"],
        "period": period_of(row, values),
        "activity": [{"detail": detail}],
        "contributor": named(values, row.worker) + named(values, row.provider),
        "note": notes_of(row, values),
    }


def _request(row: Row, values: Values, concept: Made) -> Made:
    """A ServiceRequest: support or equipment asked for."""
    return {
        "resourceType": "ServiceRequest",
        "status": status_of(row, values, "active"),
        "intent": "order",
        "category": [category_of(row)],
        "code": concept,
        "occurrencePeriod": period_of(row, values),
        "authoredOn": values.date(row.recorded) or values.date(row.start),
        "performer": named(values, row.provider) + named(values, row.worker),
        "note": notes_of(row, values),
    }


def _contact(row: Row, values: Values, concept: Made) -> Made:
    """An Encounter: somebody met the person. R4 gives it no notes."""
    met = [{"individual": one} for one in named(values, row.worker)]
    how: Made = {"system": f"{HL7}/v3-NullFlavor", "code": "UNK"}
    if values.text(row.value):
        said = translated(row, row.value, row.values, values)["coding"][0]
        how = {"system": f"{HL7}/v3-ActCode", **said}
    return {
        "resourceType": "Encounter",
        "status": status_of(row, values, "finished"),
        "class": how,
        "type": [{**concept, "text": detailed(row, values, concept["text"])}],
        "period": period_of(row, values),
        "participant": met,
        "serviceProvider": next(iter(named(values, row.provider)), None),
    }


def _procedure(row: Row, values: Values, concept: Made) -> Made:
    """A Procedure: something that was done."""
    who = named(values, row.worker) + named(values, row.provider)
    period = period_of(row, values)
    when = (
        {"performedPeriod": period}
        if "end" in period
        else {"performedDateTime": period.get("start", "")}
    )
    said = values.text(row.value)
    coded = bool(said and row.values)
    outcome = translated(row, row.value, row.values, values) if coded else {"text": said}
    return {
        "resourceType": "Procedure",
        "status": status_of(row, values, "completed"),
        "category": category_of(row),
        "code": concept,
        **when,
        "performer": [{"actor": one} for one in who],
        "outcome": outcome if said else None,
        "note": notes_of(row, values),
    }


def _condition(row: Row, values: Values, concept: Made) -> Made:
    """A Condition: an assessed need, or a diagnosis."""
    status = status_of(row, values, "resolved" if values.date(row.end) else "active")
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": f"{HL7}/condition-clinical", "code": status}]},
        "category": [category_of(row)],
        "code": concept,
        "onsetDateTime": values.date(row.start),
        "abatementDateTime": values.date(row.end),
        "recordedDate": values.date(row.recorded),
        "asserter": next(iter(named(values, row.worker)), None),
        "note": notes_of(row, values),
    }


def _flag(row: Row, values: Values, concept: Made) -> Made:
    """A Flag: something everybody who meets the person should know. R4 gives it no notes."""
    return {
        "resourceType": "Flag",
        "status": status_of(row, values, "inactive" if values.date(row.end) else "active"),
        "category": [category_of(row)],
        "code": {**concept, "text": detailed(row, values, concept["text"])},
        "period": period_of(row, values),
        "author": next(iter(named(values, row.worker)), None),
    }


def _observation(row: Row, values: Values, concept: Made) -> Made:
    """An Observation: a score, a measure or an answer."""
    made: Made = {
        "resourceType": "Observation",
        "status": status_of(row, values, "final"),
        "category": [category_of(row)],
        "code": concept,
        "effectiveDateTime": values.date(row.start),
        "performer": named(values, row.worker) + named(values, row.provider),
        "note": notes_of(row, values),
    }
    said = values.text(row.value)
    if said and row.values:
        return {**made, "valueCodeableConcept": translated(row, row.value, row.values, values)}
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
    relationship: Made = {
        "coding": [{"system": f"{HL7}/v3-RoleCode", "code": "CARER", "display": "Carer"}],
        "text": detailed(row, values, "Carer"),
    }
    return {
        "resourceType": "RelatedPerson",
        "name": [{"text": concept["text"]}],
        "relationship": [relationship],
        "telecom": [{"system": "phone", "value": phone}] if phone else [],
        "period": period_of(row, values),
    }


_SHAPES: Mapping[str, Callable[[Row, Values, Made], Made]] = MappingProxyType(
    {
        "service": _service,
        "request": _request,
        "contact": _contact,
        "procedure": _procedure,
        "need": _condition,
        "condition": _condition,
        "flag": _flag,
        "observation": _observation,
        "carer": _carer,
    }
)

"""Conditions, allergies, procedures, immunisations and encounters as FHIR R4."""

from wholerecord.demo.coding import Json, concept_of
from wholerecord.demo.happening import Contact, Diagnosis, Jab, Operation, Sensitivity
from wholerecord.demo.r4.voice import Voice, moment

_TERMS = "http://terminology.hl7.org/CodeSystem"
_CLASSES = {
    "inpatient": ("IMP", "inpatient encounter"),
    "emergency": ("EMER", "emergency"),
    "outpatient": ("AMB", "ambulatory"),
    "GP": ("AMB", "ambulatory"),
    "home": ("HH", "home health"),
    "telephone": ("VR", "virtual"),
}
#: The security label of an item that needs its own right to see (HL7 v3 ActCode sensitivity).
_LABELS = {
    "sexual-health": ("STD", "sexually transmitted disease information sensitivity"),
    "mental-health": ("PSY", "psychiatry disorder information sensitivity"),
}


def meta(at: str, label: str = "") -> Json:
    """`meta` of a resource last updated at `at`, with its sensitivity label."""
    said: Json = {"lastUpdated": at}
    if label:
        code, words = _LABELS[label]
        said["security"] = [{"system": f"{_TERMS}/v3-ActCode", "code": code, "display": words}]
    return said


def condition(what: Diagnosis, subject: Json, voice: Voice) -> Json:
    """A Condition, as a problem-list item."""
    retracted = what.retracted
    certainty = (
        "entered-in-error" if retracted else "provisional" if what.suspected else "confirmed"
    )
    resource: Json = {
        "resourceType": "Condition",
        "id": what.id,
        "meta": meta(moment(what.at), what.label),
        "identifier": voice.identifier("condition", what.id),
        "verificationStatus": _status("condition-ver-status", certainty),
        "category": [_status("condition-category", "problem-list-item")],
        "code": concept_of(what.concept, what.words),
        "subject": subject,
        "recordedDate": moment(what.at),
    }
    if not retracted:  # FHIR con-5: no clinical status when entered in error
        resource["clinicalStatus"] = _status(
            "condition-clinical", "resolved" if what.ended else "active"
        )
    if what.onset:
        resource["onsetDateTime"] = what.onset.isoformat()
    if what.ended:
        resource["abatementDateTime"] = what.ended.isoformat()
    if what.side:
        resource["bodySite"] = [{"text": what.side}]
    if what.by:
        resource["asserter"] = {"display": what.by}
    return resource


def allergy(what: Sensitivity, subject: Json, voice: Voice) -> Json:
    """An AllergyIntolerance; with no substance, the statement that none is known."""
    none_known = not what.substance
    resource: Json = {
        "resourceType": "AllergyIntolerance",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("allergy", what.id),
        "clinicalStatus": _status("allergyintolerance-clinical", "active"),
        "verificationStatus": _status("allergyintolerance-verification", "confirmed"),
        "code": concept_of("no-known-allergy" if none_known else what.substance),
        "patient": subject,
        "recordedDate": moment(what.at),
    }
    if not none_known:
        resource["type"] = "allergy"
    if what.criticality:
        resource["criticality"] = what.criticality
    if what.reaction:
        resource["reaction"] = [{"manifestation": [{"text": what.reaction}]}]
    return resource


def procedure(what: Operation, subject: Json, voice: Voice) -> Json:
    """A completed Procedure."""
    resource: Json = {
        "resourceType": "Procedure",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("procedure", what.id),
        "status": "completed",
        "code": concept_of(what.concept, what.words),
        "subject": subject,
        "performedDateTime": moment(what.at),
    }
    if what.side:
        resource["bodySite"] = [{"text": what.side}]
    return resource


def immunisation(what: Jab, subject: Json, voice: Voice) -> Json:
    """An Immunization, given or not."""
    resource: Json = {
        "resourceType": "Immunization",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("immunisation", what.id),
        "status": "not-done" if what.why_not else "completed",
        "vaccineCode": concept_of(what.vaccine),
        "patient": subject,
        "occurrenceDateTime": moment(what.at),
        "primarySource": True,
    }
    if what.why_not:
        resource["statusReason"] = {"text": what.why_not}
    else:
        resource |= {"lotNumber": what.batch, "site": {"text": "Left upper arm"}}
    return resource


def encounter(what: Contact, subject: Json, voice: Voice) -> Json:
    """An Encounter, finished unless it lasts."""
    code, words = _CLASSES[what.setting]
    period = {"start": moment(what.at)}
    if what.until:
        period["end"] = moment(what.until)
    resource: Json = {
        "resourceType": "Encounter",
        "id": what.id,
        "meta": meta(moment(what.until or what.at), what.label),
        "identifier": voice.identifier("encounter", what.id),
        "status": "finished" if what.until else "in-progress",
        "class": {"system": f"{_TERMS}/v3-ActCode", "code": code, "display": words},
        "subject": subject,
        "period": period,
        "reasonCode": [{"text": what.reason}],
        "serviceProvider": {"display": what.where or voice.title},
    }
    if what.by:
        resource["participant"] = [{"individual": {"display": what.by}}]
    return resource


def _status(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}

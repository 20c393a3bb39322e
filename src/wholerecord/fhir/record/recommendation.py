"""Where somebody stands in the immunisation schedule, as a FHIR R4 ImmunizationRecommendation.

Source: FHIR R4, ImmunizationRecommendation; its example codes of status and of dates (LOINC
30980-7, the day a dose is due). What is not known to be given, or not yet due, has no code there
and is said in words: it is never called contraindicated, nor complete.
"""

from datetime import date
from hashlib import blake2b

from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.said_by import HL7, Json, without_empty
from wholerecord.fold import Entry, Immunisation
from wholerecord.fold.vaccinated import Standing, Step, Vaccinated
from wholerecord.record import PersonId

TYPE = "ImmunizationRecommendation"
_STATUS = {Standing.OVERDUE: "overdue", Standing.DUE: "due", Standing.GIVEN: "complete"}
_DUE = {"system": "http://loinc.org", "code": "30980-7", "display": "Date vaccine due"}


def recommendation(person: PersonId, found: Vaccinated, today: date) -> Json:
    """The schedule of the person on a day; {} where none can be told."""
    if not found.steps:
        return {}
    return {
        "resourceType": TYPE,
        "id": blake2b(f"schedule\0{person}".encode(), digest_size=8).hexdigest(),
        "patient": {"reference": f"Patient/{person}"},
        "date": today.isoformat(),
        "authority": {"display": found.schedule.source},
        "recommendation": [_step(step) for step in found.steps],
    }


def _step(step: Step) -> Json:
    code = _STATUS.get(step.standing)
    coding = [{"system": f"{HL7}/immunization-recommendation-status", "code": code}]
    shown = step.entry or step.declined
    return without_empty(
        {
            "vaccineCode": [{"text": step.title}],
            "forecastStatus": without_empty(
                {"coding": coding if code else [], "text": step.standing.value}
            ),
            "forecastReason": [{"text": step.because}] if step.because else [],
            "dateCriterion": [{"code": {"coding": [_DUE]}, "value": step.due.isoformat()}],
            "description": "; ".join(_notes(step)),
            "series": step.title,
            "doseNumberString": step.dose,
            "supportingImmunization": [{"reference": f"Immunization/{shown.key}"}] if shown else [],
            "supportingPatientInformation": [
                {"reference": f"{TYPES[entry.kind]}/{entry.key}"} for entry in step.evidence
            ],
        }
    )


def _notes(step: Step) -> list[str]:
    notes = [step.source]
    if step.unsure:
        notes.append("the exact day of the dose is not known")
    if step.closed:
        notes.append("no longer given at this age")
    if step.declined:
        notes.append(_declined(step.declined))
    return notes


def _declined(entry: Entry) -> str:
    why = entry.detail.why_not if isinstance(entry.detail, Immunisation) else ""
    said = f"{', '.join(entry.sources)} wrote that it was not given"
    return f"{said}: {why}" if why else said

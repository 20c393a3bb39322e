"""Doses of medicines that somebody says they took or left out: Open mHealth's two dose schemas.

Source: Open mHealth schemas single-medication-dose-taken 1.0, reason-single-medication-dose-not-
taken 1.0 and medication 1.0. A dose taken is a MedicationAdministration. One left out is an
Observation in words and nothing of the medicine: what is not taken once is not stopped.
"""

from typing import Any

from wholerecord.intake.devices.kinds import MISSED
from wholerecord.intake.devices.measured import BadReading, Circumstances, number, worded
from wholerecord.intake.fhir.ids import id_by_content, id_from
from wholerecord.intake.fhir.shape import Object, an_object, objects, text

TAKEN = "single-medication-dose-taken"
NOT_TAKEN = "reason-single-medication-dose-not-taken"
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_WHY = ("reason_dose_taken_not_as_prescribed", "reason_for_missing_dose")


def dose_of(name: str, body: Object, of: Circumstances) -> Object:
    """The dose that a body of one of the two schemas tells.

    Raises:
        BadReading: no medicine is named, or the dose has no number.
    """
    medicine = _medicine(an_object(body.get("medication")))
    why = next((said for each in _WHY if (said := text(body.get(each)))), "")
    if name == NOT_TAKEN:
        said = worded(MISSED, f"{medicine['text']}: {why}" if why else medicine["text"], (), of)
        return {key: part for key, part in said.items() if key != "method"}  # nothing was measured
    notes = [*of.notes, *([why] if why else [])]
    period = {"start": of.start, "end": of.end}
    made: Object = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": medicine,
        "subject": {"reference": f"Patient/{of.patient}"},
        "performer": [{"actor": {"reference": f"Patient/{of.patient}"}}],
        **({"effectivePeriod": period} if of.end else {"effectiveDateTime": of.start}),
        "dosage": {"dose": _amount(an_object(body.get("dose")), "dose")},
        "note": [{"text": note} for note in notes],
        "meta": {"lastUpdated": of.recorded} if of.recorded else {},
    }
    said = {key: part for key, part in made.items() if part}
    return {**said, "id": id_from(of.own_id) if of.own_id else id_by_content(said)}


def _medicine(said: Object) -> Object:
    """A medicine by the names it is given, with its strengths."""
    name = text(said.get("generic_name")) or text(said.get("trade_name"))
    if not name:
        raise BadReading("medication: not named")
    strengths = (_amount(each, "medication.strength") for each in objects(said.get("strength")))
    strong = [f"{each['value']} {each['unit']}" for each in strengths if "unit" in each]
    words = " ".join((name, *(each for each in strong if each not in name)))
    code = said.get("rxnorm_code")
    if isinstance(code, int) and not isinstance(code, bool) and 0 < code < 10**9:
        coding = {"system": _RXNORM, "code": str(code), "display": name}
        return {"coding": [coding], "text": words}
    return {"text": words}


def _amount(said: Object, element: str) -> dict[str, Any]:
    value = number(said.get("value"), element)
    unit = text(said.get("unit"))
    return {"value": value, **({"unit": unit} if unit else {})}

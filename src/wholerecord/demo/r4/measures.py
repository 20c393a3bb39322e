"""Results and observations as FHIR R4."""

from decimal import Decimal

from wholerecord.demo.coding import Json, test_of
from wholerecord.demo.happening import Report, Result
from wholerecord.demo.r4.clinical import meta
from wholerecord.demo.r4.voice import Voice, moment
from wholerecord.demo.tables import value

_TERMS = "http://terminology.hl7.org/CodeSystem"
_UNITS = "http://unitsofmeasure.org"


def report(what: Report, subject: Json, voice: Voice) -> list[Json]:
    """A DiagnosticReport and its Observations for laboratory results, else Observations alone."""
    observations = [
        _observation(what, result, place, subject, voice)
        for place, result in enumerate(what.results, start=1)
    ]
    if not what.specimen:
        return observations
    issued = moment(what.issued or what.at)
    status = "corrected" if what.corrected else "final"
    head: Json = {
        "resourceType": "DiagnosticReport",
        "id": what.id,
        "meta": meta(issued),
        "identifier": voice.identifier("report", what.id),
        "status": status,
        "code": {"text": what.title},
        "subject": subject,
        "effectiveDateTime": moment(what.at),
        "issued": issued,
        "result": [{"reference": f"Observation/{seen['id']}"} for seen in observations],
    }
    return [head, *observations]


def _observation(what: Report, result: Result, place: int, subject: Json, voice: Voice) -> Json:
    at = moment(result.at or what.at)
    issued = moment(what.issued or what.at)
    own_id = f"{what.id}-{place}"
    resource: Json = {
        "resourceType": "Observation",
        "id": own_id,
        "meta": meta(issued),
        "identifier": voice.identifier("observation", own_id),
        "status": "corrected" if what.corrected else "final",
        "category": [_category("laboratory" if what.specimen else "vital-signs")],
        "code": test_of(result.measure),
        "subject": subject,
        "effectiveDateTime": at,
        "issued": issued,
    }
    if result.parts:
        resource["component"] = [
            {"code": test_of(measure), "valueQuantity": _quantity(measure, said)}
            for measure, said in result.parts
        ]
        return resource
    resource["valueQuantity"] = _quantity(result.measure, result.value)
    return resource | _range(result)


def flag(result: Result) -> str:
    """H or L beside the laboratory's range, "" inside it or where there is none."""
    about = value("measures")[result.measure]
    if not result.value or not (about["low"] or about["high"]):
        return ""
    number = Decimal(result.value)
    if about["high"] and number > Decimal(about["high"]):
        return "H"
    if about["low"] and number < Decimal(about["low"]):
        return "L"
    return ""


def _range(result: Result) -> Json:
    about = value("measures")[result.measure]
    bounds = {
        bound: {"value": Decimal(about[bound]), "unit": about["unit"]}
        for bound in ("low", "high")
        if about[bound]
    }
    if not bounds:
        return {}
    coding = {"system": f"{_TERMS}/v3-ObservationInterpretation", "code": flag(result) or "N"}
    return {"referenceRange": [bounds], "interpretation": [{"coding": [coding]}]}


def _quantity(measure: str, said: str) -> Json:
    unit = value("measures")[measure]["unit"]
    return {"value": Decimal(said), "unit": unit, "system": _UNITS, "code": unit}


def _category(code: str) -> Json:
    coding = {"system": f"{_TERMS}/observation-category", "code": code}
    return {"coding": [coding]}

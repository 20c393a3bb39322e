"""AL1 and IAM as AllergyIntolerance.

Source: v2-to-FHIR segment maps AL1[AllergyIntolerance], IAM[AllergyIntolerance]. An allergy is
known by IAM-7, else by what it is to: an AL1 has no number of its own.
"""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, Said, concept_at, staff
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"


def say_allergy(telling: Telling, segment: Segment) -> None:
    """File one AL1 or IAM. One that names no substance is a fault: somebody must look at it."""
    substance = concept_at(segment, 3)
    if not substance:
        telling.fault(Reason.BAD_VALUE, f"{segment.place}-3", "the substance is not named")
        return
    verification, clinical, more = (
        _iam(telling, segment) if segment.name == "IAM" else ("", "active", _al1(telling, segment))
    )
    known_by = segment.text(7) if segment.name == "IAM" else ""
    telling.say(
        "AllergyIntolerance",
        telling.unlike("AllergyIntolerance", *telling.number, known_by or _name(substance)),
        segment.place,
        {
            "patient": telling.subject,
            "code": substance,
            "category": _category(segment),
            "type": "allergy" if _category(segment) else "",
            "criticality": tables.ALLERGY_CRITICALITY.get(segment.text(4).upper(), ""),
            "reaction": _reactions(segment),
            "clinicalStatus": _coded(_CLINICAL, clinical),
            "verificationStatus": _coded(_VERIFICATION, verification),
            "encounter": telling.encounter,
            **more,
        },
    )


def _name(substance: Said) -> str:
    """The code, else the words, of the substance: the same in every message that says it."""
    coding = substance.get("coding")
    return str(coding[0]["code"] if coding else substance["text"].lower())


def _category(segment: Segment) -> list[str]:
    category = tables.ALLERGY_CATEGORY.get(segment.text(2).upper())
    return [category] if category else []


def _reactions(segment: Segment) -> list[Json]:
    said = [words for each in segment.repetitions(5) if (words := " ".join(each.texts()))]
    if not said:
        return []
    severity = tables.REACTION_SEVERITY.get(segment.text(4).upper())
    reaction: Json = {"manifestation": [{"text": words} for words in said]}
    return [reaction | ({"severity": severity} if severity else {})]


def _al1(telling: Telling, al1: Segment) -> Json:
    return {"onsetDateTime": telling.moment(al1, 6)}


def _iam(telling: Telling, iam: Segment) -> tuple[str, str, Json]:
    """Verification status, clinical status and the rest. IAM-6 D takes the allergy back."""
    verification, clinical = tables.ALLERGY_STATUS.get(iam.text(17).upper(), ("", "active"))
    if iam.text(6).upper() == "D":
        verification, clinical = "entered-in-error", ""
    more: Json = {
        "onsetDateTime": telling.moment(iam, 11),
        "recordedDate": telling.moment(iam, 13),
        "asserter": staff(iam.first(14)),
    }
    return verification, clinical, more


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]} if code else {}

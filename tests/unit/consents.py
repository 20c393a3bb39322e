"""Consents in FHIR, as somebody sends them."""

from datetime import UTC, datetime

from wholerecord.consent import Preference, Purpose, Rule
from wholerecord.fhir.record.consent import consent
from wholerecord.record import PersonId

CARE = Purpose.DIRECT_CARE
PERSON = PersonId("a" * 32)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def decided(*rules):
    return Preference(n=7, person=PERSON, words="as said", at=NOW, by="me", rules=rules)


def purposes(*codes):
    return [{"system": REASON, "code": code} for code in codes]


def hidden(**more):
    """A Consent that hides what is marked PSY from those who care."""
    label = {"system": ACT_CODE, "code": "PSY"}
    deny = {"type": "deny", "purpose": purposes("TREAT"), "securityLabel": [label]} | more
    said = consent(decided(Rule(allow=True, purpose=CARE, reason="")))
    said["provision"]["provision"] = [deny]
    return said


def of_conditions(person):
    """A Consent of this person that hides conditions."""
    said = hidden() | {"patient": {"reference": f"Patient/{person}"}, "performer": []}
    said["category"] = said["category"][:1]
    kind = {"system": "https://wholerecord.example/CodeSystem/kind", "code": "condition"}
    said["provision"]["provision"] = [
        {"type": "deny", "purpose": purposes("TREAT"), "code": [{"coding": [kind]}]}
    ]
    return said

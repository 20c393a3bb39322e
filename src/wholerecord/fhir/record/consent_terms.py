"""The words in which a Consent says what a rule says, for both ways.

R4 has no code for a source, nor for a kind of entry as we know it: those are codes of our own.
"""

from types import MappingProxyType

from wholerecord.consent import Purpose

SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ROLE_CLASS = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"
#: What IHE PCF has every actor be: an information recipient.
PARTICIPATION, RECIPIENT = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"
#: The policy that every consent here narrows or opens: the rules for everybody.
POLICY = "https://wholerecord.example/policy/standing-rules"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
ROLE = "https://wholerecord.example/CodeSystem/role"
KIND = "https://wholerecord.example/CodeSystem/kind"
SOURCE = "https://wholerecord.example/CodeSystem/source"
SIGNED_IN = "https://wholerecord.example/Id/signed-in"
#: Somebody by the name that the record has: sources say no more of who wrote.
AUTHOR = "https://wholerecord.example/Id/author"
STATEMENT = "https://wholerecord.example/Id/statement"

PURPOSES = MappingProxyType(
    {
        Purpose.DIRECT_CARE: "TREAT",
        Purpose.EMERGENCY: "ETREAT",
        Purpose.OWN_RECORD: "PATRQT",
        Purpose.ADMINISTRATION: "PATADMIN",
        Purpose.SAFETY_REVIEW: "HQUALIMP",
        Purpose.PLANNING: "HOPERAT",
        Purpose.RESEARCH: "HRESCH",
    }
)
#: The HL7 sensitivity that each label comes from (see `fold.labels`).
LABELS = MappingProxyType({"sexual-health": "STD", "mental-health": "PSY", "sealed": "R"})

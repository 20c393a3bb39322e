"""A human as a UK Core Patient."""

from wholerecord.demo.casting import ETHNICITY
from wholerecord.demo.coding import Json
from wholerecord.demo.human import Known
from wholerecord.demo.r4.voice import Voice
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_VERIFICATION = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)
_VERIFICATION_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
_ETHNIC = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
_ETHNIC_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
_SECURITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_KINDS = "http://terminology.hl7.org/CodeSystem/v2-0203"
_STATUS_WORDS = {
    "01": "Number present and verified",
    "02": "Number present but not traced",
    "03": "Trace required",
    "07": "Number not present and trace not required",
}


def patient(who: Known, voice: Voice, last_updated: str) -> Json:
    """The Patient resource of `who`; its id is the source's own number for them."""
    resource: Json = {
        "resourceType": "Patient",
        "id": who.number,
        "meta": {
            "lastUpdated": last_updated,
            "profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"],
        },
        "identifier": [
            *_nhs_number(who),
            {
                "type": {"coding": [{"system": _KINDS, "code": "MR"}]},
                "system": f"{voice.base}/Id/patient",
                "value": who.number,
            },
        ],
        "active": True,
        "name": _names(who),
        "gender": who.human.sex,
        "birthDate": who.said_born.isoformat(),
    }
    if who.restricted:
        resource["meta"]["security"] = [{"system": _SECURITY, "code": "R", "display": "restricted"}]
    if who.human.ethnicity:
        code, words = ETHNICITY[who.human.ethnicity]
        coding = [{"system": _ETHNIC_CODES, "code": code, "display": words}]
        resource["extension"] = [{"url": _ETHNIC, "valueCodeableConcept": {"coding": coding}}]
    resource |= _reachable(who)
    if who.human.died:
        resource["deceasedDateTime"] = who.human.died.isoformat()
    return resource


def _nhs_number(who: Known) -> list[Json]:
    number = who.said_nhs_number
    if not number:
        return []
    coding = {
        "system": _VERIFICATION_CODES,
        "code": who.verified,
        "display": _STATUS_WORDS[who.verified],
    }
    return [
        {
            "extension": [{"url": _VERIFICATION, "valueCodeableConcept": {"coding": [coding]}}],
            "system": NHS_NUMBER_SYSTEM,
            "value": number,
        }
    ]


def _names(who: Known) -> list[Json]:
    names: list[Json] = [
        {
            "use": "official",
            "family": who.said_family,
            "given": list(who.said_given),
            "prefix": [who.human.prefix],
        }
    ]
    if who.formerly:
        names.append({"use": "maiden", "family": who.formerly, "given": list(who.said_given)})
    return names


def _reachable(who: Known) -> Json:
    home = who.said_home
    if home is None:  # restricted: the source itself sends no address and no telephone
        return {}
    telecom = [{"system": "phone", "value": home.phone, "use": "home"}]
    if who.human.mobile:
        telecom.append({"system": "phone", "value": who.human.mobile, "use": "mobile"})
    if who.human.email:
        telecom.append({"system": "email", "value": who.human.email})
    said: Json = {
        "telecom": telecom,
        "address": [
            {
                "use": "home",
                "line": [home.line],
                "city": home.town,
                "postalCode": home.postcode,
            }
        ],
        "generalPractitioner": [
            {
                "identifier": {
                    "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                    "value": home.practice,
                }
            }
        ],
    }
    if who.contact:
        name, relation, phone = who.contact
        said["contact"] = [
            {
                "relationship": [{"text": relation}],
                "name": {"text": name},
                "telecom": [{"system": "phone", "value": phone}],
            }
        ]
    return said

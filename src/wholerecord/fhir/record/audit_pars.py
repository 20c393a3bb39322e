"""An opening as NHS England's Patient Audit Record Service (PARS) has it.

Source: England-AuditEvent-PARS, a draft of NHS England, and the example of its guide: each agent is
told by the type of who it is, the person by NHS number, the program as an Endpoint. What is sent
there needs an identifier of an accredited system, which each site gets for itself: here stands this
program's name. A demonstration until NHS England has tried it.
"""

from typing import Any

from wholerecord.audit import Opening
from wholerecord.consent import Role

PARS = "https://fhir.nhs.uk/England/StructureDefinition/England-AuditEvent-PARS"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_PRODUCT = {"system": "https://fhir.nhs.uk/Id/product-id", "value": "wholerecord"}
_BALP_ENTITY = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
_OBJECT = "http://terminology.hl7.org/CodeSystem/object-role"
_SIGNED_IN = "https://wholerecord.example/Id/signed-in"
_OPENING = "https://wholerecord.example/Id/opening"


def pars(look: Opening, said: dict[str, Any], number: str, site: str) -> dict[str, Any]:
    """The opening, of which `said` is the AuditEvent, for PARS.

    `number` is the person's NHS number, "" where it is not known; `site` this server's address.
    """
    kept = ("resourceType", "id", "type", "subtype", "action", "recorded", "outcome", "outcomeDesc")
    return {
        **{name: said[name] for name in kept},
        "meta": {"profile": [PARS]},
        "purposeOfEvent": said["purposeOfEvent"],
        "agent": _agents(look),
        "source": {
            "site": site,
            "observer": {"identifier": _PRODUCT, "display": "Wholerecord"},
            "type": said["source"]["type"],
        },
        "entity": [*_person(look, number), *_request(look)],
    }


def _agents(look: Opening) -> list[dict[str, Any]]:
    """Their organisation, themselves, their role, and this program."""
    organisation: dict[str, Any] = {"type": "Organization", "display": look.organisation or "none"}
    if look.organisation:
        organisation["identifier"] = {"system": _ODS, "value": look.organisation}
    sort = "Patient" if look.role == Role.PATIENT.value else "Practitioner"
    signed_in = {"system": _SIGNED_IN, "value": look.actor}
    agents: list[dict[str, Any]] = [
        {"who": organisation, "requestor": True},
        {
            "who": {
                "type": sort,
                "identifier": signed_in,
                "display": look.name or look.actor,
            },
            "requestor": True,
        },
    ]
    if sort == "Practitioner":
        agents.append(
            {"who": {"type": "PractitionerRole", "display": look.role}, "requestor": True}
        )
    program = {"type": "Endpoint", "identifier": _PRODUCT, "display": "Wholerecord"}
    return [*agents, {"who": program, "requestor": False}]


def _person(look: Opening, number: str) -> list[dict[str, Any]]:
    if look.person is None:
        return []
    what: dict[str, Any] = {"reference": f"Patient/{look.person}"}
    if number:
        what = {"identifier": {"system": _NHS_NUMBER, "value": number}}
    person = {
        "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type",
        "code": "1",
        "display": "Person",
    }
    return [{"what": what, "type": person, "role": {"system": _OBJECT, "code": "1"}}]


def _request(look: Opening) -> list[dict[str, Any]]:
    """Which opening it is, and of which program."""
    return [
        {
            "what": {"identifier": {"system": _OPENING, "value": str(look.n)}},
            "type": {"system": _BALP_ENTITY, "code": "XrequestId"},
        },
        {
            "what": {"identifier": _PRODUCT},
            "type": {"system": "http://hl7.org/fhir/resource-types", "code": "Endpoint"},
            "role": {"system": _OBJECT, "code": "17"},
        },
    ]

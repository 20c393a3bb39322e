"""Every opening as an AuditEvent, held against what the patterns of IHE's Basic Audit Log ask.

What they ask is written here as a table, from IHE ITI Basic Audit Log Patterns (BALP) 1.1: Read,
Create, Update and Delete, each with and without a patient. Nobody here has an IHE validator.
"""

from dataclasses import replace
from typing import Any

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, site
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.fhir.record.audit_event import audit_event

Json = dict[str, Any]
_BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_PART = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_PROVENANCE = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_REST = "http://hl7.org/fhir/restful-interaction"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_SOURCES = frozenset({(_PART, "AUT"), (_PART, "INF"), (_PART, "CST")})
#: By pattern: its subtypes, its action, the types of client and server, and those of the user.
PATTERNS: dict[str, tuple[frozenset[str], str, tuple[str, str], tuple[str, str], Any]] = {
    "Read": (
        frozenset({"read", "vread"}),
        "R",
        (_DCM, "110152"),
        (_DCM, "110153"),
        frozenset({(_PART, "IRCP")}),
    ),
    "Create": (frozenset({"create"}), "C", (_DCM, "110153"), (_DCM, "110152"), _SOURCES),
    "Update": (frozenset({"update", "patch"}), "U", (_DCM, "110153"), (_DCM, "110152"), _SOURCES),
    "Delete": (frozenset({"delete"}), "D", (_DCM, "110150"), (_PROVENANCE, "custodian"), _SOURCES),
}
#: Roles that the entity of the data may have.
_DATA_ROLES = frozenset({(_ROLE, "4"), (_ROLE, "3"), (_ROLE, "20")})


def code(said: Json) -> tuple[str, str]:
    return (said.get("system", ""), said.get("code", ""))


def typed(agents: list[Json], wanted: Any) -> list[Json]:
    """The agents of any of these types."""
    return [
        one for one in agents if {code(each) for each in one["type"].get("coding", ())} & wanted
    ]


def broken(said: Json) -> list[str]:
    """What of its pattern an AuditEvent does not keep; of one that names none, nothing."""
    profiles = said.get("meta", {}).get("profile", [])
    if not profiles:
        return []
    name = profiles[0].removeprefix(_BALP)
    of_patient = name[:7] == "Patient"
    subtypes, action, client, server, users = PATTERNS[name.removeprefix("Patient")]
    rest = ("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest")
    held = {
        "type": code(said["type"]) == rest,
        "subtype": any(
            code(one) in {(_REST, each) for each in subtypes} for one in said["subtype"]
        ),
        "action": said["action"] == action,
        "recorded": bool(said.get("recorded")),
        "outcome": said["outcome"] == "0",
        "source": bool(said["source"]["observer"]),
        **_agents(said["agent"], client, server, users),
        **_entities(said["entity"], of_patient=of_patient),
    }
    return [what for what, holds in held.items() if not holds]


def _agents(agents: list[Json], client: Any, server: Any, users: Any) -> dict[str, bool]:
    held = {"agent": len(agents) >= 2}
    for which, sort in (("client", client), ("server", server)):
        found = typed(agents, {sort})
        held[which] = len(found) == 1
        held[f"{which} who"] = all(one.get("who") for one in found)
        held[f"{which} network"] = all(one.get("network") for one in found)
        held[f"{which} media"] = not any("media" in one for one in found)
    found = typed(agents, users)
    held["user"] = len(found) <= 1
    held["user who"] = all(one.get("who") for one in found)
    held["user requestor"] = all(one["requestor"] is True for one in found)
    held["user network, media"] = not any({"network", "media"} & one.keys() for one in found)
    return held


def _entities(entities: list[Json], *, of_patient: bool) -> dict[str, bool]:
    data = [one for one in entities if code(one["type"]) == (_ENTITY, "2")]
    people = [one for one in entities if code(one["type"]) == (_ENTITY, "1")]
    return {
        "data": len(data) == 1,
        "data role": all(code(one["role"]) in _DATA_ROLES for one in data),
        "data what": all(one.get("what") for one in data),
        "patient": len(people) == of_patient,
        "patient role": all(code(one["role"]) == (_ROLE, "1") for one in people),
        "patient what": all(
            one["what"].get("reference", "").partition("/")[0] == "Patient" for one in people
        ),
    }


@pytest.fixture
async def looks() -> list[Opening]:
    """An opening of every view, for every purpose, by everybody who may and some who may not."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    for role in Role:
        own = person if role is Role.PATIENT else None
        for organisation in ("RXA", "RZZ"):
            door = way.door(actor(role, organisation, person=own))
            for purpose in Purpose:
                for view in View:
                    await door.open(person, purpose=purpose, view=view, given="collapsed")
    return list(await way.store.openings(limit=10_000))


async def test_every_opening_keeps_the_pattern_that_it_names(looks: list[Opening]) -> None:
    assert {look.allowed for look in looks} == {True, False}
    for look in looks:
        for part in ("", "POST Flag", "PUT Flag/1", "DELETE Flag/1, POST Flag", "DELETE Flag/1"):
            for person in (look.person, None):
                said = audit_event(replace(look, part=part, person=person))
                assert broken(said) == []
                assert ("meta" in said) is look.allowed  # the patterns are of what succeeded


#: What is taken away or changed, and what is then found broken.
BREAKS: dict[str, Any] = {
    "type": lambda said: said["type"].update(code="other"),
    "subtype": lambda said: said["subtype"].clear(),
    "action": lambda said: said.update(action="E"),
    "outcome": lambda said: said.update(outcome="4"),
    "client": lambda said: said["agent"].pop(0),
    "server who": lambda said: said["agent"][1].pop("who"),
    "server network": lambda said: said["agent"][1].pop("network"),
    "user requestor": lambda said: said["agent"][2].update(requestor=False),
    "user network, media": lambda said: said["agent"][2].update(network={}),
    "data": lambda said: said["entity"].pop(1),
    "data what": lambda said: said["entity"][1].pop("what"),
    "patient": lambda said: said["entity"].pop(0),
    "patient what": lambda said: said["entity"][0].update(what={"reference": "Group/1"}),
}


@pytest.mark.parametrize("what", BREAKS)
async def test_what_a_pattern_asks_is_missed_where_it_is_not_there(
    looks: list[Opening], what: str
) -> None:
    said = audit_event(next(look for look in looks if look.allowed and look.person))
    BREAKS[what](said)
    assert what in broken(said)

"""An opening as FHIR AuditEvent, held against another library's model of the resource."""

from dataclasses import replace

import pytest
from fhirclient.models.auditevent import AuditEvent
from fhirclient.models.bundle import Bundle

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from tests.unit.door_web import application_of, client
from wholerecord.consent import Purpose, Role, View
from wholerecord.fhir.record.audit_event import audit_event
from wholerecord.fhir.record.audit_pars import PARS, pars

CARE = Purpose.DIRECT_CARE


@pytest.fixture
async def here():
    way, person = await site(bundle(patient("p1", NUMBER)))
    await way.door(actor(Role.DOCTOR)).open(person, purpose=CARE)
    await way.door(actor(Role.DOCTOR, "RZZ")).open(person, purpose=CARE)
    glass = {"purpose": Purpose.EMERGENCY, "given": "unconscious in resus"}
    await way.door(actor(Role.DOCTOR, "RZZ")).open(person, **glass)
    return way, person


async def test_an_opening_is_an_audit_event_that_another_library_reads(here):
    way, person = here
    for look in await way.store.openings():
        AuditEvent(audit_event(look))
        AuditEvent(audit_event(replace(look, person=None, organisation="", nth=0)))
    allowed, refused, emergency = [audit_event(look) for look in await way.store.openings()]
    assert [each["outcome"] for each in (allowed, refused, emergency)] == ["0", "4", "0"]
    said = emergency["purposeOfEvent"][0]
    assert (said["coding"][0]["code"], said["text"]) == (
        "ETREAT",
        "emergency: unconscious in resus",
    )
    assert allowed["entity"][0]["what"] == {"reference": f"Patient/{person}"}
    [user] = [agent for agent in allowed["agent"] if agent["requestor"]]
    assert user["who"]["display"] == "Some One"
    assert refused["entity"][-1]["detail"][-1]["type"] == "opening of this person"  # saw nothing


PATTERNS = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."


@pytest.mark.parametrize(
    ("view", "part", "person", "pattern", "interaction", "action", "agents"),
    [
        (View.RECORD, "", True, "PatientRead", "read", "R", "110152 110153"),
        (View.FIND, "", True, "PatientRead", "read", "R", "110152 110153"),
        (View.DESK, "", False, "Read", "read", "R", "110152 110153"),
        (View.SAY, "", True, "PatientCreate", "create", "C", "110153 110152"),
        (View.SAY, "POST Flag, POST Goal", True, "PatientCreate", "create", "C", "110153 110152"),
        (View.SAY, "PUT Flag/1", True, "PatientUpdate", "update", "U", "110153 110152"),
        (View.SAY, "PATCH Flag/1", True, "PatientUpdate", "update", "U", "110153 110152"),
        (View.SAY, "DELETE Flag/1", True, "PatientDelete", "delete", "D", "110150 custodian"),
        (View.REGISTER, "DELETE Group/1", False, "Delete", "delete", "D", "110150 custodian"),
        (View.SAY, "POST Flag, DELETE Flag/1", True, "PatientUpdate", "update", "U",
         "110153 110152"),
        (View.REGISTER, "POST Group", False, "Create", "create", "C", "110153 110152"),
        (View.RULING, "wrong", True, "PatientUpdate", "update", "U", "110153 110152"),
    ],
)  # fmt: skip
async def test_an_opening_follows_the_pattern_of_what_it_was(  # noqa: PLR0917 - a table
    here, view, part, person, pattern, interaction, action, agents
):
    way, whose = here
    [look, *_] = await way.store.openings()
    look = replace(look, view=view.value, part=part, person=whose if person else None)
    said = audit_event(look)
    AuditEvent(said)
    assert said["meta"]["profile"] == [PATTERNS + pattern]
    assert (said["subtype"][0]["code"], said["action"]) == (interaction, action)
    roles = [one["type"]["coding"][0]["code"] for one in said["agent"]]
    assert " ".join(roles[:2]) == agents
    assert all("network" in one for one in said["agent"] if not one["requestor"])
    data = [one for one in said["entity"] if one["type"]["code"] == "2"]
    assert [one.keys() for one in data] == [{"what", "type", "role"}]
    assert "meta" not in audit_event(replace(look, allowed=False))  # of what succeeded alone


async def test_governance_and_the_person_read_them_a_page_at_a_time(here):
    way, person = here
    app = application_of(way, person)
    for who in ("GOVERNANCE", "PATIENT"):
        async with client(app, who) as browser:
            url = f"AuditEvent?patient=Patient/{person}&_count=2"
            numbers = []
            while url:
                page = (await browser.get(f"/record/fhir/{url}")).json()
                Bundle(page)
                numbers += [int(one["resource"]["id"]) for one in page["entry"]]
                links = {link["relation"]: link["url"] for link in page["link"]}
                url = links.get("next")
            assert numbers[-3:] == [3, 2, 1]
            assert len(set(numbers)) == len(numbers)
    async with client(app, "DOCTOR") as browser:
        answer = await browser.get(f"/record/fhir/AuditEvent?patient={person}")
        assert answer.status_code == 403


@pytest.mark.parametrize("who", ["GOVERNANCE", "PATIENT"])
async def test_for_pars_each_agent_is_told_by_its_type_and_the_person_by_number(here, who):
    way, person = here
    async with client(application_of(way, person), who) as browser:
        url = f"/record/fhir/AuditEvent?patient={person}&_count=2&_profile={PARS}"
        page = (await browser.get(url)).json()
        Bundle(page)
        links = {link["relation"]: link["url"] for link in page["link"]}
        assert links["next"].endswith(f"&_profile={PARS}")
        said = (await browser.get(f"/record/fhir/{links['next']}")).json()["entry"][0]["resource"]
    assert said["meta"]["profile"] == [PARS]
    sorts = [one["who"]["type"] for one in said["agent"]]
    assert sorts == ["Organization", "Practitioner", "PractitionerRole", "Endpoint"]
    assert said["agent"][0]["who"]["identifier"]["value"] == "RZZ"
    [whose] = [one for one in said["entity"] if one["type"]["code"] == "1"]
    assert whose["what"] == {
        "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER}
    }
    assert said["source"]["observer"]["identifier"]["value"] == "wholerecord"


async def test_for_pars_of_somebody_without_a_number_or_of_nobody(here):
    way, person = here
    [look, *_] = await way.store.openings()
    own = replace(look, role=Role.PATIENT.value, organisation="")
    said = pars(own, audit_event(own), "", "http://here.example/")
    AuditEvent(said)
    assert [one["who"]["type"] for one in said["agent"]] == ["Organization", "Patient", "Endpoint"]
    assert said["entity"][0]["what"] == {"reference": f"Patient/{person}"}
    nobody = replace(look, person=None)
    assert len(pars(nobody, audit_event(nobody), "", "x")["entity"]) == 2


@pytest.mark.parametrize(
    "query", ["", "?patient=x&_profile=other", "?patient=x&_count=-1", "?patient=x&date=2026"]
)
async def test_a_search_that_is_not_understood_is_refused(here, query):
    way, person = here
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        assert (await browser.get(f"/record/fhir/AuditEvent{query}")).status_code == 400

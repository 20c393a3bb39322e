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
    ("view", "person", "pattern", "interaction", "action", "client"),
    [
        (View.RECORD, True, "PatientRead", "read", "R", "110152"),
        (View.FIND, True, "PatientRead", "read", "R", "110152"),
        (View.DESK, False, "Read", "read", "R", "110152"),
        (View.SAY, True, "PatientCreate", "create", "C", "110153"),
        (View.REGISTER, False, "Create", "create", "C", "110153"),
        (View.RULING, True, "PatientUpdate", "update", "U", "110153"),
    ],
)
async def test_an_opening_follows_the_pattern_of_what_it_was(  # noqa: PLR0917 - a table
    here, view, person, pattern, interaction, action, client
):
    way, whose = here
    [look, *_] = await way.store.openings()
    look = replace(look, view=view.value, person=whose if person else None)
    said = audit_event(look)
    AuditEvent(said)
    assert said["meta"]["profile"] == [PATTERNS + pattern]
    assert (said["subtype"][0]["code"], said["action"]) == (interaction, action)
    roles = [one["type"]["coding"][0]["code"] for one in said["agent"]]
    assert (roles[0], {*roles[:2]}) == (client, {"110152", "110153"})
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


@pytest.mark.parametrize("query", ["", "?patient=x&_count=-1", "?patient=x&date=2026"])
async def test_a_search_that_is_not_understood_is_refused(here, query):
    way, person = here
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        assert (await browser.get(f"/record/fhir/AuditEvent{query}")).status_code == 400

"""Where a restricted person lives is in no answer, whatever the route and whoever asks."""

import asyncio
import json
import sys

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, send, site
from tests.unit.door_web import application_of, carer_allowed, client, personas
from wholerecord.access import Found, Opened, Refused
from wholerecord.cli.show import show
from wholerecord.consent import Purpose, Role, View
from wholerecord.people.search import Search

STREET, POSTCODE, PHONE, MAIL = "1 Secret Street", "LS2 9JT", "07700 900123", "ada@example.org"
PRACTICE = "A81001"
HIDDEN = (STREET, POSTCODE, "LS29JT", PHONE, "07700900123", MAIL, PRACTICE)


def living(id: str, *, restricted: bool):
    security = {"meta": {"security": [{"code": "R"}]}} if restricted else {}
    ods = "https://fhir.nhs.uk/Id/ods-organization-code"
    return (
        patient(id, NUMBER)
        | {
            "address": [{"line": [STREET], "postalCode": POSTCODE}],
            "telecom": [{"system": "phone", "value": PHONE}, {"system": "email", "value": MAIL}],
            "generalPractitioner": [{"identifier": {"system": ods, "value": PRACTICE}}],
        }
        | security
    )


async def region():
    """Somebody whom two sources know, of which only one says that they are restricted."""
    way, person = await site(bundle(living("p1", restricted=False), condition("c1", "p1")))
    await send(way, bundle(living("p1", restricted=True)), "gp")
    alike = living("p2", restricted=False) | {"identifier": []}
    await send(way, bundle(alike), "other")
    await carer_allowed(way, person)
    return way, person


def paths(person: str) -> list[str]:
    return [
        f"/people?q={NUMBER}",
        "/people?q=EXAMPLE+1970-05-04",
        f"/people/{person}",
        f"/people/{person}/who",
        f"/people/{person}/pending",
        f"/people/{person}/safety",
        f"/people/{person}/looked",
        f"/people/{person}/condition",
        f"/people/{person}/messages/1?place=entry[0]",
        f"/people/{person}/messages/2",
        "/me",
        "/me/condition",
        "/me/who-looked",
        "/me/messages/1",
        f"/me/for/{person}",
        f"/me/for/{person}/messages/1",
        "/desk",
        f"/record/fhir/Patient/{person}",
        f"/record/fhir/Patient?identifier={NUMBER}",
        f"/record/fhir/Patient/{person}/$everything",
        f"/record/fhir/Condition?patient={person}",
        f"/record/fhir/Basic?patient={person}",
    ]


async def test_no_page_and_no_answer_of_the_api_says_where_a_restricted_person_lives():
    way, person = await region()
    app = application_of(way, person)
    answered = 0
    for persona in personas(person):
        async with client(app, persona.id) as browser:
            for path in paths(person):
                answer = await browser.get(path)
                answered += answer.status_code == 200
                for word in HIDDEN:
                    assert word not in answer.text, (persona.id, path, word)
    assert answered > 60


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.DOCTOR, Purpose.DIRECT_CARE),
        (Role.DOCTOR, Purpose.EMERGENCY),
        (Role.RECEPTIONIST, Purpose.ADMINISTRATION),
        (Role.GOVERNANCE, Purpose.SAFETY_REVIEW),
        (Role.PATIENT, Purpose.OWN_RECORD),
    ],
)
async def test_nothing_the_door_gives_holds_it(view, role, purpose):
    way, person = await region()
    door = way.door(actor(role, person=person))
    opened = await door.open(person, purpose=purpose, view=view, given="collapsed")
    if isinstance(opened, Refused):
        return
    said = [member.demographics for member in opened.members]
    if opened.record.who:
        said += [opened.record.who.best, *(one for _, one in opened.record.who.said_by)]
    for one in said:
        assert (one.addresses, one.phones, one.emails, one.practice) == ((), (), (), "")
    assert any(one.restricted for one in said) or not said


async def test_neither_a_search_nor_the_desk_holds_it():
    way, person = await region()
    found = await way.door(actor(Role.DOCTOR)).find(Search.of(NUMBER))
    assert not isinstance(found, Refused)
    desk = await way.door(actor(Role.GOVERNANCE)).desk()
    assert not isinstance(desk, Refused)
    [mine] = [one for one in found if one.person == person]
    listed = [*mine.members, *(m for _, _, theirs in desk.reviews for m in theirs)]
    assert listed
    assert not any(one.demographics.addresses for one in listed)


async def test_it_is_withheld_of_the_past_too_once_it_is_restricted():
    way, person = await site(bundle(living("p1", restricted=False)))
    door = way.door(actor(Role.DOCTOR))
    before = (await door.open(person, purpose=Purpose.DIRECT_CARE)).opening.at
    await send(way, bundle(living("p1", restricted=True)), "gp")
    opened = await door.open(person, purpose=Purpose.DIRECT_CARE, at=before)
    assert isinstance(opened, Opened)
    assert opened.record.who
    assert opened.record.who.best.addresses == ()


async def test_anybody_elses_line_in_a_list_has_the_postcode_and_no_street():
    way, _ = await site(bundle(living("p1", restricted=False)))
    found = await way.door(actor(Role.DOCTOR)).find(Search.of(NUMBER))
    assert isinstance(found, tuple)
    [line] = found
    assert isinstance(line, Found)
    [member] = line.members
    assert [one.postcode for one in member.demographics.addresses] == [POSTCODE]
    assert not any(one.lines for one in member.demographics.addresses)
    assert member.demographics.phones == ()


def test_the_command_line_does_not_say_it_either(monkeypatch):
    way, _ = asyncio.run(region())
    said: list[str] = []
    module = sys.modules["wholerecord.cli.show"]
    monkeypatch.setattr(module, "on_store", lambda work: asyncio.run(work(way.store)))
    monkeypatch.setattr(module, "print_json", lambda shown: said.append(json.dumps(shown)))
    for arguments in ([NUMBER, "--json"], [NUMBER]):
        result = CliRunner().invoke(show, arguments)
        assert result.exit_code == 0, result.output
        said.append(result.output)
    assert "Stroke" in "".join(said)
    assert not any(word in text for text in said for word in HIDDEN)

"""Sources are asked to put right what was ruled wrong, and are told nothing but what they said."""

import json
import re
from datetime import timedelta

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import application_of, client
from tests.unit.receiver import receiving
from tests.unit.test_wrong_facts import IN_ERROR, of
from wholerecord.access import Actor, Refused
from wholerecord.access.corrected import close_corrected
from wholerecord.access.corrections import State
from wholerecord.app.carriers import Carriers, FhirServer, Letters, letter
from wholerecord.app.correcting import see_to_corrections, send_corrections
from wholerecord.app.receivers import Receivers
from wholerecord.app.sender import Sender
from wholerecord.app.sending import NotSent
from wholerecord.care.requests import as_message, as_task, lines, sentence
from wholerecord.consent import Role, View
from wholerecord.errors import Incorrect
from wholerecord.fold import BLAMING, About, Verdict
from wholerecord.intake.channels import BadChannels, channels
from wholerecord.record import PatientKey

MINE = PatientKey("pas", "p1").id
C0, C1 = About(MINE, "Condition", "c0"), About(MINE, "Condition", "c1")
SECRET = "the hospital's film shows HIV"
HIP = {"code": {"text": "Hip fracture"}, "bodySite": [{"text": "left hip"}]}


class Carried:
    """A way out that remembers what went; it carries nothing while `ill`."""

    via = "a test"

    def __init__(self) -> None:
        self.asked = []
        self.ill = False

    async def carry(self, asked) -> None:
        if self.ill:
            raise NotSent
        self.asked.append(asked)


@pytest.fixture
async def here():
    first = condition("c0", "p1", **HIP)
    return await site(bundle(patient("p1", NUMBER), first, condition("c1", "p1")))


async def ruled(way, person, verdict=Verdict.WRONG, about=(C0,), **more):
    done = await way.door(of("DOCTOR")).rule(person, verdict, about, why=SECRET, **more)
    assert not isinstance(done, Refused), done.reason
    return done


async def sent(way) -> list:
    carried = Carried()
    await send_corrections(way, Carriers(letters=carried))
    return carried.asked


async def states(way) -> list[State]:
    found = [await way.store.correction(n) for n in range(1, 4)]
    return [one.state for one in found if one]


async def test_a_ruling_through_the_door_is_sent_to_its_source_and_written_down(here):
    way, person = here
    await ruled(way, person)
    [asked] = await sent(way)
    assert (asked.title, asked.organisation, asked.nhs_number) == ("PAS", "RXA", NUMBER)
    assert await states(way) == [State.SENT]
    assert await sent(way) == []
    [look] = [one for one in await way.store.openings() if one.actor == "corrections"]
    assert (look.person, look.view, look.part) == (
        person,
        View.PROVENANCE.value,
        "correction 1 to pas",
    )
    [line] = await way.store.departures()
    assert (line.sort, line.openings) == ("correction", (look.n,))


async def test_what_does_not_go_is_tried_again(here):
    way, person = here
    await ruled(way, person)
    carried = Carried()
    carried.ill = True
    assert await send_corrections(way, Carriers(letters=carried)) == 0
    assert await states(way) == [State.TO_SEND]
    carried.ill = False
    await way.store.correction_failed(1, again=0)
    assert await send_corrections(way, Carriers(letters=carried)) == 1


async def test_nothing_goes_where_no_rule_lets_it(here):
    way, person = here
    await ruled(way, person)
    for rule in await way.store.rules():
        if rule.actor == "corrections":
            await way.store.end_rule(rule.n)
    assert await sent(way) == []
    assert await way.store.departures() == []
    assert await states(way) == [State.TO_SEND]


@pytest.mark.parametrize("verdict", sorted(BLAMING, key=lambda each: each.value))
async def test_a_source_is_told_nothing_that_it_did_not_say(here, verdict):
    way, person = here
    if verdict is Verdict.UPHELD:
        await way.store.rule(Verdict.DISPUTED, [C0], by="PATIENT", why=SECRET)
    about = (C1, C0) if verdict is Verdict.SUPERSEDED else (C0,)
    ruling = await ruled(way, person, verdict, about, side="right")
    [asked] = await sent(way)
    assert sentence(asked)
    for body in (as_task(asked), as_message(asked), dict(lines(asked))):
        text = json.dumps(body)
        for word in (SECRET, "DOCTOR", "EXAMPLE", "Ada", "1970", "Stroke", "fracture", person):
            assert word not in text
        assert "c0" in text
        assert "c1" not in text
    assert asked.correction.ruling == ruling.n
    assert ("right" in json.dumps(as_task(asked)["input"])) if verdict is Verdict.SIDE else True


async def test_a_number_that_the_source_never_sent_is_not_sent_to_it():
    unnumbered = patient("p1", NUMBER) | {"identifier": [{"system": "x", "value": "1"}]}
    way, person = await site(bundle(patient("p1", NUMBER), condition("c9", "p1")))
    await send(way, bundle(unnumbered, condition("c0", "p1")), "gp")
    other = PatientKey("gp", "p1").id
    whose = await way.store.person_of(other)
    if whose != person:
        await way.store.join(other, person, by="ann", why="the same")
    await ruled(way, person, about=(About(other, "Condition", "c0"),))
    [asked] = await sent(way)
    assert asked.nhs_number == ""
    assert NUMBER not in json.dumps(as_task(asked))


async def test_a_withdrawn_ruling_takes_its_request_back_by_a_message(here):
    way, person = here
    ruling = await ruled(way, person)
    await sent(way)
    assert await way.door(of("DOCTOR")).withdraw(person, ruling.n) is None
    [asked] = await sent(way)
    assert asked.retracts
    task = as_task(asked)
    assert task["identifier"][0]["value"] == "1-taken-back"
    assert task["focus"]["identifier"]["value"] == "1"
    assert await states(way) == [State.RETRACTED]


@pytest.mark.parametrize(
    ("verdict", "change", "closes"),
    [
        (Verdict.WRONG, IN_ERROR, True),
        (Verdict.WRONG, {"verificationStatus": {"coding": [{"code": "refuted"}]}}, True),
        (Verdict.WRONG, {"onsetDateTime": "2023"}, False),
        (Verdict.WRONG_PERSON, IN_ERROR, True),
        (Verdict.WRONG_PERSON, {"verificationStatus": {"coding": [{"code": "refuted"}]}}, False),
        (Verdict.SIDE, {"bodySite": [{"text": "right hip"}]}, True),
        (Verdict.SIDE, {"bodySite": [{"text": "left hip joint"}]}, False),
        (Verdict.SIDE, IN_ERROR, True),
        (Verdict.SUPERSEDED, {"clinicalStatus": {"coding": [{"code": "resolved"}]}}, True),
        (Verdict.SUPERSEDED, {"clinicalStatus": {"coding": [{"code": "active"}]}}, False),
        (Verdict.UPHELD, {"onsetDateTime": "2023"}, True),
        (Verdict.UPHELD, {"meta": {"versionId": "2"}}, False),
    ],
)
async def test_a_message_that_does_what_was_asked_closes_the_request(here, verdict, change, closes):
    way, person = here
    if verdict is Verdict.UPHELD:
        await way.store.rule(Verdict.DISPUTED, [C0], by="PATIENT", why="no")
    about = (C1, C0) if verdict is Verdict.SUPERSEDED else (C0,)
    await ruled(way, person, verdict, about, side="right")
    assert await close_corrected(way.store) == 0
    await send(way, bundle(patient("p1", NUMBER), condition("c0", "p1", **(HIP | change))))
    assert (await close_corrected(way.store), await close_corrected(way.store)) == (closes, 0)
    [one] = [await way.store.correction(1)]
    assert one.state is (State.CORRECTED if closes else State.TO_SEND)
    if closes:
        assert re.fullmatch(r"message \d+ did what was asked", one.reply)
        assert await sent(way) == []


async def test_all_that_is_done_in_one_round(here, monkeypatch):
    way, person = here
    monkeypatch.setattr("wholerecord.storage.memory.corrections.ANSWER_WITHIN", timedelta(0))
    await ruled(way, person)
    await see_to_corrections(way, Carriers(letters=Carried()))
    one = await way.store.correction(1)
    assert one.state is State.SENT
    assert one.escalated is not None


async def test_a_side_has_to_be_one_and_a_dispute_to_be_there(here):
    way, person = here
    door = way.door(of("DOCTOR"))
    with pytest.raises(Incorrect):
        await door.rule(person, Verdict.SIDE, [C0], why=SECRET)
    for about in ([C0], [C0, C0]):
        with pytest.raises(Incorrect):
            await door.rule(person, Verdict.SUPERSEDED, about, why=SECRET)
    refused = await door.rule(person, Verdict.UPHELD, [C0], why=SECRET)
    assert isinstance(refused, Refused)
    assert "nobody disputes" in refused.reason


async def test_only_governance_answers_and_it_is_written_down(here):
    way, person = here
    await ruled(way, person)
    assert isinstance(await way.door(of("DOCTOR")).corrections(), Refused)
    desk = way.door(Actor(id="ann", name="Ann", role=Role.GOVERNANCE, organisation="RXA"))
    [(one, whose)] = await desk.corrections()
    assert (one.source, whose) == ("pas", person)
    with pytest.raises(Incorrect):
        await desk.answer_correction(1, State.SENT, why="no answer")
    assert await desk.own_correction(1, "bob") is None
    assert await desk.answer_correction(1, State.DECLINED, why="we think it right") is None
    parts = [look.part for look in await way.store.openings() if look.actor == "ann"]
    assert parts[1:] == ["correction 1: owner", "correction 1: declined"]
    assert isinstance(await way.door(of("DOCTOR")).letter(1), Refused)


async def test_a_letter_is_written_once_under_one_name(here, tmp_path):
    way, person = here
    await ruled(way, person)
    [asked] = await sent(way)
    assert letter(asked).startswith(b"%PDF")
    for _ in range(2):
        await Letters(tmp_path / "out").carry(asked)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["correction-1.pdf"]
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSent):
        await Letters(tmp_path / "file" / "x").carry(asked)


async def test_a_task_is_posted_to_a_base_that_the_site_lists(here):
    way, person = here
    await ruled(way, person)
    async with receiving() as receiver:
        base = receiver.url.rpartition("/")[0]
        listed = Sender(receivers=Receivers.parse(f"inside:{base}"))
        carriers = Carriers(
            letters=Carried(), by_source={"pas": FhirServer(base, Sender(receivers=Receivers()))}
        )
        assert await send_corrections(way, carriers) == 0
        await way.store.correction_failed(1, again=0)
        carriers = Carriers(letters=Carried(), by_source={"pas": FhirServer(base, listed)})
        assert await send_corrections(way, carriers) == 1
    one = await way.store.correction(1)
    assert one.via == "FHIR Task"


BY_FHIR = '[[corrections]]\nsource = "gp"\nfhir = "https://gp.example/fhir"\n'
BY_MESH = (
    '[[corrections_mesh]]\nsource = "lab"\nto = "B"\nurl = "https://m"\nmailbox = "A"\n'
    'password = "p"\nshared_key = "k"\n'
)


def test_channels_say_how_a_source_is_asked():
    found = channels(BY_FHIR + BY_MESH)
    assert [each.source for each in (*found.corrections, *found.corrections_mesh)] == ["gp", "lab"]
    for said, why in (
        (BY_FHIR + BY_FHIR, "twice"),
        (BY_FHIR.replace("https://gp.example/fhir", "gp"), "no address"),
        (BY_FHIR.replace('"gp"', '""'), "no source"),
        (BY_MESH.replace('"B"', '"A"'), "asks nobody"),
        (BY_FHIR + BY_MESH.replace('"lab"', '"gp"'), "twice"),
    ):
        with pytest.raises(BadChannels, match=why):
            channels(said)


async def test_the_pages_show_what_was_ruled_and_what_its_source_was_asked(here):
    way, person = here
    app = application_of(way, person)
    record = await way.folds.whole(await way.store.members(person))
    [hip] = [one for one in record.entries if one.said_by[0].id == "c0"]
    async with client(app, "DOCTOR") as browser:
        page = (await browser.get(f"/people/{person}/entries/{hip.key}")).text
        [form, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page)
        about = f"{MINE}/Condition/c0"
        said = {"form": form, "verdict": "side", "side": "right", "about": about,
                "kind": "condition", "why": "seen on the film"}  # fmt: skip
        assert (await browser.post(f"/people/{person}/rulings", data=said)).status_code == 303
        page = (await browser.get(f"/people/{person}/entries/{hip.key}")).text
        assert "side corrected: right" in page
        assert "PAS says left" in page
        assert "PAS will be asked to put it right" in page
        listed = (await browser.get(f"/people/{person}/condition")).text
        assert "Side corrected" in listed
    async with client(app, "PATIENT") as browser:
        page = (await browser.get(f"/me/entries/{hip.key}")).text
        assert "PAS will be asked to put it right" in page
        assert "corrected the side" in (await browser.get("/me")).text
    async with client(app, "GOVERNANCE") as browser:
        page = (await browser.get("/desk/corrections")).text
        assert "Request 1 to pas: to send" in page
        assert NUMBER in (await browser.get("/desk/corrections/1")).text
        [form, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page)
        said = {"form": form, "n": "1", "to": "bob", "answer": "declined", "why": "it is right"}
        assert (await browser.post("/desk/corrections/owner", data=said)).status_code == 303
        assert "With bob" in (await browser.get("/desk/corrections")).text
        assert (await browser.post("/desk/corrections", data=said)).status_code == 303
        assert "Nothing is asked" in (await browser.get("/desk/corrections")).text
    async with client(app, "DOCTOR") as browser:
        page = (await browser.get(f"/people/{person}/entries/{hip.key}")).text
        assert "PAS declined to change it" in page
        assert "it is right" in page


async def test_what_was_superseded_is_struck_through_and_can_be_undone_on_its_page(here):
    way, person = here
    app = application_of(way, person)
    record = await way.folds.whole(await way.store.members(person))
    [hip] = [one for one in record.entries if one.said_by[0].id == "c0"]
    async with client(app, "DOCTOR") as browser:
        page = (await browser.get(f"/people/{person}/entries/{hip.key}")).text
        [form, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page)
        said = {
            "form": form,
            "verdict": "superseded",
            "about": f"{MINE}/Condition/c0",
            "instead": f"{MINE}/Condition/c1",
            "kind": "condition",
            "why": "revised in clinic",
        }
        assert (await browser.post(f"/people/{person}/rulings", data=said)).status_code == 303
        listed = (await browser.get(f"/people/{person}/condition")).text
        assert "Superseded" in listed
        page = (await browser.get(f"/people/{person}/entries/{hip.key}")).text
        assert "Ruled superseded by DOCTOR: revised in clinic" in page
        undo = {"form": form, "n": "1", "kind": "condition"}
        answer = await browser.post(f"/people/{person}/rulings/withdraw", data=undo)
        assert answer.status_code == 303
        assert "Superseded" not in (await browser.get(f"/people/{person}/condition")).text


async def test_fhir_says_what_was_ruled_and_by_whom(here):
    way, person = here
    await ruled(way, person, Verdict.SIDE, (C0,), side="right")
    await ruled(way, person, Verdict.WRONG, (C1,))
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:
        said = (await browser.get(f"/record/fhir/Patient/{person}/$everything")).json()
        found = [one["resource"] for one in said["entry"]]
        searched = await browser.get(
            f"/record/fhir/Condition?patient={person}&_revinclude=Provenance:target"
        )
        ids = {one["resource"]["id"] for one in searched.json().get("entry", ())}
    [side] = [one for one in found if one["id"] == "ruling-1"]
    assert side["activity"]["text"] == "Side corrected to right"
    assert (side["reason"][0]["text"], side["agent"][0]["who"]["display"]) == (SECRET, "DOCTOR")
    conditions = [one for one in found if one["resourceType"] == "Condition"]
    [hip] = [one for one in conditions if "bodySite" in one]
    [wrong] = [one for one in conditions if "bodySite" not in one]
    assert hip["bodySite"] == [{"text": "right"}]
    assert "As said: pas says left" in hip["note"][0]["text"]
    assert side["target"] == [{"reference": f"Condition/{hip['id']}"}]
    assert wrong["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
    assert "clinicalStatus" not in wrong
    assert {"ruling-1", "ruling-2"} <= ids

"""What was read before is remembered, and never given where it would not be given afresh."""

from tests.conformance.fhir_server import Client, doorway, observation, patient, someone
from tests.e2e.deliveries import bundle, condition
from tests.e2e.deliveries import patient as feeds_patient
from tests.unit.door_site import SECRET, secret
from wholerecord.access import Doorway
from wholerecord.access.read_before import ReadBefore
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle


async def with_one(store, *, number="9990000018", way=None, **more):
    way = way or await doorway(store)
    ask = Client(way)
    made = await ask.made(patient(number, **more))
    one = (await ask("POST", "Observation", observation(f"Patient/{made['id']}"))).json()
    return way, ask, made, f"Observation/{one['id']}"


async def looks(store):
    return [(one.allowed, one.part) for one in await store.openings() if one.view == "record"]


async def test_each_time_it_is_read_is_one_opening_and_the_newest(store):
    _, ask, made, path = await with_one(store)
    for _ in range(3):
        assert (await ask("GET", path)).headers["etag"] == 'W/"1"'
    assert await looks(store) == [(True, path)] * 3
    changed = observation(f"Patient/{made['id']}", "5.10", id=path.partition("/")[2])
    assert (await ask("PUT", path, changed)).status_code == 200
    before = len(await looks(store))
    again = await ask("GET", path)
    assert (again.headers["etag"], b"5.10" in again.content) == ('W/"2"', True)
    assert len(await looks(store)) == before + 1
    await ask.made({"resourceType": "Patient", "name": [{"family": "Another"}]})
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'
    assert (await ask("DELETE", path)).status_code == 204
    assert (await ask("GET", path)).status_code == 410
    assert (await ask("GET", path)).status_code == 410


async def test_what_another_program_wrote_is_read(store):
    _, ask, made, path = await with_one(store)
    assert (await ask("GET", path)).headers["etag"] == 'W/"1"'
    other = Client(Doorway(store))
    changed = observation(f"Patient/{made['id']}", "5.10", id=path.partition("/")[2])
    assert (await other("PUT", path, changed)).status_code == 200
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'
    found = await ask("GET", f"Observation?patient={made['id']}&code=2823-3")
    assert b"5.10" in found.content
    assert b"4.50" not in found.content


async def test_who_may_not_see_it_does_not_though_another_just_did(store):
    way, ask, _, path = await with_one(store)
    for _ in range(2):
        assert (await ask("GET", path)).status_code == 200
        for role in (Role.SOCIAL_WORKER, Role.RECEPTIONIST):
            assert (await Client(way, someone(role))("GET", path)).status_code == 404
        assert (await Client(way, someone(organisation="RYY"))("GET", path)).status_code == 404
    [person] = await store.people()
    reason = "not for doctors"
    await store.add_rule(
        Rule(
            allow=False,
            purpose=Purpose.DIRECT_CARE,
            reason=reason,
            role=Role.DOCTOR,
            person=person,
        )
    )
    assert (await ask("GET", path)).status_code == 404


async def test_what_was_withheld_since_is_not_there(store):
    way = await doorway(store)
    said = bundle(feeds_patient("p1", "9990000018"), condition("c1", "p1"))
    await store.keep(Arrival(source="pas", body=said, name="x"))
    await settle(store, prepare_here)
    logical = LogicalId.of(PatientKey("pas", "p1").id, "s1")
    ask = Client(way)
    for _ in range(2):
        assert (await ask("GET", f"Condition/{logical.text}")).status_code == 404
    await store.keep(
        Arrival(source="pas", body=bundle(feeds_patient("p1", "9990000018"), secret()), name="y")
    )
    await settle(store, prepare_here)
    for _ in range(2):
        answer = await ask("GET", f"Condition/{logical.text}")
        assert answer.status_code == 404
        assert SECRET not in answer.text


async def test_of_whom_it_is_now_decides_who_reads_it(store):
    way, ask, made, path = await with_one(store)
    assert (await ask("GET", path)).status_code == 200
    _, _, other, _ = await with_one(
        store, number="9990000026", way=way, name=[{"family": "Else"}], birthDate="1990-01-01"
    )
    here = LogicalId.parse(made["id"]).patient
    there = LogicalId.parse(other["id"]).patient
    moved = [one.person for one in await store.newest([("Patient", LogicalId.parse(other["id"]))])]
    await store.join(here, moved[0], by="dr", why="one person")
    answer = await ask("GET", path)
    assert answer.status_code == 200, answer.text
    persons = [one.person for one in await store.openings() if one.part == path]
    assert persons[-1] == moved[0]
    refused = Rule(
        allow=False, purpose=Purpose.DIRECT_CARE, reason="no", role=Role.DOCTOR, person=moved[0]
    )
    await store.add_rule(refused)
    assert (await ask("GET", path)).status_code == 404
    assert (await ask("GET", f"Observation?patient={made['id']}")).status_code == 403
    assert there != here


async def test_a_parameter_that_somebody_defines_is_refused_and_never_half_answered(store):
    _, ask, made, _ = await with_one(store)
    await ask.made(
        {
            "resourceType": "SearchParameter",
            "url": "https://trust.example/SearchParameter/colour",
            "name": "colour",
            "status": "active",
            "description": "Favourite colour",
            "code": "colour",
            "base": ["Patient"],
            "type": "token",
            "expression": "Patient.extension('https://trust.example/colour').value",
        }
    )
    asked = f"Patient?_id={made['id']}&colour=blue"
    assert (await ask("GET", asked)).status_code == 400
    lenient = await ask("GET", asked, prefer="handling=lenient")
    assert "left out" in lenient.text, lenient.text


async def test_an_xml_patch_is_a_version_or_nothing(store):
    _, ask, _, path = await with_one(store)
    media = {"content_type": "application/xml-patch+xml"}

    def diff(said):
        return f"<diff xmlns='http://hl7.org/fhir'>{said}</diff>".encode()

    good = diff('<replace sel="Observation/status/@value">amended</replace>')
    answer = await ask("PATCH", path, good, **media)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert answer.json()["status"] == "amended"
    assert b'"value":4.50' in answer.content
    for bad in (
        '<replace sel="Observation/status/@value">no such code</replace>',
        '<remove sel="Observation/status"/>',
        '<remove sel="Observation/nothing"/>',
        '<replace sel="Observation/id/@value">x</replace>',
    ):
        answer = await ask("PATCH", path, diff(bad), **media)
        assert answer.status_code == 422, (bad, answer.text)
        assert answer.json()["issue"][0]["diagnostics"]
    assert (await ask("PATCH", path, b"<diff/>", **media)).status_code == 400
    assert (await ask("GET", path)).headers["etag"] == 'W/"2"'


async def test_what_is_remembered_is_bounded_and_of_nobody_is_nothing(store):
    _, ask, made, path = await with_one(store)
    ids = [("Observation", path.partition("/")[2]), ("Patient", made["id"])]
    asked = [(kind, LogicalId.parse(one)) for kind, one in ids]
    one, other = await store.newest_as_of(asked)
    known = ReadBefore(most=len(one[0].statement.body) + 600)
    known.remember("Observation", *one)
    assert known.of(*asked[0]).t == one[1] == 2
    known.remember("Patient", *other)
    assert known.of(*asked[0]) is None
    assert known.of(*asked[1]) is not None
    staff = await ask.made({"resourceType": "Practitioner", "name": [{"family": "Tesfaye"}]})
    [shared] = await store.newest_as_of([("Practitioner", LogicalId.parse(staff["id"]))])
    known.remember("Practitioner", *shared)
    assert known.of("Practitioner", shared[0].id) is None
    nobody = LogicalId.of(PatientKey("nobody", "1").id, "x")
    assert await store.newest_as_of([("Patient", nobody)]) == [(None, 0)]
    gone = LogicalId.of(asked[1][1].patient, "x")
    assert await store.newest_as_of([("Patient", gone)]) == [(None, 2)]

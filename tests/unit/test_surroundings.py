"""What could not be filed is on the first screen of whom it is about, and of nobody else."""

from wholerecord.access import Actor, Doorway, Opened
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.intake import Arrival
from wholerecord.intake.prepare import prepare_aside
from wholerecord.people.decide import decide
from wholerecord.record import PatientKey, PersonId, Source
from wholerecord.storage.memory import Store

GRACE, PETER = "RXX:H1", "RXX:H2"


def adt(control: str, number: str, name: str, born: str, *, event: str = "ADT^A01"):
    text = (
        f"MSH|^~\\&|PAS|RXX|WR|WR|20260302091500||{event}|{control}|P|2.4\r"
        f"PID|1||{number}^^^RXX^MR||{name}||{born}|F\r"
    )
    return Arrival(source="acute", body=text.encode(), name="mllp")


async def parked_of(way: Doorway, person: PersonId | None) -> list[str]:
    assert person
    doctor = Actor(id="dr", name="Dr", role=Role.DOCTOR, organisation="RXX")
    found = await way.door(doctor).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(found, Opened)
    return [item.reason for item in found.parked]


async def test_an_unreadable_message_is_shown_to_whoever_opens_its_patient_and_nobody_elses():
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="acute", controller="RXX", title="Aire Valley"))
    for arrival in (
        adt("1", "H1", "Okafor^Grace", "19480302"),
        adt("2", "H2", "Marsh^Peter", "19510907"),
        adt("3", "H1", "Okafor^Grace", "19480302", event="ZZZ^Z99"),
        Arrival(source="acute", body=b"\x00 not a message", name="mllp"),
    ):
        await store.keep(arrival)
    while await store.file_waiting(prepare_aside):
        pass
    while await store.link_waiting(decide):
        pass
    way = Doorway(store)
    grace = await store.person_of(PatientKey("acute", GRACE).id)
    peter = await store.person_of(PatientKey("acute", PETER).id)
    assert await parked_of(way, grace) == ["NOT_READ_YET", "NOT_RECOGNISED"]
    assert await parked_of(way, peter) == ["NOT_RECOGNISED"]

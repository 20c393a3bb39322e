"""Of an original only what this record shows leaves the door, whatever the form."""

import json

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, actor, secret, send, site
from wholerecord.access import Original, Refused
from wholerecord.access.original import LIVES, NOTHING_SHOWN
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.people.search import Search

OTHER = "9990000026"
HEADER = "Person ID,NHS No,Surname,Forename,Born,Service,From"
MINE = f"7,{NUMBER},EXAMPLE,Ada,1970-05-04,Day centre,2024-01-02"
THEIRS = f"8,{OTHER},ELSEWHERE,Bo,1950-01-01,Meals,2024-01-02"


async def original(*messages, role=Role.DOCTOR, number=None):
    """What a doctor is given of the last of these (source, body), looking for whoever has NUMBER.

    The number of the message, when another than the last is asked for.
    """
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    last = 1
    for source, body in messages:
        last = await send(way, body, source)
    door = way.door(actor(role))
    return await door.message(person, number or last, purpose=Purpose.DIRECT_CARE)


def all_text(given: Original | Refused) -> str:
    assert isinstance(given, Original)
    return (given.whole or b"").decode() + "".join(piece.text for piece in given.pieces)


async def test_to_the_person_too_nothing_that_is_cut_is_whole():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    me = way.door(actor(Role.PATIENT, person=person))
    given = await me.message(person, 1, purpose=Purpose.OWN_RECORD)
    assert isinstance(given, Original)
    assert given.whole is None  # whether it is would say whether a source keeps something from them
    assert [one.place for one in given.pieces] == ["entry[0]", "entry[1]"]


async def test_where_nothing_is_kept_from_anybody_a_message_leaves_whole():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    for rule in await way.store.rules():
        if rule.withholds and rule.purpose is Purpose.OWN_RECORD:
            await way.store.end_rule(rule.n)
    me = way.door(actor(Role.PATIENT, person=person))
    given = await me.message(person, 1, purpose=Purpose.OWN_RECORD)
    assert isinstance(given, Original)
    assert given.whole == bundle(patient("p1", NUMBER), condition("c1", "p1"))
    assert given.pieces == ()


async def test_to_staff_nothing_that_is_cut_is_whole_lest_that_say_what_is_hidden():
    given = await original()
    assert isinstance(given, Original)
    assert given.whole is None
    assert [one.place for one in given.pieces] == ["entry[0]", "entry[1]"]


async def test_of_a_table_of_two_people_only_the_header_and_ones_own_rows_leave():
    table = f"{HEADER}\r\n{MINE}\r\n{THEIRS}\r\n".encode()
    given = await original(("social", table))
    assert isinstance(given, Original)
    assert given.whole is None
    assert [(one.place, one.text) for one in given.pieces] == [("", HEADER), ("line 2", MINE)]
    assert given.places == {"line 2"}


async def test_a_row_with_a_line_break_in_it_is_cut_whole():
    broken = MINE.replace("Day centre", '"Day\ncentre"')
    table = f"{HEADER}\n{THEIRS}\n{broken}\n{THEIRS[:1]}9{THEIRS[1:]}\n".encode()
    given = await original(("social", table))
    assert isinstance(given, Original)
    assert [one.text for one in given.pieces] == [HEADER, broken]


async def test_a_row_nobody_could_read_does_not_leave_with_the_others():
    table = f"{HEADER}\n{MINE}\n9,,NOBODY,Al,,Meals,no date\n".encode()
    assert "NOBODY" not in all_text(await original(("social", table)))


async def test_of_a_bundle_of_two_people_only_ones_own_entries_leave():
    both = bundle(
        patient("p1", NUMBER),
        patient("p2", OTHER) | {"name": [{"family": "ELSEWHERE", "given": ["Bo"]}]},
        condition("c2", "p2"),
        condition("c1", "p1"),
    )
    given = await original(("other", both))
    assert isinstance(given, Original)
    assert given.whole is None
    assert given.places == {"entry[0]", "entry[3]"}
    assert [one.place for one in given.pieces] == ["entry[0]", "entry[3]"]
    assert [json.loads(one.text)["resource"]["id"] for one in given.pieces] == ["p1", "c1"]


@pytest.mark.parametrize("form", ["lines", "array", "nested"])
async def test_other_envelopes_of_two_people_are_cut_too(form):
    resources = [
        patient("p2", OTHER) | {"name": [{"family": "ELSEWHERE"}]},
        patient("p1", NUMBER),
        condition("c1", "p1"),
    ]
    body = {
        "lines": b"\n".join(json.dumps(one).encode() for one in resources),
        "array": json.dumps(resources).encode(),
        "nested": bundle(*(json.loads(bundle(one)) for one in resources[:1]), *resources[1:]),
    }[form]
    text = all_text(await original(("other", body)))
    assert "ELSEWHERE" not in text
    assert OTHER not in text
    assert "Stroke" in text


async def test_what_stands_within_an_entry_and_is_anothers_takes_the_entry_with_it():
    contained = condition("c1", "p1") | {
        "contained": [patient("p9", OTHER) | {"name": [{"family": "ELSEWHERE"}]}],
        "recorder": {"reference": "#p9"},
        "subject": {"reference": "#p9"},
    }
    given = await original(("other", bundle(patient("p1", NUMBER), contained)))
    if isinstance(given, Original):
        assert "ELSEWHERE" not in all_text(given)


def hl7(number: str, nhs: str, name: str, *more: str, id: str = "1") -> str:
    return "\r".join(
        (
            f"MSH|^~\\&|PAS|RXA|WR|WR|20260301||ADT^A01|{id}|P|2.5.1",
            f"PID|1||{number}^^^PAS^MR~{nhs}^^^NHS^NH||{name}||19700504|F",
            "PV1|1|I|WARD^1||||||||||||||||V1",
            *more,
            "",
        )
    )


async def test_of_a_batch_of_messages_only_ones_own_leave():
    batch = "BHS|^~\\&\r" + "".join(
        (
            hl7("H2", OTHER, "ELSEWHERE^Bo", "DG1|1||^Gout", id="1"),
            hl7("H1", NUMBER, "EXAMPLE^Ada", "DG1|1||^Asthma", "NTE|1||a note", id="2"),
            "BTS|2\r",
        )
    )
    given = await original(("other", batch.encode()))
    text = all_text(given)
    assert "Asthma" in text
    assert "a note" in text
    assert "Gout" not in text
    assert "ELSEWHERE" not in text


async def test_of_one_message_with_two_patients_only_ones_own_segments_leave():
    results = "\r".join(
        (
            "MSH|^~\\&|LAB|RXA|WR|WR|20260301||ORU^R01|7|P|2.5.1",
            f"PID|1||H2^^^PAS^MR~{OTHER}^^^NHS^NH||ELSEWHERE^Bo||19500101|M",
            "OBR|1|||2823-3^Potassium^LN|||20260301",
            "OBX|1|NM|2823-3^Potassium^LN||6.4|mmol/L|||||F",
            f"PID|2||H1^^^PAS^MR~{NUMBER}^^^NHS^NH||EXAMPLE^Ada||19700504|F",
            "OBR|2|||2823-3^Potassium^LN|||20260301",
            "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|||||F",
            "",
        )
    )
    text = all_text(await original(("other", results.encode())))
    assert "4.1" in text
    assert "6.4" not in text
    assert "ELSEWHERE" not in text


async def test_a_form_that_cannot_be_cut_leaves_whole_or_not_at_all():
    def point(person: str, value: int) -> dict:
        return {
            "header": {
                "id": f"i{person}{value}",
                "creation_date_time": "2026-03-01T08:00:00Z",
                "schema_id": {"namespace": "omh", "name": "heart-rate", "version": "1.1"},
                "user_id": person,
            },
            "body": {
                "heart_rate": {"value": value, "unit": "beats/min"},
                "effective_time_frame": {"date_time": "2026-03-01T08:00:00Z"},
            },
        }

    given = await original(("other", json.dumps([point("x", 61), point("y", 99)]).encode()))
    assert isinstance(given, Refused)


async def test_what_is_withheld_of_a_message_does_not_leave_with_the_rest():
    body = bundle(patient("p1", NUMBER), condition("c1", "p1"), secret())
    given = await original(("pas", body))
    assert isinstance(given, Original)
    assert SECRET not in all_text(given)
    assert given.places == {"entry[0]", "entry[1]"}


async def test_a_sealed_statement_that_was_replaced_is_in_no_original():
    sealed = bundle(patient("p1", NUMBER), secret())
    later = bundle(
        secret() | {"meta": {"lastUpdated": "2026-09-09T00:00:00Z"}, "code": {"text": "x"}}
    )
    given = await original(("pas", sealed), ("pas", later), number=2)
    assert SECRET not in all_text(given)


async def test_the_original_of_a_restricted_person_is_refused():
    hidden = patient("p1", NUMBER) | {
        "meta": {"security": [{"code": "R"}]},
        "address": [{"line": ["1 Secret Street"], "postalCode": "LS2 9JT"}],
    }
    given = await original(("gp", bundle(hidden)), number=1)
    assert isinstance(given, Refused)
    assert given.reason == LIVES


@pytest.mark.parametrize("number", [0, -1, 2, 99, 1 << 70])
async def test_a_message_of_somebody_else_or_of_nobody_is_refused(number):
    given = await original(("pas", bundle(patient("p2", OTHER))), number=number or -2)
    assert isinstance(given, Refused)
    assert given.reason == NOTHING_SHOWN


async def test_to_a_carer_nothing_is_ever_whole():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    rule = Rule(
        allow=True, purpose=Purpose.OWN_RECORD, actor="CARER", person=person, reason="asked"
    )
    await way.store.add_rule(rule)
    door = way.door(actor(Role.CARER))
    given = await door.message(person, 1, purpose=Purpose.OWN_RECORD)
    assert isinstance(given, Original)
    assert given.whole is None
    assert given.places == {"entry[0]", "entry[1]"}


async def test_of_the_same_person_twice_in_a_table_every_row_leaves():
    table = f"{HEADER}\n{MINE}\n{MINE.replace('Day centre', 'Meals')}\n".encode()
    given = await original(("social", table))
    assert isinstance(given, Original)
    assert "\n".join(one.text for one in given.pieces) == table.decode().rstrip("\n")


async def test_the_other_person_reads_their_own_half():
    way, _ = await site(bundle(patient("p1", NUMBER)))
    number = await send(way, f"{HEADER}\n{MINE}\n{THEIRS}\n".encode(), "social")
    [(other, _)] = await way.store.find(Search.of(OTHER).keys)
    given = await way.door(actor(Role.DOCTOR)).message(other, number, purpose=Purpose.DIRECT_CARE)
    assert THEIRS in all_text(given)
    assert MINE not in all_text(given)

"""A question to everybody, through the real door over the store in memory."""

import json
from collections.abc import Sequence
from datetime import date

import pytest

from wholerecord.access import Actor, Door, Doorway, Refused
from wholerecord.consent import Purpose, Role, Rule, standing_rules
from wholerecord.errors import Incorrect
from wholerecord.intake import Arrival, Filing, Kept, fhir, filing
from wholerecord.people.decide import decide
from wholerecord.record import Source
from wholerecord.research import Answer, ask, count_of, in_words, questions
from wholerecord.storage.memory import Store

DAY = date(2024, 6, 30)


def bundle(n: int) -> bytes:
    """A woman born in 1950 who had a stroke in 2020."""
    patient = {
        "resourceType": "Patient",
        "id": f"p{n}",
        "name": [{"family": f"Example{'abcdefghijklmnopqrst'[n]}", "given": ["Ann"]}],
        "birthDate": f"1950-03-{n + 2:02}",
        "gender": "female",
    }
    stroke = {
        "resourceType": "Condition",
        "id": f"c{n}",
        "subject": {"reference": f"Patient/p{n}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "onsetDateTime": "2020-01-01",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "422504002"}]},
    }
    entries = [{"resource": patient}, {"resource": stroke}]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


async def prepare(batch: Sequence[Kept]) -> Sequence[Filing]:
    return [filing(kept, fhir.read(kept)) for kept in batch]


async def region(people: int) -> Store:
    store = Store()
    await store.declare(Source(name="gp", controller="A81001", title="Willow GP", setting="gp"))
    for rule in standing_rules():
        await store.add_rule(rule)
    for n in range(people):
        await store.keep(Arrival(source="gp", body=bundle(n)))
    while await store.file_waiting(prepare):
        pass
    while await store.link_waiting(decide):
        pass
    return store


def door(store: Store, role: Role = Role.RESEARCHER) -> Door:
    return Doorway(store).door(Actor(id="r1", name="R", role=role, organisation="UNI"))


async def test_a_question_is_answered_safely_and_published():
    store = await region(12)

    answer = await ask(door(store), store, "stroke", purpose=Purpose.RESEARCH, on=DAY)

    assert isinstance(answer, Answer)
    assert answer.columns == ("Age", "Female", "Male", "Both")
    assert answer.rows[3] == ("65 to 79", "10", "not shown", "8 to 19")
    assert answer.rows[-1] == ("All ages", "8 to 40", "not shown", "8 to 75")
    [query] = await store.queries()
    assert query.n == answer.n
    assert in_words(query) == (
        "People with Stroke, alive on 30 June 2024, by age band and sex",
        "People: 8 to 75. 9 of 10 cells not shown.",
    )
    assert b"12" not in query.answered


async def test_whoever_opted_out_is_not_counted():
    store = await region(10)
    for person in list(await store.people())[:3]:
        await store.add_rule(
            Rule(allow=False, purpose=Purpose.RESEARCH, reason="opted out", person=person)
        )

    answer = await ask(door(store), store, "stroke", purpose=Purpose.RESEARCH, on=DAY)

    assert isinstance(answer, Answer)
    assert answer.rows[3][1] == "not shown"  # seven are left


async def test_who_may_not_ask_is_refused_and_nothing_is_published():
    store = await region(1)

    refused = await ask(
        door(store, Role.RECEPTIONIST), store, "stroke", purpose=Purpose.RESEARCH, on=DAY
    )

    assert isinstance(refused, Refused)
    assert not await store.queries()


def test_only_listed_questions_are_asked():
    listed = [question for question, _ in questions()]

    assert "stroke" in listed
    for question in listed:
        assert count_of(question, DAY).codes
    for unknown in ("", "nonsense", "amlodipine"):
        with pytest.raises(Incorrect):
            count_of(unknown, DAY)

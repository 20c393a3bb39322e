"""Loaded into a store and linked by the rules, the region's people are who they truly are."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from tests.unit.demo_region import human, region
from wholerecord.intake.file import filing
from wholerecord.intake.inbox import Filing
from wholerecord.intake.reading import Arrival, Kept
from wholerecord.intake.recognise import read
from wholerecord.people import Review
from wholerecord.people.decide import decide
from wholerecord.record import PatientId, PatientKey, PersonId
from wholerecord.storage.memory import Store


async def prepare(kept: Sequence[Kept]) -> list[Filing]:
    return [filing(each, read(each)) for each in kept]


async def load() -> tuple[Mapping[PatientId, PersonId], Sequence[Review]]:
    store = Store()
    for source in region().sources:
        await store.declare(source)
    for delivery in region().deliveries:
        await store.keep(Arrival(source=delivery.source, body=delivery.body, name=delivery.name))
    while await store.file_waiting(prepare):
        while await store.link_waiting(decide):
            pass
    linked = {
        member.patient: person
        for person in await store.people()
        for member in await store.members(person)
    }
    return linked, await store.reviews()


@cache
def loaded() -> tuple[Mapping[PatientId, PersonId], Sequence[Review]]:
    return asyncio.run(load())


def persons_of(human: Mapping[str, Any]) -> set[PersonId]:
    linked, _ = loaded()
    patients = (PatientKey(source, number).id for source, number in human["patients"])
    return {linked[patient] for patient in patients}


def test_no_two_humans_are_one_person():
    owner: dict[PersonId, str] = {}
    for each in region().truth["people"]:
        for person in persons_of(each):
            assert owner.setdefault(person, each["human"]) == each["human"]


def test_everybody_is_one_person_but_the_newborn_who_waits_for_review():
    split = [each["name"] for each in region().truth["people"] if len(persons_of(each)) > 1]
    assert split == ["Ada Okafor"]
    _, reviews = loaded()
    waiting = {who for review in reviews for who in (review.person, review.patient_person)}
    assert persons_of(human("Ada Okafor")) <= waiting


def test_those_easily_taken_for_one_another_are_apart():
    people = {each["human"]: each for each in region().truth["people"]}
    pairs = region().truth["not_the_same"]
    assert {pair["why"] for pair in pairs} >= {"twins", "mother and baby"}
    for pair in pairs:
        one, other = (persons_of(people[key]) for key in pair["humans"])
        assert one.isdisjoint(other), pair["why"]

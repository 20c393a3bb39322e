"""Whoever certainly is two persons makes them one, in every store; people's decisions stand."""

import asyncio
from itertools import permutations
from typing import Any

import pytest

from tests.e2e.deliveries import bundle
from wholerecord.access import Store
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.intake import Arrival
from wholerecord.people import Act
from wholerecord.people.decide import decide
from wholerecord.people.weigh import MODEL
from wholerecord.record import PatientId, PatientKey, PersonId, Source
from wholerecord.worker import prepare_here, settle

PHONE, MAIL = "07700 900123", "ada@example.org"


def ada(*reached: str, **more: Any) -> dict[str, Any]:
    """Somebody with this name and birthday; by what they are reached only some sources know."""
    systems = {PHONE: "phone", MAIL: "email"}
    return {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "Examplewhite", "given": ["Ada"]}],
        "birthDate": "1970-05-04",
        "telecom": [{"system": systems[each], "value": each} for each in reached],
    } | more


#: Two who are not certainly one, and who certainly is both.
FIRST, SECOND, BOTH = ada(PHONE), ada(MAIL), ada(PHONE, MAIL)


async def said(store: Store, source: str, resource: dict[str, Any]) -> PatientId:
    """The patient, linked."""
    await store.declare(Source(name=source, controller="RXA", title=source))
    await store.keep(Arrival(source=source, body=bundle(resource), name="post"))
    await settle(store, prepare_here)
    return PatientKey(source, "p1").id


async def of(store: Store, patient: PatientId) -> PersonId:
    person = await store.person_of(patient)
    assert person is not None
    return person


async def two_of(store: Store) -> tuple[PatientId, PatientId]:
    one, other = await said(store, "pas", FIRST), await said(store, "gp", SECOND)
    assert await of(store, one) != await of(store, other)
    return one, other


async def test_a_newcomer_who_certainly_is_two_persons_makes_them_one(store: Store):
    one, other = await two_of(store)
    was = {await of(store, one), await of(store, other)}
    newcomer = await said(store, "lab", BOTH)

    assert await of(store, one) == await of(store, other) == await of(store, newcomer)
    assert await store.people() == [await of(store, one)]
    [left] = was - {await of(store, one)}
    moved = (await store.events(left))[-1]
    assert (moved.act, moved.was, moved.by) == (Act.LINK, left, "rules")
    assert moved.model == MODEL
    assert moved.why.startswith("a patient of one of the two is certainly one of the other")
    assert sum(part.weight for part in moved.parts) == pytest.approx(moved.weight)
    assert await store.reviews() == []
    assert await store.members(left, at=moved.at) == []
    assert await store.link_waiting(decide) == []


@pytest.mark.parametrize("order", [*permutations([FIRST, SECOND, BOTH])])
async def test_in_any_order_they_are_one(store: Store, order: tuple[dict[str, Any], ...]):
    for source, resource in zip(("pas", "gp", "lab"), order, strict=True):
        await said(store, source, resource)
    assert len(await store.people()) == 1


async def test_whom_somebody_found_not_to_be_one_nobody_makes_one(store: Store):
    one, other = await two_of(store)
    await store.veto(one, await of(store, other), by="gov-1", why="sisters")
    newcomer = await said(store, "lab", BOTH)

    assert await of(store, one) != await of(store, other)
    [review] = [each for each in await store.reviews() if each.patient == newcomer]
    assert {review.person, review.patient_person} == {await of(store, one), await of(store, other)}


async def test_a_pair_that_a_rule_forbids_keeps_two_persons_apart(store: Store):
    one, other = await two_of(store)
    brother = [{"family": "Examplewhite", "given": ["Rupert"]}]
    third = await said(store, "eye", ada(name=brother, gender="male"))
    await store.join(third, await of(store, one), by="gov-1", why="said so")
    newcomer = await said(store, "lab", BOTH | {"gender": "female"})

    assert await of(store, newcomer) == await of(store, other) != await of(store, one)


async def test_whoever_was_made_one_and_is_taken_out_is_who_they_were_and_stays_so(store: Store):
    one, other = await two_of(store)
    was = {one: await of(store, one), other: await of(store, other)}
    await said(store, "lab", BOTH)
    [moved] = [each for each in (one, other) if await of(store, each) != was[each]]
    await store.unlink(moved, by="gov-1", why="another Ada")

    assert await of(store, moved) == was[moved]
    await said(store, "ward", BOTH)
    assert await of(store, one) != await of(store, other)


async def test_of_whom_something_is_kept_by_who_they_are_stays(store: Store):
    one, other = await two_of(store)
    chosen = await of(store, other)
    await store.add_rule(_closed(chosen))
    await said(store, "lab", BOTH)

    assert await of(store, one) == await of(store, other) == chosen


async def test_two_persons_with_rules_of_their_own_are_for_people(store: Store):
    one, other = await two_of(store)
    for patient in (one, other):
        await store.add_rule(_closed(await of(store, patient)))
    newcomer = await said(store, "lab", BOTH)

    assert await of(store, one) != await of(store, other)
    assert newcomer in {each.patient for each in await store.reviews()}


async def test_what_was_decided_and_asked_about_who_moves_holds_of_whom_they_become(store: Store):
    one, other = await two_of(store)
    apart, asked = await said(store, "eye", ada()), await said(store, "ear", ada())
    for patient in (one, other):
        await store.veto(apart, await of(store, patient), by="gov-1", why="another Ada")
    before = {each.person for each in await store.reviews() if each.patient == asked}
    assert {await of(store, one), await of(store, other)} <= before
    await said(store, "lab", BOTH)

    person = await of(store, one)
    assert person == await of(store, other)
    assert person in {each.person for each in await store.reviews() if each.patient == asked}
    assert not [
        each for each in await store.reviews() if each.patient == apart and each.person == person
    ]
    again = await said(store, "eye", ada(PHONE))  # now all of it agrees, but somebody decided
    assert await of(store, again) != person


async def test_two_linkers_at_once_make_the_same_people(store: Store):
    for n in range(8):
        born = f"1970-05-{n + 10}"
        for source, resource in (("pas", FIRST), ("gp", SECOND), ("lab", BOTH), ("eye", BOTH)):
            one = resource | {"id": f"p{n}", "birthDate": born}
            await store.declare(Source(name=source, controller="RXA", title=source))
            await store.keep(Arrival(source=source, body=bundle(one), name="post"))
    while await store.file_waiting(prepare_here):
        pass

    async def link() -> None:
        while await store.link_waiting(decide, limit=3):
            pass

    await asyncio.gather(link(), link(), link())
    await link()
    people = await store.people()
    assert len(people) == 8
    assert [len(await store.members(each)) for each in people] == [4] * 8


def _closed(person: PersonId) -> Rule:
    return Rule(
        allow=False,
        purpose=Purpose.DIRECT_CARE,
        role=Role.DOCTOR,
        person=person,
        reason="the person said no",
    )

"""The traps of linking, on real stores with the real rules: none is joined without people."""

from typing import Any

import pytest

from tests.conformance.demographics import described, patient, stay, tell, whom
from wholerecord.access import Store
from wholerecord.access.detecting import detect_all

ONE, TWO = "9990000018", "9990000026"
ANN = ("Smith", "Ann", "1950-03-12")


@pytest.mark.parametrize(
    ("trap", "known", "newcomer", "asked"),
    [
        (
            "twins",
            described("1", "Smith", "Amy", "2001-05-06"),
            described("2", "Smith", "Kate", "2001-05-06"),
            True,
        ),
        (
            "twins with each other's number",
            described("1", "Smith", "Amy", "2001-05-06", nhs=ONE),
            described("2", "Smith", "Kate", "2001-05-06", nhs=ONE),
            True,
        ),
        (
            "mother and baby",
            described("1", "Smith", "Ann", "1990-03-12", nhs=ONE),
            described("2", "Smith", "Baby of Ann", "2024-05-06"),
            False,
        ),
        (
            "a baby under the mother's number",
            described("1", "Smith", "Ann", "1990-03-12", nhs=ONE),
            described("2", "Smith", "Baby of Ann", "2024-05-06", nhs=ONE),
            True,
        ),
        (
            "father and son of one name",
            described("1", "Smith", "John", "1950-03-12", "male"),
            described("2", "Smith", "John", "1982-07-01", "male"),
            False,
        ),
        (
            "unknown males",
            described("1", "Unknown", "Male", "1980-01-01", "male", postcode="ZZ99 3VZ"),
            described("2", "Unknown", "Male", "1980-01-01", "male", postcode="ZZ99 3VZ"),
            False,
        ),
        (
            "a stolen number",
            described("1", *ANN, nhs=ONE),
            described("2", "Jones", "Mary", "1985-11-30", nhs=ONE, postcode="M1 1AE"),
            True,
        ),
        (
            "a mistyped number of somebody else",
            described("1", *ANN, nhs=ONE),
            described("2", "Jones", "Mary", "1950-11-30", nhs=ONE, status="02"),
            True,
        ),
        (
            "adoption: a new number and a new name",
            described("1", "Smith", "Amy", "2015-05-06", nhs=ONE),
            described("2", "Jones", "Amy", "2015-05-06", nhs=TWO, postcode="M1 1AE"),
            False,
        ),
        (
            "adoption: a new number and the old name",
            described("1", "Smith", "Amy", "2015-05-06", nhs=ONE),
            described("2", "Smith", "Amy", "2015-05-06", nhs=TWO),
            True,
        ),
        (
            "a gender transition with a new number",
            described("1", "Smith", "Ann", "1990-03-12", "female", nhs=ONE),
            described("2", "Smith", "Adam", "1990-03-12", "male", nhs=TWO),
            False,
        ),
        (
            "a restricted person of another number",
            described("1", *ANN, nhs=ONE, restricted=True),
            described("2", *ANN, nhs=TWO),
            True,
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
async def test_a_trap_is_never_joined(
    store: Store, trap: str, known: dict[str, Any], newcomer: dict[str, Any], *, asked: bool
):
    await tell(store, "gp", known)
    await tell(store, "acute", newcomer)
    one, other = await whom(store, ("gp", "1"), ("acute", "2"))
    assert None not in (one, other), trap
    assert one != other, trap
    assert bool(await store.reviews()) is asked


async def test_a_restricted_person_is_joined_by_their_number_and_stays_restricted(store: Store):
    await tell(store, "gp", described("1", *ANN, nhs=ONE, restricted=True))
    await tell(store, "acute", described("2", *ANN, nhs=ONE))
    [person] = await store.people()
    assert any(member.demographics.restricted for member in await store.members(person))


async def test_a_changed_number_is_asked_about_at_once_and_moves_nobody(store: Store):
    await tell(store, "gp", described("1", *ANN, nhs=ONE))
    await tell(store, "acute", described("2", *ANN, nhs=ONE))
    await tell(store, "acute", described("2", *ANN, nhs=TWO))
    [person] = await store.people()
    [review] = await store.reviews()
    assert (review.patient, review.person, review.against) == (patient("acute", "2"), person, True)
    assert review.why == "two verified NHS numbers"


async def test_two_admissions_at_once_are_asked_about_as_they_are_joined(store: Store):
    await tell(
        store,
        "acute",
        described("1", *ANN, nhs=ONE),
        stay("e1", "1", "2026-02-01T10:00:00Z", "2026-02-10T10:00:00Z"),
    )
    await tell(
        store,
        "other",
        described("2", *ANN, nhs=ONE),
        stay("e2", "2", "2026-02-05T10:00:00Z", "2026-02-08T10:00:00Z"),
    )
    [review] = await store.reviews()
    assert review.against
    assert review.why == "admitted in two places at once: from 2026-02-05, acute and other"


async def test_a_transfer_on_one_day_and_a_clinic_visit_are_not_two_admissions(store: Store):
    await tell(
        store,
        "acute",
        described("1", *ANN, nhs=ONE),
        stay("e1", "1", "2026-02-01T10:00:00Z", "2026-02-10T10:00:00Z"),
    )
    await tell(
        store,
        "other",
        described("2", *ANN, nhs=ONE),
        stay("e2", "2", "2026-02-09T20:00:00Z", "2026-02-20T10:00:00Z"),
        stay("e3", "2", "2026-02-03T10:00:00Z", "2026-02-08T10:00:00Z", "AMB"),
    )
    assert await store.reviews() == []


async def test_care_after_a_death_is_found_by_night_and_asked_once(store: Store):
    await tell(store, "gp", described("1", *ANN, nhs=ONE, died="2026-01-05"))
    await tell(store, "acute", described("2", *ANN, nhs=ONE))
    assert await store.reviews() == []
    late = stay("e1", "2", "2026-02-03T10:00:00Z", "2026-02-03T11:00:00Z", "AMB")
    await tell(store, "acute", described("2", *ANN, nhs=ONE), late)
    assert (await detect_all(store), await detect_all(store)) == (1, 0)
    [review] = await store.reviews()
    assert review.why == "care after death: died 2026-01-05, care on 2026-02-03"
    await store.join(review.patient, review.person, by="dr", why="a typing error in the date")
    assert (await detect_all(store), await store.reviews()) == (0, [])


async def test_an_answer_is_taken_back_with_one_click_and_asked_again(store: Store):
    await tell(store, "gp", described("1", "Smith", "Amy", "2001-05-06"))
    await tell(store, "acute", described("2", "Smith", "Kate", "2001-05-06"))
    [review] = await store.reviews()
    unsure = await store.unsure(review.patient, review.person, by="dr", why="cannot tell")
    assert (unsure.person, (await store.reviews())[0].unsure) == (review.person, 1)
    vetoed = await store.veto(review.patient, review.person, by="dr", why="twins")
    assert await store.reviews() == []
    await store.take_back(vetoed.n, by="dr", why="the wrong button")
    [again] = await store.reviews()
    assert (again.patient, again.weight, again.parts) == (
        review.patient,
        review.weight,
        review.parts,
    )
    joined = await store.join(review.patient, review.person, by="dr", why="one")
    assert len(await store.people()) == 1
    undone = await store.take_back(joined.n, by="dr", why="the wrong button")
    assert undone.person == review.patient_person
    assert [one.parts for one in await store.reviews()] == [review.parts]


async def test_splitting_a_restricted_person_takes_two(store: Store):
    await tell(store, "gp", described("1", *ANN, nhs=ONE, restricted=True))
    await tell(store, "acute", described("2", *ANN, nhs=ONE))
    mine = patient("acute", "2")
    for _ in range(2):
        asked = await store.unlink(mine, by="first", why="not the same")
        assert asked.act.value == "propose"
        assert len(await store.people()) == 1
    done = await store.unlink(mine, by="second", why="agreed")
    assert done.act.value == "unlink"
    assert len(await store.people()) == 2

"""Relatives and the order of birth as evidence: twins at one address, and who names whom."""

import json
from dataclasses import replace

import pytest

from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import Address, Candidate, Demographics, Name, Outcome, from_patient
from wholerecord.people.compare import compare
from wholerecord.people.decide import decide
from wholerecord.people.judge import judge
from wholerecord.people.traits import traits
from wholerecord.people.weigh import weigh
from wholerecord.record import PatientId, PersonId

NEWBORN = Demographics(
    names=(Name(family="Smith", given=("Baby",)),),
    born=PartialDate.parse("2025-05-06"),
    sex="female",
    addresses=(Address(lines=("1 The Lane",), postcode="LS2 9JT"),),
    phones=("07000 900123",),
)
NAMED = replace(NEWBORN, names=(Name(family="Smith", given=("Cora",)),))


def named(*names: str) -> tuple[Name, ...]:
    return tuple(Name(family=each.split()[-1], given=tuple(each.split()[:-1])) for each in names)


def level(one: str, other: str) -> str:
    a, b = (replace(NAMED, relatives=named(each)) for each in (one, other))
    return compare(traits(a), traits(b)).relative


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ann Smith", "ANN SMITH", "same"),
        ("Ann Bea Smith", "Ann Smith", "same"),  # the first given name, as they are called
        ("Anne Smyth", "Ann Smith", "alike"),
        ("Ann Dean", "Ann Smith", "given"),
        ("Tom Smith", "Ann Smith", "different"),
        ("Smith", "Ann Smith", ""),  # half a name is nobody's
        ("Not known Smith", "Ann Smith", ""),
    ],
)
def test_relatives_are_compared_by_their_names(one: str, other: str, expected: str):
    assert level(one, other) == expected
    assert level(other, one) == expected


def test_one_relative_in_common_is_enough():
    one = replace(NAMED, relatives=named("Tom Dean", "Ann Smith"))
    other = replace(NAMED, relatives=named("Ann Smith", "Eve Hill"))

    assert compare(traits(one), traits(other)).relative == "same"


def test_a_relative_has_a_line_of_its_own_in_the_waterfall():
    mother, other = named("Ann Smith"), named("Eve Hill")
    without = sum(part.weight for part in weigh(NAMED, NAMED))

    found = {
        part.comparison: part
        for part in weigh(replace(NAMED, relatives=mother), replace(NAMED, relatives=mother))
    }
    less = weigh(replace(NAMED, relatives=mother), replace(NAMED, relatives=other))

    assert found["relative"].weight > 5
    assert found["relative"].why == "both name one relative or next of kin"
    assert "Ann" not in found["relative"].why
    assert sum(part.weight for part in less) < without


def test_twins_told_apart_by_the_order_of_birth_are_never_joined_nor_asked_about():
    first, second = (replace(NAMED, birth_order=n, relatives=named("Ann Smith")) for n in (1, 2))
    known = [Candidate(patient=PatientId(1), person=PersonId("p"), demographics=first)]

    assert decide(first, known).outcome is Outcome.CERTAIN
    decision = decide(second, known)

    assert decision.outcome is Outcome.NONE
    assert "birth order" in decision.why


def test_twins_with_one_number_are_for_people_to_look_at():
    number = NhsNumber.parse("9990000018")
    first, second = (
        replace(NEWBORN, birth_order=n, nhs_number=number, nhs_status="01") for n in (1, 2)
    )

    verdict = judge(traits(first), traits(second))

    assert (verdict.outcome, verdict.veto) == (Outcome.POSSIBLE, True)


def test_a_birth_order_that_one_does_not_say_tells_nothing():
    verdict = judge(traits(replace(NAMED, birth_order=2)), traits(NAMED))

    assert verdict.outcome is Outcome.CERTAIN
    assert "birth order" not in {part.comparison for part in verdict.parts}


def test_an_order_that_no_birth_has_tells_nothing():
    one, other = (replace(NAMED, birth_order=n) for n in (1, 20))

    assert not judge(traits(one), traits(other)).veto


def test_contacts_and_birth_order_are_read_from_a_patient():
    body = {
        "contact": [{"name": {"family": "Smith", "given": ["Ann"]}}, {"organization": {}}],
        "multipleBirthInteger": 2,
    }

    said = from_patient(json.dumps(body).encode())

    assert said.relatives == (Name(family="Smith", given=("Ann",)),)
    assert said.birth_order == 2


def test_a_contact_that_is_not_as_fhir_says_costs_only_itself():
    body = {
        "contact": ["nobody", {"name": {"family": "Smith", "given": ["Ann"]}}],
        "multipleBirthInteger": "two",
        "gender": "female",
    }

    said = from_patient(json.dumps(body).encode())

    assert [str(each) for each in said.relatives] == ["Ann Smith"]
    assert (said.birth_order, said.sex) == (0, "female")

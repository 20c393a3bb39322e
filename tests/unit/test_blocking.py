"""Blocking keys: who is worth comparing, and whom a search finds."""

import pytest

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.people import Address, Demographics, Name, keys, linking_keys, search_keys


def person(
    given: str = "",
    family: str = "",
    born: str = "",
    at: str = "",
    number: str = "",
) -> Demographics:
    return Demographics(
        names=(Name(family=family, given=tuple(given.split())),) if given or family else (),
        born=PartialDate.parse(born),
        addresses=(Address(lines=(), postcode=postcode(at)),) if at else (),
        nhs_number=NhsNumber.parse(number),
    )


def meet(one: Demographics, other: Demographics) -> bool:
    return bool(set(linking_keys(one)) & set(linking_keys(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person(number="9990000018"), person("Ann", "Example", number="999 000 0018")),
        (person("Ann", "Smith", "1950-03-12"), person("Bea", "Smyth", "1950-03-12")),
        (person("Ann", "Smith", "1950-03-12"), person("Ann", "Okafor", "1950-03-12")),
        (person("Ann", "Smith", "1950-03-12"), person("Smith", "Ann", "1950-03-12")),
        (person("Ann", "Smith", "1950-03-12"), person("Bea", "Smith", "1950-12-03")),
        (person("Ann", "Smith-Jones", "1950-03-12"), person("Bea", "Jones", "1950-03-12")),
        (person("Ann", "Smith", "1950-03-12", "LS2 9JT"), person("X", "", "1950-03-12", "ls29jt")),
        (person("Ann", "Smith", at="LS2 9JT"), person("Anna", "Smith", at="LS2 9JT")),
        (person("Ann", "Smith", "1980-01-01"), person("Smith", "Ann", "1980-01-01")),
    ],
    ids=[
        "the number",
        "a name that sounds alike and the date of birth",
        "a surname changed",
        "names exchanged",
        "day and month exchanged",
        "half of a double-barrelled name",
        "postcode and date of birth",
        "postcode, surname and initial",
        "1 January with both names",
    ],
)
def test_these_two_are_compared(one: Demographics, other: Demographics):
    assert meet(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Baby", "", "2024-05-06"), person("Baby", "", "2024-05-06")),
        (person("Twin One", "Able", "2024-05-06"), person("Twin One", "Khan", "2024-05-06")),
        (person("Baby of Ann", "", "2024-05-06"), person("Baby of Eve", "", "2024-05-06")),
        (person("Male", "Unknown", "1980-06-05"), person("Male", "Unknown", "1980-06-05")),
        (person("Test", "Patient", "1980-06-05"), person("Test", "Patient", "1980-06-05")),
        (person("Ann", "Able", "1980-06-05", "ZZ99 3VZ"), person("Bob", "Khan", "", "ZZ99 3VZ")),
        (person("Ann", "Smith", "1980-01-01"), person("Bob", "Smith", "1980-01-01")),
        (person("Ann", "Smith", "1980-01-01"), person("Ann", "Khan", "1980-01-01")),
        (person("Ann", "Smith"), person("Ann", "Smith")),
        (person("Ann", "Smith", "1980"), person("Ann", "Smith", "1980")),
    ],
    ids=[
        "a placeholder given name",
        "twin one of two families",
        "baby of somebody",
        "the unknown male",
        "test patients",
        "a pseudo-postcode",
        "1 January and a surname",
        "1 January and a given name",
        "names alone",
        "a year of birth",
    ],
)
def test_these_two_are_not_compared(one: Demographics, other: Demographics):
    assert not meet(one, other)


@pytest.mark.parametrize(
    ("number", "names", "born"),
    [
        ("9990000018", (), None),
        (None, ("Okafor",), "1980-01-01"),
        (None, ("grace",), "1980-01-01"),
        (None, ("Okafor", "Grace"), None),
        (None, ("Grace", "O'Kafor"), None),
        (None, ("Grace", "Amara", "Okafor"), None),
    ],
)
def test_a_search_finds_who_it_names(number: str | None, names: tuple[str, ...], born: str | None):
    grace = person("Grace", "Okafor", "1980-01-01", number="9990000018")
    asked = search_keys(
        nhs_number=NhsNumber.parse(number) if number else None,
        names=names,
        born=PartialDate.parse(born),
    )

    assert set(asked) & set(keys(grace))
    assert not set(asked) & set(keys(person("Tom", "Baker", "1980-01-01", number="9990000026")))


def test_keys_are_sorted_distinct_and_fit_a_signed_64_bit_column():
    found = keys(person("Ann Bea", "Smith-Jones", "1950-03-12", "LS2 9JT", "9990000018"))

    assert list(found) == sorted(set(found))
    assert all(-(2**63) <= key < 2**63 for key in found)
    assert set(linking_keys(person("Ann", "Smith", "1950-03-12"))) <= set(
        keys(person("Ann", "Smith", "1950-03-12"))
    )


def test_nobody_known_has_no_keys():
    assert keys(Demographics()) == ()


def test_a_patient_with_a_thousand_names_has_few_keys():
    crowd = Demographics(
        names=tuple(Name(family="A" * n + "b d", given=("c" * n,)) for n in range(1, 1000)),
        born=PartialDate.parse("1950-03-12"),
        addresses=tuple(Address(lines=(), postcode=f"LS{n} 9JT") for n in range(1000)),
    )

    assert len(keys(crowd)) < 2000

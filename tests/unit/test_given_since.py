"""What was given since an allergy to it was written down, beside the allergy. All made up."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.fold_statements import allergy, coded, one, order, statement
from tests.unit.portal_records import opened
from wholerecord.fold import Kind, fold
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.provenance import provenance
from wholerecord.record import Statement
from wholerecord.safety import checks
from wholerecord.safety.given_since import given_since

PENICILLIN = {"snomed": "91936005"}


def known(when: str = "2019-05-01", **more: Any) -> Statement:
    return allergy("gp", "a", "Penicillin", codes=PENICILLIN, recordedDate=when, **more)


def given(when: str, words: str = "Amoxicillin", state: str = "completed") -> Statement:
    body = {
        "id": f"g{when}",
        "status": state,
        "effectiveDateTime": when,
        "medicationCodeableConcept": coded(words),
    }
    return statement("acute", "MedicationAdministration", body)


def times(*said: Statement) -> list[str]:
    record = fold(said)
    found = given_since(one(record, Kind.ALLERGY), record)
    return [each.said.when.text for each in found if each.said.when]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([known(), given("2021-02-03"), given("2020-01-01")], ["2021-02-03", "2020-01-01"]),
        ([known(), given("2019-05-01")], []),
        ([known(), given("2018-01-01")], []),
        ([known("2019"), given("2019-12-01"), given("2020-01-01")], ["2020-01-01"]),
        ([known(), given("2021")], []),
        ([known(), given("2021-02-03", "Warfarin")], []),
        ([known(), given("2021-02-03", state="not-done")], []),
        ([known(), order("gp", "o", "Amoxicillin 500mg capsules", "2021-01-01")], []),
        ([known(""), given("2021-02-03")], []),
        ([allergy("gp", "a", "Something odd", recordedDate="2019"), given("2021-02-03")], []),
    ],
)
def test_only_what_was_given_after_the_allergy_was_known_is_found(
    said: list[Statement], found: list[str]
):
    assert times(*said) == times(*reversed(said)) == found


def test_it_stands_beside_the_allergy_and_takes_nothing_from_it():
    said = [known(), given("2021-02-03"), order("gp", "o", "Amoxicillin", "2026-01-01")]
    record = fold(said)
    entry = one(record, Kind.ALLERGY)
    assert entry == one(fold([known()]), Kind.ALLERGY)
    assert {alert.hazard for alert in checks(record)} == {"HAZ-02"}
    page = provenance(replace(opened([]), record=record), entry, (), Links(base="/x"))
    [text] = [text for label, text in page.details if label == "Given or handed out since"]
    assert text.startswith("Amoxicillin, 3 Feb 2021 (")
    assert text.endswith("the allergy stands until somebody asks")

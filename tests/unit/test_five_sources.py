"""The fold's first two laws over every way that five sources can speak. All made up."""

from dataclasses import replace
from itertools import product

import pytest

from tests.unit.fold_statements import PATIENTS, allergy, condition, order
from tests.unit.portal_records import NOW, opened
from wholerecord.care.sheet import full_sheet
from wholerecord.fold import Kind, Record, fold
from wholerecord.record import Statement

SOURCES = tuple(PATIENTS)
PENICILLIN = {"snomed": "91936005"}


def says(source: str, positive: bool) -> list[Statement]:
    """An allergy, a condition and a medicine; or that there is none of any."""
    if positive:
        return [
            allergy(source, "a", "Penicillin", codes=PENICILLIN),
            condition(source, "c", "Asthma", "2019-01-01", n=1),
            order(source, "m", "Amoxicillin 500mg capsules", n=2),
        ]
    return [
        allergy(source, "a", "No known allergies"),
        condition(source, "c", "No known conditions", n=1),
    ]


def folded(spoken: tuple[bool, ...], killed: str = "") -> Record:
    each = zip(SOURCES, spoken, strict=True)
    return fold([one for source, yes in each if source != killed for one in says(source, yes)])


@pytest.mark.parametrize("spoken", list(product((True, False), repeat=len(SOURCES))))
def test_whoever_of_five_denies_it_hides_nothing_that_another_says(spoken: tuple[bool, ...]):
    record = folded(spoken)
    positive = {source for source, yes in zip(SOURCES, spoken, strict=True) if yes}
    for kind in (Kind.ALLERGY, Kind.CONDITION, Kind.MEDICINE):
        found = record.of(kind)
        assert {source for entry in found for source in entry.sources} == positive
        assert all(entry.status not in {"refuted", "resolved", "stopped"} for entry in found)
    denying = {one.said.source for one in record.negatives if one.kind is Kind.ALLERGY}
    assert denying == set(SOURCES) - positive
    for entry in record.of(Kind.ALLERGY):
        assert {said.source for said in entry.detail.denied_by} == denying


@pytest.mark.parametrize("killed", SOURCES)
@pytest.mark.parametrize("spoken", list(product((True, False), repeat=len(SOURCES))))
def test_each_source_killed_in_turn_leaves_what_the_others_say_and_is_never_none(
    spoken: tuple[bool, ...], killed: str
):
    record = folded(spoken, killed)
    left = {s for s, yes in zip(SOURCES, spoken, strict=True) if yes and s != killed}
    assert {s for entry in record.of(Kind.ALLERGY) for s in entry.sources} == left
    whole = replace(opened([]), record=record)
    [shown] = [one for one in full_sheet(whole, NOW).sections if one.slug == "allergies"]
    assert bool(shown.lines) is bool(left)
    # A denial is one source's words, and is there only where that source was heard.
    assert len(shown.denials) == len(SOURCES) - 1 - len(left)
    if not left and not shown.denials:
        assert shown.empty.startswith("Not known.")


def test_with_every_source_killed_nothing_is_known_and_the_silent_one_is_named():
    whole = opened([], silent=frozenset({"social"}))
    whole = replace(whole, record=fold([]))
    sheet = full_sheet(whole, NOW)
    for slug in ("allergies", "problems", "medicines"):
        [shown] = [one for one in sheet.sections if one.slug == slug]
        assert shown.empty.startswith("Not known.")
        assert "not heard from Exampleton Council" in shown.empty

"""Pregnancies, told by a practice, a maternity unit and a hospital. Everybody is invented."""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import permutations
from typing import Any

import pytest

from tests.unit.fold_statements import coded, condition, statement
from wholerecord.fold import fold
from wholerecord.fold.maternity import Pregnancy, State, pregnancies
from wholerecord.fold.maternity_said import OUTCOMES
from wholerecord.fold.policy import POLICY
from wholerecord.record import Statement
from wholerecord.terms import CONCEPTS


def due(source: str, id: str, on: str, said: str, **more: Any) -> Statement:
    body = {"id": id, "status": "final", "code": coded(loinc="11778-8"), "valueDateTime": on}
    return statement(source, "Observation", {**body, "effectiveDateTime": said, **more})


def done(source: str, id: str, words: str, when: str) -> Statement:
    body = {"id": id, "status": "completed", "code": coded(words), "performedDateTime": when}
    return statement(source, "Procedure", body)


def seen(source: str, id: str, words: str, when: str) -> Statement:
    body = {
        "id": id,
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [coded(words)],
        "period": {"start": when, "end": when},
    }
    return statement(source, "Encounter", body)


def stands(today: str, *said: Statement) -> tuple[Pregnancy, ...]:
    return pregnancies(fold(said), date.fromisoformat(today))


def states(today: str, *said: Statement) -> list[State]:
    return [one.state for one in stands(today, *said)]


BOOKED = (
    condition("gp", "p", "Pregnant", "2025-03-03"),
    seen("acute", "b", "Antenatal booking", "2025-03-17"),
    due("acute", "e", "2025-10-20", "2025-04-08"),
    done("acute", "s", "Anomaly scan", "2025-06-02"),
)
BORN = done("acute", "c", "Caesarean section", "2025-10-14")


def test_booking_due_date_and_scans_of_three_sources_are_one_current_pregnancy():
    [one] = stands("2025-07-01", *BOOKED)
    assert one.state is State.CURRENT
    assert one.due == (date(2025, 10, 20),)
    assert one.began == date(2025, 3, 3)
    assert one.sources == ("acute", "gp")
    assert len(one.told) == 4


def test_from_the_birth_on_it_is_never_current_though_the_practice_still_says_so():
    late = condition("gp", "p2", "Pregnancy", "2025-10-30")
    [one] = stands("2025-11-01", *BOOKED, BORN, late)
    assert one.state is State.ENDED
    assert one.ended == date(2025, 10, 14)
    assert one.outcomes == ("birth by caesarean section",)


def test_the_practices_copy_of_the_birth_weeks_later_is_no_second_birth():
    copy = condition("gp", "d", "Delivery", "2025-11-05")
    check = seen("gp", "k", "Postnatal check", "2025-11-26")
    [one] = stands("2025-12-01", *BOOKED, BORN, copy, check)
    assert one.outcomes == ("birth by caesarean section", "birth")
    assert check.body
    assert len(one.told) == 7


def test_a_pregnancy_soon_after_a_loss_is_another_and_current():
    said = (
        condition("gp", "1", "Pregnant", "2025-01-06"),
        condition("acute", "2", "Miscarriage", "2025-02-03"),
        condition("gp", "3", "Pregnant", "2025-04-14"),
    )
    assert states("2025-05-01", *said) == [State.CURRENT, State.ENDED]


def test_a_due_date_said_after_a_loss_is_of_the_next_pregnancy():
    said = (
        due("acute", "1", "2025-09-01", "2025-01-06"),
        condition("acute", "2", "Miscarriage", "2025-01-20"),
        due("acute", "3", "2025-11-20", "2025-04-20"),
    )
    assert states("2025-06-01", *said) == [State.CURRENT, State.ENDED]


def test_nobody_saying_the_end_never_keeps_it_current_for_ever_and_never_calls_it_ended():
    assert states("2025-11-09", *BOOKED) == [State.CURRENT]  # due on 20 October, 21 days more
    assert states("2025-11-11", *BOOKED) == [State.NOT_KNOWN]
    undated = condition("gp", "p", "Pregnant", "2025-03-03")
    assert states("2025-12-01", undated) == [State.CURRENT]
    assert states("2025-12-20", undated) == [State.NOT_KNOWN]


def test_a_postnatal_check_ends_a_pregnancy_whose_birth_nobody_said():
    [one] = stands("2025-11-05", *BOOKED, seen("gp", "k", "Postnatal check", "2025-11-03"))
    assert one.state is State.ENDED
    assert one.outcomes == ()


def test_a_postnatal_check_of_the_last_child_does_not_end_this_pregnancy():
    check = seen("gp", "k", "Postnatal check", "2025-03-02")
    assert states("2025-07-01", *BOOKED, check)[0] is State.CURRENT


def test_two_due_dates_days_apart_are_one_pregnancy_with_both_shown():
    other = due("gp", "e2", "2025-10-27", "2025-03-05")
    [one] = stands("2025-07-01", *BOOKED, other)
    assert one.due == (date(2025, 10, 20), date(2025, 10, 27))  # the newest word first


def test_not_pregnant_hides_no_pregnancy():
    no = statement(
        "acute",
        "Observation",
        {
            "id": "n",
            "status": "final",
            "code": coded(loinc="82810-3"),
            "valueCodeableConcept": {"text": "Not pregnant"},
            "effectiveDateTime": "2025-06-01",
        },
    )
    assert states("2025-07-01", *BOOKED, no) == [State.CURRENT]


@pytest.mark.parametrize(
    "said",
    [
        condition("gp", "x", "Suspected pregnancy", "2025-03-03"),
        condition(
            "gp",
            "x",
            "Pregnancy",
            "2025-03-03",
            verificationStatus={"coding": [{"code": "refuted"}]},
        ),
        condition("gp", "x", "Family history of pregnancy", "2025-03-03"),
        condition("gp", "x", "Pregnancy", "2025-03-03", meta={"security": [{"code": "AIAST"}]}),
        seen("acute", "x", "Antenatal scan of the mother", "2025-03-03"),
    ],
)
def test_what_is_not_said_to_be_so_makes_no_pregnancy(said: Statement):
    assert stands("2025-04-01", said) == ()


def test_one_said_to_be_over_is_over_whenever_that_was():
    resolved = {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    said = condition("gp", "p", "Pregnant", "2025-03-03", **resolved)
    assert states("2025-07-01", said) == [State.ENDED]


def test_nobody_who_died_is_shown_as_pregnant():
    dead = statement(
        "gp", "Patient", {"id": "p", "birthDate": "1990-01-01", "deceasedBoolean": True}
    )
    assert states("2025-07-01", *BOOKED, dead) == [State.NOT_KNOWN]


def test_the_order_in_which_it_is_told_changes_nothing():
    said = (*BOOKED[:3], BORN, condition("gp", "4", "Pregnant", "2026-03-01"))
    seen_as = {
        tuple((one.state, one.due, one.began, one.ended) for one in stands("2026-04-01", *each))
        for each in permutations(said)
    }
    assert len(seen_as) == 1
    assert [state for state, *_ in next(iter(seen_as))] == [State.CURRENT, State.ENDED]


def test_impossible_dates_are_no_error():
    far = due("gp", "e", "9999-12-31", "0001-01-01")
    early = condition("gp", "p", "Miscarriage", "0001-01-01")
    assert len(stands("2025-04-01", far, early)) == 2


_LOSS = condition("acute", "x", "Miscarriage", "2025-02-03")
_CHECK = seen("gp", "k", "Postnatal check", "2025-12-01")


@pytest.mark.parametrize(
    ("rule", "value", "today", "said"),
    [
        ("overdue_days", 2.0, "2025-11-01", BOOKED),
        ("undated_days", 30.0, "2025-07-01", BOOKED[:1]),
        (
            "due_apart_days",
            3.0,
            "2025-07-01",
            (*BOOKED, due("gp", "e2", "2025-10-27", "2025-03-05")),
        ),
        (
            "pregnancy_echo_days",
            60.0,
            "2025-05-01",
            (_LOSS, condition("gp", "3", "Pregnant", "2025-03-24")),
        ),
        ("postnatal_days", 14.0, "2025-12-05", (*BOOKED, BORN, _CHECK)),
        (
            "end_days",
            3.0,
            "2025-12-05",
            (*BOOKED, BORN, condition("gp", "d", "Delivery", "2025-11-05")),
        ),
    ],
)
def test_each_window_of_the_policy_changes_what_it_says(
    rule: str, value: float, today: str, said: tuple[Statement, ...]
):
    record, on = fold(said), date.fromisoformat(today)
    assert pregnancies(record, on) != pregnancies(record, on, replace(POLICY, **{rule: value}))


def test_a_due_date_first_said_long_after_a_loss_is_not_the_lost_ones_though_it_would_fit():
    said = (
        condition("acute", "1", "Miscarriage", "2025-03-10"),
        due("acute", "2", "2025-11-25", "2025-05-20"),
    )
    assert states("2025-06-01", *said) == [State.CURRENT, State.ENDED]


def test_a_postnatal_check_too_early_in_a_pregnancy_is_of_another_child():
    check = seen("gp", "k", "Postnatal check", "2025-05-01")
    assert states("2025-05-10", *BOOKED[:3], check) == [State.CURRENT]


def test_every_code_of_a_pregnancy_says_against_what_it_was_checked():
    raw = files("wholerecord.terms").joinpath("concepts.json").read_bytes()
    checked = json.loads(raw)["checked"]
    assert set(checked) == {*OUTCOMES, "pregnancy"}
    for name, said in checked.items():
        assert said.startswith("2026-"), name
        assert CONCEPTS[name].codes["snomed"][0][:5] in said, name


def test_a_delivery_by_a_code_that_does_not_say_how_is_no_birth_without_a_caesarean():
    [one] = stands("2025-11-01", *BOOKED, done("acute", "d", "Delivery procedure", "2025-10-14"))
    assert one.outcomes == ("birth",)

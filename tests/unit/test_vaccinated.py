"""The immunisation schedule: given, due, overdue, not known to be given. All invented."""

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fold_statements import coded, statement
from wholerecord.fold import fold
from wholerecord.fold.schedule import SCHEDULE, reached
from wholerecord.fold.vaccinated import Standing, Step, Vaccinated, vaccinated
from wholerecord.record import Statement
from wholerecord.terms import CONCEPTS

DOCS = Path(__file__).parents[2] / "docs"


def born(day: str, source: str = "gp", **more: Any) -> Statement:
    return statement(source, "Patient", {"id": f"p-{source}", "birthDate": day, **more}, n=99)


def jab(
    n: int, words: str, when: str = "", source: str = "gp", *, given: bool = True, **more: Any
) -> Statement:
    body = {
        "id": f"{source}-{n}",
        "status": "completed" if given else "not-done",
        "vaccineCode": coded(words),
        **more,
    }
    if when:
        body["occurrenceDateTime"] = when
    return statement(source, "Immunization", body, n=n)


def stands(today: str, *said: Statement) -> Vaccinated:
    return vaccinated(fold(said), date.fromisoformat(today))


def step(found: Vaccinated, title: str, dose: str = "") -> Step:
    (one,) = [s for s in found.steps if s.title.startswith(title) and (not dose or s.dose == dose)]
    return one


def how(found: Vaccinated, title: str) -> list[str]:
    return [one.standing.value for one in found.steps if one.title.startswith(title)]


FIRST_YEAR = (
    born("2025-01-10"),
    jab(1, "6-in-1", "2025-03-10"),
    jab(2, "MenB", "2025-03-10"),
    jab(3, "Rotavirus vaccine", "2025-03-10"),
    jab(4, "6-in-1 vaccine", "2025-04-07"),
    jab(5, "Rotavirus", "2025-04-07"),
    jab(6, "6 in 1", "2025-05-06"),
    jab(7, "Men B", "2025-04-07"),
    jab(8, "PCV", "2025-05-06"),
)


def test_a_baby_up_to_date_has_the_first_birthday_due_and_eighteen_months_later():
    found = stands("2026-01-20", *FIRST_YEAR)
    assert how(found, "6-in-1") == ["given", "given", "given", "not yet due"]
    assert how(found, "MenB") == ["given", "given", "due"]
    assert how(found, "Rotavirus") == ["given", "given"]
    assert how(found, "Pneumococcal (PCV)") == ["given", "due"]
    assert how(found, "MMR") == ["due", "not yet due"]
    assert not found.of(Standing.OVERDUE)


def test_nothing_said_of_vaccines_is_not_known_and_never_overdue_or_not_given():
    found = stands("2036-01-20", born("2020-01-10"))
    long_past = {one.standing for one in found.steps if one.due < date(2034, 1, 1)}
    assert long_past == {Standing.NOT_KNOWN}
    assert not found.of(Standing.OVERDUE)
    assert all(one.declined is None for one in found.steps)


def test_a_missing_second_dose_is_overdue_because_the_first_is_known():
    found = stands("2026-01-20", born("2019-01-10"), jab(1, "MMR", "2020-01-20"))
    assert how(found, "MMR") == ["given", "overdue"]
    assert how(found, "4-in-1") == ["not known to be given"]


def test_a_missing_dose_is_overdue_where_a_later_one_of_its_programme_is_known():
    found = stands("2026-01-20", born("2019-01-10"), jab(1, "Pre-school booster", "2022-06-01"))
    assert how(found, "MMR") == ["overdue", "overdue"]
    assert how(found, "Rotavirus") == ["not known to be given"] * 2  # and no longer given
    assert step(found, "Rotavirus", "1st dose").closed


def test_a_winter_jab_says_nothing_of_childhood():
    found = stands("2026-01-20", born("2002-01-10"), jab(1, "COVID-19 vaccine", "2021-06-01"))
    assert not found.of(Standing.OVERDUE)


def test_one_dose_in_two_wordings_days_apart_does_not_hide_a_missing_second():
    found = stands(
        "2026-01-20",
        born("2019-01-10"),
        jab(1, "MMR", "2020-01-20"),
        jab(2, "MMRV", "2020-01-22", source="acute"),
    )
    assert how(found, "MMR") == ["given", "overdue"]


def test_a_dose_without_a_date_never_counts_beside_one_that_may_be_it():
    found = stands(
        "2026-01-20",
        born("2019-01-10"),
        jab(1, "MMR", "2020-01-20"),
        jab(2, "MMR vaccine", "", source="acute"),
    )
    assert how(found, "MMR") == ["given", "overdue"]


def test_a_dose_whose_day_is_not_exact_counts_and_says_so():
    found = stands("2026-01-20", born("2019-01-10"), jab(1, "MMR", "2020"))
    first = step(found, "MMR", "1st dose")
    assert first.standing is Standing.GIVEN
    assert first.unsure


def test_measles_vaccine_before_the_first_birthday_does_not_count():
    found = stands("2021-01-20", born("2020-01-10"), jab(1, "MMR", "2020-09-01"))
    assert step(found, "MMR", "1st dose").standing is not Standing.GIVEN


def test_only_a_source_that_says_so_says_that_it_was_not_given():
    refused = jab(1, "MMR", "2020-02-01", given=False, statusReason={"text": "Parent refused"})
    one = step(stands("2026-01-20", born("2019-01-10"), refused), "MMR", "1st dose")
    assert one.standing is Standing.OVERDUE
    assert one.declined is not None
    assert one.entry is None


def test_a_refusal_never_hides_the_dose_given():
    found = stands(
        "2021-02-20",
        born("2020-01-10"),
        jab(1, "MMR", "2021-01-20", given=False),
        jab(2, "MMR", "2021-02-01", source="acute"),
    )
    assert step(found, "MMR", "1st dose").standing is Standing.GIVEN


def test_what_is_taken_back_or_only_software_said_is_not_counted():
    software = {"meta": {"security": [{"code": "AIAST"}]}}
    wrong = {"status": "entered-in-error"}
    for more in (software, wrong):
        found = stands("2026-01-20", born("2019-01-10"), jab(1, "MMR", "2020-01-20", **more))
        assert step(found, "MMR", "1st dose").entry is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((), "not known here"),
        ((born("1950"),), "not known to the day"),
        ((born("1950-02-01"), born("1950-01-02", "acute")), "do not agree"),
        ((born("1950-02-01", deceasedBoolean=True),), "died"),
        ((born("2031-02-01"),), "after this day"),
    ],
)
def test_without_a_day_of_birth_nothing_is_said_to_be_due(said: tuple[Statement, ...], why: str):
    found = stands("2026-01-20", *said, jab(1, "MMR", "2020-01-20"))
    assert not found.steps
    assert why in found.why_not


def test_a_year_of_birth_beside_the_day_is_no_disagreement():
    assert stands("2026-01-20", born("1950-02-01"), born("1950", "acute")).steps


def test_those_of_seventy_and_over_have_their_own_schedule():
    found = stands("2026-01-20", born("1950-05-05"), jab(1, "Flu vaccine", "2025-10-03"))
    assert {one.title for one in found.steps} == {
        "Pneumococcal, at 65",
        "Shingles",
        "RSV",
        "Flu, this winter",
        "COVID-19, this winter",
    }
    assert how(found, "Flu") == ["given"]
    assert how(found, "COVID") == ["due"]
    assert how(found, "RSV") == ["due"]
    assert how(found, "Pneumococcal") == ["not known to be given"]


def test_those_of_eighty_and_over_are_due_rsv_from_the_day_it_was_offered_to_them():
    older, younger = born("1940-05-05"), born("1946-05-05")
    assert how(stands("2026-03-31", older), "RSV") == ["not yet due"]
    assert how(stands("2026-04-01", older), "RSV") == ["due"]
    assert step(stands("2026-05-01", older), "RSV").due == date(2026, 4, 1)
    assert how(stands("2026-06-01", younger), "RSV") != ["not yet due"]


def test_last_winters_jab_is_not_this_winters_and_summer_asks_for_none():
    said = born("1950-05-05"), jab(1, "Flu vaccine", "2024-10-03")
    assert how(stands("2026-01-20", *said), "Flu") == ["due"]
    assert how(stands("2026-08-01", *said), "Flu") == []


def test_the_order_in_which_doses_arrive_changes_nothing():
    said = (*FIRST_YEAR[1:4], born("2025-01-10"), jab(9, "MMR", "", given=False))
    seen = {
        tuple((s.title, s.dose, s.standing) for s in stands("2026-08-20", *each).steps)
        for each in permutations(said)
    }
    assert len(seen) == 1


def test_a_dose_more_never_makes_a_dose_known_unknown():
    """Given stays given, whatever else is said to be given."""
    for more in (*FIRST_YEAR[1:], jab(20, "MMR", "2026-01-15"), jab(21, "6-in-1", "2025")):
        found = stands("2026-08-20", *FIRST_YEAR, more)
        assert how(found, "6-in-1")[:3] == ["given"] * 3
        assert how(found, "Rotavirus") == ["given", "given"]


def test_an_age_of_months_is_reached_on_the_last_day_of_a_short_month():
    assert reached("1m", date(2025, 1, 31)) == date(2025, 2, 28)
    assert reached("65y", date(1960, 2, 29)) == date(2025, 2, 28)
    assert reached("8w", date(2025, 1, 10)) == date(2025, 3, 7)


def test_the_schedule_names_only_vaccines_that_are_known_and_its_page_names_every_course():
    named = {v for each in (*SCHEDULE.courses, *SCHEDULE.seasons) for v in each.vaccines}
    assert all(CONCEPTS[name].kind == "vaccine" for name in named)
    page = (DOCS / "reference/immunisation-schedule.md").read_text()
    for each in (*SCHEDULE.courses, *SCHEDULE.seasons):
        assert each.title in page
        assert each.source
        assert each.checked.startswith("2026-")
        assert each.checked in page
    assert SCHEDULE.source in page

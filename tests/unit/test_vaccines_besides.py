"""Vaccines in pregnancy and for clinical risk groups, from the record alone. All invented."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fold_statements import coded, condition, order, statement, status
from tests.unit.portal_records import opened
from tests.unit.test_maternity import done
from tests.unit.test_vaccinated import born, jab, step
from wholerecord.fhir.record.summary.document import document
from wholerecord.fhir.record.worked_out import given
from wholerecord.fold import fold
from wholerecord.fold.maternity import pregnancies
from wholerecord.fold.schedule import SCHEDULE
from wholerecord.fold.vaccinated import Standing, Vaccinated, vaccinated
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.vaccinated import schedule_shown
from wholerecord.record import Statement
from wholerecord.terms import CONCEPTS

DOCS = Path(__file__).parents[2] / "docs"
ADULT = born("1990-05-05")
WINTER, SUMMER = "2026-11-02", "2026-07-01"


def due_on(day: str, said_on: str = "2026-05-01", n: int = 90) -> Statement:
    body: dict[str, Any] = {
        "id": f"due-{n}",
        "status": "final",
        "code": coded("Estimated date of delivery", loinc="11778-8"),
        "effectiveDateTime": said_on,
        "valueDateTime": day,
    }
    return statement("acute", "Observation", body, n=n)


def pregnant(when: str) -> Statement:
    return condition("gp", "preg", "Pregnancy", when, n=91)


def bmi(value: float, when: str) -> Statement:
    body = {
        "id": f"bmi-{when}",
        "status": "final",
        "code": coded("Body mass index", loinc="39156-5"),
        "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": "kg/m2"},
    }
    return statement("gp", "Observation", body, n=int(value))


def stands(today: str, *said: Statement) -> Vaccinated:
    record, on = fold(said), date.fromisoformat(today)
    return vaccinated(record, on, pregnant=pregnancies(record, on))


def standing(found: Vaccinated, title: str) -> list[str]:
    return [one.standing.value for one in found.steps if one.title == title]


@pytest.mark.parametrize(
    ("today", "whooping", "rsv", "flu"),
    [
        # Due on 1 December 2026: the last period was on 24 February.
        ("2026-06-01", "not yet due", "not yet due", []),
        ("2026-06-16", "due", "not yet due", []),
        ("2026-09-08", "due", "due", ["due"]),
        ("2026-11-30", "due", "due", ["due"]),
    ],
)
def test_in_pregnancy_whooping_cough_is_due_from_16_weeks_rsv_from_28_and_flu_in_the_season(
    today: str, whooping: str, rsv: str, flu: list[str]
):
    found = stands(today, ADULT, due_on("2026-12-01"))
    assert standing(found, "Whooping cough, in pregnancy") == [whooping]
    assert standing(found, "RSV, in pregnancy") == [rsv]
    assert standing(found, "Flu, in pregnancy") == flu


def test_a_dose_of_this_pregnancy_is_given_and_one_of_the_last_is_not():
    said = [ADULT, due_on("2026-12-01")]
    this = stands("2026-10-01", *said, jab(1, "Tdap", "2026-07-01"), jab(2, "RSV", "2026-09-20"))
    assert standing(this, "Whooping cough, in pregnancy") == ["given"]
    assert standing(this, "RSV, in pregnancy") == ["given"]
    last = stands("2026-10-01", *said, jab(1, "Boostrix-IPV", "2024-01-01"))
    assert standing(last, "Whooping cough, in pregnancy") == ["due"]


def test_a_pregnancy_that_is_over_asks_for_nothing():
    birth = done("acute", "birth", "Caesarean section", "2026-10-20")
    found = stands("2026-11-02", ADULT, due_on("2026-12-01"), birth)
    assert not [one for one in found.steps if "pregnancy" in one.title]


def test_without_a_due_date_from_when_is_not_known_and_that_is_said():
    found = stands("2026-07-01", ADULT, pregnant("2026-05-01"))
    one = step(found, "RSV, in pregnancy")
    assert one.standing is Standing.NOT_KNOWN
    assert "when the baby is due is not known" in one.because


def test_a_refusal_is_shown_beside_what_is_due():
    no = jab(1, "Tdap", "2026-07-01", given=False)
    one = step(stands("2026-10-01", ADULT, due_on("2026-12-01"), no), "Whooping cough")
    assert one.standing is Standing.DUE
    assert one.declined is not None


ASTHMA = condition("gp", "c", "Asthma", "2010-01-01", n=1)
CLENIL = order("gp", "m", "Clenil Modulite 100micrograms/dose inhaler", "2026-09-01", n=2)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ([condition("gp", "c", "Type 2 diabetes mellitus", "2015-01-01")], "diabetes"),
        ([condition("acute", "c", "COPD", "2015-01-01")], "chronic respiratory disease"),
        ([condition("gp", "c", "Chronic kidney disease stage 3a", "2015")], "kidney"),
        ([condition("acute", "c", "Ischaemic stroke", "2015-01-01")], "neurological"),
        ([order("acute", "m", "Tacrolimus 1mg capsules", "2026-09-01")], "immune"),
        ([bmi(41, "2026-01-01"), bmi(39, "2020-01-01")], "body mass index"),
        ([ASTHMA, CLENIL], "asthma"),
        ([ASTHMA], ""),
        ([CLENIL], ""),
        ([order("gp", "m", "Tacrolimus 1mg capsules", "2019-01-01")], ""),
        ([bmi(41, "2020-01-01"), bmi(39, "2026-01-01")], ""),
        ([condition("gp", "c", "Chronic kidney disease stage 2", "2015")], ""),
        (
            [condition("gp", "c", "Diabetes", "2015", verificationStatus=status("provisional"))],
            "",
        ),
        ([condition("gp", "c", "Diabetes", "2015", clinicalStatus=status("resolved"))], ""),
        ([statement("gp", "FamilyMemberHistory", {"id": "f", "condition": []})], ""),
    ],
)
def test_the_records_own_facts_put_an_adult_in_a_risk_group_for_flu_or_not(
    said: list[Statement], because: str
):
    found = stands(WINTER, ADULT, *said)
    flu = [one for one in found.steps if one.title == "Flu, this winter"]
    assert bool(flu) is bool(because)
    if flu:
        assert because in flu[0].because
        assert flu[0].evidence
        assert flu[0].standing is Standing.DUE
    assert not [one for one in stands(SUMMER, ADULT, *said).steps if one.title.startswith("Flu")]


DIABETES = condition("gp", "d", "Type 2 diabetes mellitus", "2015-01-01", n=3)


def test_who_is_asked_by_age_or_pregnancy_is_not_asked_twice():
    old = stands(WINTER, born("1950-05-05"), DIABETES)
    assert len([one for one in old.steps if one.title.startswith("Flu")]) == 1
    both = stands(WINTER, ADULT, DIABETES, due_on("2026-12-01"))
    assert [one.title for one in both.steps if one.title.startswith("Flu")] == ["Flu, in pregnancy"]


def test_a_dose_of_the_season_is_given_and_last_winters_is_not():
    assert standing(
        stands(WINTER, ADULT, DIABETES, jab(1, "Flu vaccine", "2026-10-05")), "Flu, this winter"
    ) == ["given"]
    assert standing(
        stands(WINTER, ADULT, DIABETES, jab(1, "Flu vaccine", "2025-10-05")), "Flu, this winter"
    ) == ["due"]


def test_one_pneumococcal_dose_is_enough_and_none_that_anybody_tells_of_is_not_known():
    title = "Pneumococcal, for higher risk"
    assert standing(stands(WINTER, ADULT, DIABETES), title) == ["not known to be given"]
    known = stands(WINTER, ADULT, DIABETES, jab(1, "Pneumococcal vaccine", "2016-01-01"))
    assert standing(known, title) == ["given"]
    new = condition("gp", "d", "Type 2 diabetes mellitus", "2026-10-01", n=3)
    assert standing(stands(WINTER, ADULT, new), title) == ["due"]


def test_two_shingles_doses_for_a_weakened_immune_system_from_18_and_by_age_where_that_asks():
    title = "Shingles, for a weakened immune system"
    myeloma = condition("acute", "m", "Myeloma", "2026-08-01", n=4)
    assert standing(stands(WINTER, ADULT, myeloma), title) == ["due", "not yet due"]
    once = stands(WINTER, ADULT, myeloma, jab(1, "Shingles vaccine", "2026-08-20"))
    assert standing(once, title) == ["given", "due"]
    assert standing(stands(WINTER, born("2010-05-05"), myeloma), title) == []
    assert standing(stands(WINTER, born("1960-05-05"), myeloma), title) == []


def test_the_order_in_which_it_is_said_changes_nothing():
    said = [ADULT, DIABETES, due_on("2026-12-01"), jab(1, "Tdap", "2026-07-01")]
    first = stands(WINTER, *said)
    assert all(stands(WINTER, *order) == first for order in permutations(said))


def shown_to(*said: Statement, **more: Any) -> Any:
    found = replace(opened([]), record=fold(said))
    return replace(found, **more)


def test_the_page_says_because_of_what():
    found = shown_to(ADULT, DIABETES)
    page = schedule_shown(found, Links(base="/me"), date.fromisoformat(WINTER), plain=True)
    assert page is not None
    notes = [row.note for part in page.parts for row in part.rows if row.title.startswith("Flu")]
    assert notes == ["because of this record: diabetes (Type 2 diabetes)"]


def test_an_app_that_may_not_see_conditions_is_not_told_of_a_risk_nor_that_there_is_none():
    day = date.fromisoformat(WINTER)

    def told(*said: Statement, let_in: str) -> Any:
        allowed = {"ImmunizationRecommendation", "Immunization", "Patient", *let_in.split()}
        found = given(shown_to(*said), day, lambda one: one["resourceType"] in allowed)
        return [one.shown for one in found]

    every = "Condition MedicationStatement Observation Procedure Encounter"
    [whole] = told(ADULT, DIABETES, let_in=every)
    [flu] = [one for one in whole["recommendation"] if one["series"].startswith("Flu")]
    assert flu["forecastReason"] == [{"text": "diabetes"}]
    assert flu["supportingPatientInformation"][0]["reference"].startswith("Condition/")
    assert told(ADULT, DIABETES, let_in="") == told(ADULT, let_in="")
    assert len(told(ADULT, let_in="")) == 1


def test_the_summary_has_what_is_due_in_its_plan_of_care():
    found = shown_to(ADULT, DIABETES, due_on("2026-12-01"))
    winter = replace(found.opening, at=found.opening.at.replace(2026, 11, 2))
    made = document(replace(found, opening=winter), "1")
    by_url = {one["fullUrl"]: one["resource"] for one in made["entry"]}
    [plan] = [
        one
        for one in made["entry"][0]["resource"]["section"]
        if one["code"]["coding"][0]["code"] == "18776-5"
    ]
    [due] = [by_url[one["reference"]] for one in plan["entry"]]
    assert due["resourceType"] == "ImmunizationRecommendation"
    series = {one["series"] for one in due["recommendation"]}
    assert {"Flu, in pregnancy", "RSV, in pregnancy"} <= series
    assert "Vaccine due, not known to be given: RSV, in pregnancy" in plan["text"]["div"]
    told = shown_to(ADULT, DIABETES)
    none = replace(told, verdict=replace(told.verdict, kinds=frozenset({"condition"})))
    assert "ImmunizationRecommendation" not in str(document(none, "1"))


def test_every_row_names_what_is_known_and_its_source_and_stands_on_the_page():
    page = (DOCS / "reference/immunisation-schedule.md").read_text()
    risks = {risk.id for risk in SCHEDULE.risks}
    for row in (*SCHEDULE.pregnancy, *SCHEDULE.at_risk):
        assert all(CONCEPTS[name].kind == "vaccine" for name in row.vaccines)
        assert row.checked.startswith("2026-")
        assert row.source in page
        assert row.checked in page
    for row in SCHEDULE.at_risk:
        assert set(row.risks) <= risks
        assert not row.unless or row.unless in {course.id for course in SCHEDULE.courses}
    for risk in SCHEDULE.risks:
        assert all(CONCEPTS[name].kind == "condition" for name in risk.conditions)
        assert all(
            CONCEPTS[name].kind in {"medicine", "class"}
            for name in (*risk.medicines, *risk.with_medicines)
        )
        assert not risk.measured or CONCEPTS[risk.measured].kind == "test"
        assert risk.source in page

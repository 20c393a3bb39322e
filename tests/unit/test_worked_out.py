"""Pregnancies and the schedule, worked out for FHIR and the person's page. All made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.unit.fold_statements import condition, statement
from tests.unit.portal_records import opened
from tests.unit.test_maternity import BOOKED, BORN, due
from wholerecord.access.opening import Opened
from wholerecord.fhir.record.worked_out import given, worked_out
from wholerecord.fold import Kind, fold
from wholerecord.portal.patient.plain import section, sections
from wholerecord.portal.patient.pregnancies import plain_pregnancies
from wholerecord.portal.shared.links import Links
from wholerecord.record import Statement

SUMMER, WINTER = date(2025, 7, 1), date(2025, 11, 1)
ME = Links(base="/me")
BORN_1948 = statement("gp", "Patient", {"id": "p", "birthDate": "1948-03-02"})
DOSE = statement(
    "gp",
    "Immunization",
    {
        "id": "i",
        "status": "completed",
        "vaccineCode": {"text": "Pneumococcal vaccine"},
        "occurrenceDateTime": "2014-01-01",
    },
)


def seen(*said: Statement, kinds: frozenset[str] = frozenset()) -> Opened:
    found = replace(opened([]), record=fold(said))
    return replace(found, verdict=replace(found.verdict, kinds=kinds))


def of_type(found: Opened, kind: str, on: date) -> list[dict[str, Any]]:
    every = [one.held.shown for one in worked_out(found, on)]
    return [one for one in every if one["resourceType"] == kind]


def test_a_current_pregnancy_is_an_active_episode_with_its_due_date_and_what_it_is_of():
    [one] = of_type(seen(*BOOKED), "EpisodeOfCare", SUMMER)
    assert one["status"] == "active"
    assert one["period"] == {"start": "2025-03-03"}
    values = {each["url"].rpartition("/")[2]: each for each in one["extension"]}
    assert values["pregnancy-due"]["valueDate"] == "2025-10-20"
    told = [
        each["valueReference"]["reference"].partition("/")[0]
        for each in one["extension"]
        if "worked-out-of" in each["url"]
    ]
    assert sorted(told) == ["Condition", "Encounter", "Observation", "Procedure"]
    assert [each["condition"]["reference"].partition("/")[0] for each in one["diagnosis"]] == [
        "Condition"
    ]


def test_an_ended_one_is_finished_and_one_whose_end_nobody_said_has_no_status():
    [ended] = of_type(seen(*BOOKED, BORN), "EpisodeOfCare", WINTER)
    assert (ended["status"], ended["period"]["end"]) == ("finished", "2025-10-14")
    [lost] = of_type(seen(*BOOKED), "EpisodeOfCare", date(2027, 1, 1))
    assert "status" not in lost
    assert lost["_status"]["extension"][0]["valueCode"] == "unknown"
    assert ended["id"] == lost["id"]


def test_the_schedule_is_one_recommendation_and_what_is_not_known_has_no_code():
    [one] = of_type(seen(BORN_1948, DOSE), "ImmunizationRecommendation", WINTER)
    steps = {each["series"]: each for each in one["recommendation"]}
    given_, unknown = steps["Pneumococcal, at 65"], steps["Shingles"]
    assert given_["forecastStatus"]["coding"][0]["code"] == "complete"
    assert given_["supportingImmunization"][0]["reference"].startswith("Immunization/")
    assert unknown["forecastStatus"] == {"text": "not known to be given"}
    assert all(each["vaccineCode"] for each in one["recommendation"])
    assert not of_type(seen(DOSE), "ImmunizationRecommendation", WINTER)


def test_who_may_not_see_immunisations_is_given_no_schedule():
    narrow = seen(BORN_1948, DOSE, kinds=frozenset({"condition"}))
    assert not of_type(narrow, "ImmunizationRecommendation", WINTER)


def test_an_app_is_given_only_what_is_worked_out_of_what_it_was_let_in_to():
    found = seen(BORN_1948, DOSE, *BOOKED)

    def types(*let_in: str) -> list[str]:
        shows = frozenset(let_in)
        both = given(found, SUMMER, lambda one: one["resourceType"] in shows)
        return [one.shown["resourceType"] for one in both]

    pregnancy = ("EpisodeOfCare", "Condition", "Observation", "Encounter", "Procedure")
    assert types(*pregnancy) == ["EpisodeOfCare"]
    for left_out in pregnancy:
        assert types(*(one for one in pregnancy if one != left_out)) == []
    assert types("ImmunizationRecommendation", "Immunization", "Patient") == [
        "ImmunizationRecommendation"
    ]
    assert types("ImmunizationRecommendation", "Patient") == []
    assert types("ImmunizationRecommendation", "Immunization") == []


def test_the_persons_page_says_when_the_baby_is_due_and_that_sources_disagree():
    [one] = plain_pregnancies(seen(*BOOKED), ME, SUMMER)
    assert (one.title, one.says) == ("Your pregnancy now", "Your baby is due on 20 October 2025.")
    assert all(href.startswith("/me/entries/") for href, _ in one.lines)
    [two] = plain_pregnancies(
        seen(*BOOKED, due("gp", "e2", "2025-10-27", "2025-03-05")), ME, SUMMER
    )
    assert "your sources do not agree" in two.says


def test_an_ended_pregnancy_is_told_in_the_words_it_was_written_down_in():
    [born] = plain_pregnancies(seen(*BOOKED, BORN), ME, WINTER)
    assert born.title == "A pregnancy you had"
    assert "birth by caesarean section" in born.says
    lost = condition("gp", "m", "Miscarriage", "2024-01-01")
    [one] = plain_pregnancies(seen(lost), ME, WINTER)
    assert one.says == "It ended by 1 January 2024. It is written down as: miscarriage."
    [unknown] = plain_pregnancies(seen(*BOOKED), ME, date(2027, 1, 1))
    assert unknown.says.endswith("How it went on is not written down here.")


def test_it_stands_among_the_conditions_of_the_first_page_and_of_the_whole_list():
    found = seen(*BOOKED)
    [first] = [one for one in sections(found, ME, SUMMER) if one.slug == "condition"]
    whole = section(found, Kind.CONDITION, ME, SUMMER)
    assert first.pregnancies == whole.pregnancies
    assert len(whole.pregnancies) == 1
    assert not section(found, Kind.MEDICINE, ME, SUMMER).pregnancies

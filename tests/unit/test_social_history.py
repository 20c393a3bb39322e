"""Social history: one entry a topic, the newest word first, nothing hidden. All made up."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import msgspec
import pytest

from tests.unit.fold_statements import RECEIVED, coded, coded_as, one, places, statement
from tests.unit.portal_records import opened
from tests.unit.test_policy import policy
from wholerecord.access.marks import marks_of
from wholerecord.access.opening import Opened
from wholerecord.care.sheet import full_sheet
from wholerecord.fhir.record.entries import entry as as_fhir
from wholerecord.fhir.record.summary.document import document
from wholerecord.fold import About, Entry, Kind, Onward, Ruling, SocialHistory, Verdict, fold
from wholerecord.portal.clinician.lines import line
from wholerecord.portal.clinician.listing import listing
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.patient.plain import plain_line
from wholerecord.portal.shared.links import Links
from wholerecord.record import PersonId, Statement
from wholerecord.research.rows import rows_of

LINKS = Links(base="/people/x")
SOCIAL = {"category": [coded_as("social-history")]}


def told(source: str, id: str, code: dict[str, Any], when: str = "", **more: Any) -> Statement:
    dated = {"effectiveDateTime": when} if when else {}
    body = {"id": id, "status": "final", "code": code, **dated, **more}
    return statement(source, "Observation", body)


def smoking(source: str, id: str, value: str, when: str = "", **more: Any) -> Statement:
    return told(source, id, coded(loinc="72166-2"), when, valueString=value, **more)


def detail(entry: Entry) -> SocialHistory:
    assert isinstance(entry.detail, SocialHistory)
    return entry.detail


SMOKER = smoking("gp", "1", "Smoker", "2019")
NEVER = told("acute", "2", coded("Never smoked tobacco", snomed="266919005"), "2024-02-01")

#: What is said, and the topic that it is of.
TOPICS: list[tuple[Statement, str]] = [
    (SMOKER, "Smoking"),
    (NEVER, "Smoking"),
    (told("gp", "1", coded("Ex cigar smoker"), **SOCIAL), "Smoking"),
    (told("gp", "1", coded("Alcohol units per week"), **SOCIAL), "Alcohol"),
    (told("gp", "1", coded(loinc="74013-4")), "Alcohol"),
    (told("gp", "1", coded(snomed="228366006")), "Drug use"),
    (told("gp", "1", coded("History of occupation", loinc="11341-5")), "Work"),
    (told("gp", "1", coded("Lives alone", snomed="105529008")), "Home and who is there"),
    (
        told("gp", "1", coded("Patient themselves providing care", snomed="224484003")),
        "Caring for others",
    ),
    (told("gp", "1", coded(loinc="54899-0"), valueString="Polish"), "Language"),
    (told("gp", "1", coded("Vegetarian"), **SOCIAL), "Diet"),
    (told("gp", "1", coded("Exercise duration"), **SOCIAL), "Exercise"),
    (told("gp", "1", coded("Keeps pigeons"), **SOCIAL), "Keeps pigeons"),
]


@pytest.mark.parametrize(("said", "title"), TOPICS)
def test_what_tells_of_how_somebody_lives_is_of_a_topic(said: Statement, title: str):
    entry = one(fold([said]), Kind.SOCIAL_HISTORY)
    assert entry.title == title
    assert detail(entry).habits[0].value


@pytest.mark.parametrize(
    "words", ["Smoke inhalation", "Diet controlled", "Exercise tolerance test"]
)
def test_words_alone_make_no_social_history_of_what_its_source_does_not_call_so(words: str):
    assert not fold([told("gp", "1", coded(words))]).of(Kind.SOCIAL_HISTORY)


def test_the_newest_word_stands_first_and_every_other_is_kept():
    said = [
        smoking("gp", "1", "Smoker", "2010"),
        smoking("gp", "2", "20 a day", "2015"),
        smoking("acute", "3", "Ex-smoker", "2024"),
    ]
    records = [fold(order) for order in permutations(said)]
    entry = one(records[0], Kind.SOCIAL_HISTORY)
    assert all(record == records[0] for record in records)
    assert [habit.value for habit in detail(entry).habits] == ["Ex-smoker", "20 a day", "Smoker"]
    assert (entry.title, entry.when and entry.when.text) == ("Smoking", "2024")
    assert entry.conflict == ""
    assert places(records[0]) == 3


def test_a_newer_word_that_there_is_none_never_hides_what_there_was():
    entry = one(fold([SMOKER, NEVER]), Kind.SOCIAL_HISTORY)
    assert detail(entry).value == "Never smoked tobacco; also said: Smoker"
    assert entry.conflict == "acute says never; gp says that there was or is."
    for shown in (
        line(LINKS, entry).note,
        plain_line(entry, {}, LINKS, date(2026, 1, 1)).says,
        str(as_fhir(PersonId("p"), entry)),
    ):
        assert "Smoker" in shown
        assert "Never smoked tobacco" in shown


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (("Smoker", "2024-01-01"), ("Non-smoker", "2024-03-01"), True),
        (("Smoker", "2019-01-01"), ("Non-smoker", "2024-03-01"), False),
        (("Smoker", ""), ("Non-smoker", "2024-03-01"), True),
        (("Ex-smoker", "2019-01-01"), ("Never smoked", "2024-03-01"), True),
        (("Ex-smoker", "2024-01-01"), ("Smoker", "2024-03-01"), True),
        (("Non-smoker", "2024-01-01"), ("Never smoked", "2024-03-01"), False),
        (("Smoker", "2024-01-01"), ("Unknown if ever smoked", "2024-03-01"), False),
        (("Smoker", "2024-01-01"), ("20 a day", "2024-03-01"), False),
    ],
)
def test_what_cannot_both_be_so_is_marked_and_a_change_is_not(
    first: tuple[str, str], second: tuple[str, str], says: bool
):
    said = [smoking("gp", "1", *first), smoking("acute", "2", *second)]
    for order in (said, said[::-1]):
        assert (one(fold(order), Kind.SOCIAL_HISTORY).conflict != "") is says


def test_one_source_that_says_otherwise_later_has_changed_its_mind_and_disagrees_with_nobody():
    said = [
        smoking("gp", "1", "Smoker", "2024-01-01"),
        smoking("gp", "2", "Ex-smoker", "2024-02-01"),
    ]
    assert one(fold(said), Kind.SOCIAL_HISTORY).conflict == ""


def test_how_near_two_words_disagree_is_a_rule():
    said = [
        smoking("gp", "1", "Smoker", "2024-01-01"),
        smoking("acute", "2", "Non-smoker", "2024-03-01"),
    ]
    assert one(fold(said), Kind.SOCIAL_HISTORY).conflict
    assert not one(fold(said, (), policy(social_same__time__days=9)), Kind.SOCIAL_HISTORY).conflict


def test_a_number_keeps_its_unit_and_its_name():
    said = told(
        "gp",
        "1",
        coded("Alcohol units per week"),
        "2024",
        valueQuantity={"value": 14, "unit": "units/week"},
        **SOCIAL,
    )
    entry = one(fold([said]), Kind.SOCIAL_HISTORY)
    assert detail(entry).value == "Alcohol units per week: 14 units/week"
    assert detail(entry).habits[0].number == 14


def test_an_earlier_version_is_kept_where_it_said_otherwise():
    was = smoking("gp", "1", "Smoker", "2019", meta={"lastUpdated": "2019-01-01T00:00:00Z"})
    now = msgspec.structs.replace(
        smoking("gp", "1", "Ex-smoker", "2024", meta={"lastUpdated": "2024-01-01T00:00:00Z"}), t=2
    )
    entry = one(fold([was, now]), Kind.SOCIAL_HISTORY)
    assert [(habit.value, habit.now) for habit in detail(entry).habits] == [
        ("Ex-smoker", True),
        ("Smoker", False),
    ]
    late = Onward([now])
    assert late.further([was]) == fold([was, now])


def test_a_word_that_was_ruled_wrong_stands_apart_and_counts_no_more():
    about = About(NEVER.patient, NEVER.kind, "2")
    ruling = Ruling(n=1, verdict=Verdict.WRONG, about=(about,), by="Dr Hale", why="x", at=RECEIVED)
    right, wrong = sorted(
        fold([SMOKER, NEVER], [ruling]).of(Kind.SOCIAL_HISTORY), key=lambda e: e.status
    )
    assert (right.status, detail(right).value, right.conflict) == ("final", "Smoker", "")
    assert wrong.status == "refuted"


def test_two_codes_that_disagree_and_a_future_date_are_marked():
    later = smoking("gp", "1", "Smoker", "2062-01-01")
    assert "dates it 2062" in one(fold([later]), Kind.SOCIAL_HISTORY).conflict


def seen(*said: Statement) -> Opened:
    return replace(opened([]), record=fold(said))


def test_it_has_a_list_of_its_own_and_stands_on_the_first_screen():
    found = seen(SMOKER, NEVER)
    [row] = listing(found, Kind.SOCIAL_HISTORY, LINKS, words="", page="1").rows
    assert (row.line.text, row.line.mark) == ("Smoking", "Sources disagree")
    panels = {
        one.slug: one for one in screen(found, alerts=(), last=None, now=found.opening.at).panels
    }
    assert panels["about-me"].title == "About me and social history"
    assert [one.text for one in panels["about-me"].lines] == ["Smoking"]


def test_the_summary_and_paper_have_it_under_the_headings_of_their_standards():
    found = seen(SMOKER, NEVER)
    sections = document(found, "1")["entry"][0]["resource"]["section"]
    [social] = [one for one in sections if one["title"] == "Social history"]
    assert len(social["entry"]) == 1
    assert "Never smoked tobacco" in social["text"]["div"]
    assert "Smoker (2019, gp)" in social["text"]["div"]
    [paper] = [one for one in full_sheet(found, found.opening.at).sections if one.slug == "social"]
    assert paper.title == "Social context"


def test_over_fhir_the_newest_word_is_the_value_and_every_word_a_note():
    found = as_fhir(PersonId("p"), one(fold([SMOKER, NEVER]), Kind.SOCIAL_HISTORY))
    assert found["resourceType"] == "Observation"
    assert found["category"][0]["coding"][0]["code"] == "social-history"
    assert found["valueString"] == "Never smoked tobacco; also said: Smoker"
    assert [note["text"] for note in found["note"]][:2] == [
        "Never smoked tobacco (1 Feb 2024, acute)",
        "Smoker (2019, gp)",
    ]


def test_whoever_hid_measurements_when_it_was_among_them_hid_it_too():
    entry = one(fold([SMOKER]), Kind.SOCIAL_HISTORY)
    assert marks_of(frozenset({"kind:observation"})).withholds(entry)
    assert marks_of(frozenset({"kind:social-history"})).withholds(entry)
    assert not marks_of(frozenset({"kind:medicine"})).withholds(entry)


def test_research_has_a_row_for_each_word_as_before():
    rows = rows_of(1, fold([SMOKER, NEVER]))["observation"]
    dates = {row[3].year for row in rows if row[3] is not None}
    assert dates == {2019, 2024}

"""A record that is too long, or cannot be right, on the pages and over FHIR. All made up."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.unit.fhir_world import AROUND
from tests.unit.fold_statements import (
    coded,
    coded_as,
    condition,
    one,
    order,
    places,
    result,
    statement,
)
from tests.unit.portal_records import opened
from wholerecord.access.opening import Opened
from wholerecord.care.sheet import full_sheet, one_page
from wholerecord.fhir.record.rendered import Rendered
from wholerecord.fhir.record.summary.document import document
from wholerecord.fhir.record.worked_out import worked_out
from wholerecord.fhir.search import World, read, select
from wholerecord.fold import Kind, Measure, fold
from wholerecord.fold.transfers import transfers
from wholerecord.portal.clinician.by_time import by_time
from wholerecord.portal.clinician.lines import line
from wholerecord.portal.clinician.listing import PAGE, listing
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.clinician.transfers import transferred
from wholerecord.portal.patient.plain import plain_line, sections
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.provenance import provenance
from wholerecord.record import Statement

LINKS = Links(base="/people/x")
TODAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = ("gp", "acute", "mh", "lab")
MANY = 50_000


def many() -> list[Statement]:
    """Fifty thousand statements, of one person, of four sources."""
    smoke = {"code": coded(loinc="72166-2"), "valueString": "Smoker", "status": "final"}
    stay = {
        "id": "s",
        "status": "finished",
        "class": {"code": "IMP"},
        "period": {"start": "2025-06-01T09:00:00Z", "end": "2025-06-09T09:00:00Z"},
    }
    return [
        *(
            result(SOURCES[n % 4], str(n), "2823-3", n % 9, f"20{n % 25:02}-01-01T00:00:00Z")
            for n in range(MANY - 4001)
        ),
        *(
            condition(SOURCES[n % 4], f"c{n}", "Stroke", f"20{n % 25:02}-0{1 + n % 9}-01")
            for n in range(2000)
        ),
        *(order(SOURCES[n % 4], f"m{n}", "Ramipril", f"2025-0{1 + n % 9}-02") for n in range(1000)),
        *(
            statement(
                SOURCES[n % 4], "Observation", {"id": f"h{n}", "effectiveDateTime": "2025", **smoke}
            )
            for n in range(1000)
        ),
        statement("acute", "Encounter", stay),
    ]


@pytest.fixture(scope="module")
def long() -> Opened:
    """The record of all that, opened."""
    return replace(opened([]), record=fold(many()))


def test_fifty_thousand_statements_of_one_person_are_one_record(long: Opened):
    assert places(long.record) == long.record.statements == MANY


def test_its_pages_are_as_short_as_anybodys(long: Opened):
    shown = screen(long, alerts=(), last=None, now=NOW)
    assert all(len(panel.lines) <= 15 for panel in shown.panels)
    for kind in (Kind.RESULT, Kind.CONDITION):
        page = listing(long, kind, LINKS, words="", page="2", today=TODAY)
        assert 0 < len(page.rows) <= PAGE
    timeline = by_time(long, LINKS, TODAY, chosen=(), page="1")
    assert timeline is not None
    assert sum(len(each.lines) for each in sections(long, LINKS, TODAY)) < 200
    assert len(str(one_page(long, NOW))) < 2_000_000


def test_an_entry_that_thousands_of_statements_tell_of_has_a_page_with_all_of_them(long: Opened):
    [smoking] = long.record.of(Kind.SOCIAL_HISTORY)
    assert len(provenance(long, smoking, (), LINKS).said) == 1000
    assert len(line(LINKS, smoking).note) < 200
    assert len(plain_line(smoking, {}, LINKS, TODAY).says) < 2000


def test_its_transfers_of_care_tell_every_word_and_are_lists_of_lines(long: Opened):
    leaving, arriving = transferred(long, LINKS, TODAY)
    assert len(leaving.lines) == len(arriving.lines) == 1
    assert len([each for each in worked_out(long, TODAY) if "entry" in each.held.shown]) == 2


def test_over_fhir_a_search_of_it_gives_what_fits_and_the_summary_what_is_newest(long: Opened):
    shown = Rendered().of(long)
    world = World(held for held, _ in shown.entries)
    plan = read("Observation", [("date", "ge2024"), ("_count", "5")], AROUND)
    found = select(plan, world)
    assert 0 < len(found) < len(long.record.entries)
    assert found[0].shown["resourceType"] == "Observation"
    made = document(long, "1")
    assert len(made["entry"]) < 2 * len(long.record.of(Kind.CONDITION)) + 200


def test_the_whole_of_it_on_paper_leaves_nothing_out(long: Opened):
    sheet = full_sheet(long, NOW)
    lines = sum(len(each.lines) for each in sheet.sections if each.slug != "transfers")
    assert lines == len(long.record.entries)


def everywhere(*said: Statement) -> str:
    """All that the pages, paper and FHIR say of it."""
    found = replace(opened([]), record=fold(said))
    rows = [listing(found, kind, LINKS, words="", page="1", today=TODAY).rows for kind in Kind]
    plain = [plain_line(entry, {}, LINKS, TODAY) for entry in found.record.entries]
    shown = [held.shown for held, _ in Rendered().of(found).entries]
    return str((rows, plain, shown, full_sheet(found, NOW), document(found, "1")))


def test_units_that_cannot_be_converted_are_two_values_each_as_it_was_sent():
    at = "2025-03-01T10:00:00Z"
    said = (
        result("gp", "1", "2823-3", 4.1, at, unit="mmol/L"),
        result("lab", "2", "2823-3", 4.1, at, unit="woozles"),
    )
    found = fold(said).of(Kind.RESULT)
    values = {(e.detail.value, e.detail.unit) for e in found if isinstance(e.detail, Measure)}
    assert values == {("4.1", "mmol/L"), ("4.1", "woozles")}
    assert "4.1 woozles" in everywhere(*said)


def test_units_of_one_specimen_that_cannot_be_converted_are_one_result_that_says_so():
    at, number = "2025-03-01T10:00:00Z", {"identifier": [{"system": "lab", "value": "77"}]}
    said = (
        result("gp", "1", "2823-3", 4.1, at, unit="mmol/L", **number),
        result("lab", "2", "2823-3", 9, at, unit="woozles", **number),
    )
    entry = one(fold(said), Kind.RESULT)
    assert "4.1 mmol/L" in entry.conflict
    assert "woozles" in entry.conflict


DISAGREEING = {
    "coding": [
        {"system": "http://snomed.info/sct", "code": "230690007"},
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "J18"},
    ]
}
SOCIAL = {"category": [coded_as("social-history")], "status": "final"}
#: What cannot be right, and words of it that must be seen wherever it is shown.
WRONG: dict[str, tuple[list[Statement], tuple[str, ...]]] = {
    "contradictory": (
        [
            condition("gp", "1", "Stroke", "2020-01-01"),
            condition("acute", "2", "No known conditions"),
            order("gp", "3", "Warfarin 3mg tablets"),
            order("acute", "4", "Warfarin 3mg tablets", status="stopped"),
        ],
        ("Stroke", "it has ended"),
    ),
    "undated": ([condition("gp", "1", "Woozles")], ("Woozles",)),
    "future": ([condition("gp", "1", "Woozles", "2062-01-01")], ("Woozles", "dates it 2062-01-01")),
    "a future habit": (
        [
            statement(
                "gp",
                "Observation",
                {
                    "id": "1",
                    "code": coded("Keeps pigeons"),
                    "effectiveDateTime": "2062-01-01",
                    **SOCIAL,
                },
            )
        ],
        ("Keeps pigeons", "dates it 2062-01-01"),
    ),
    "an unknown system": (
        [
            statement(
                "gp",
                "Condition",
                {
                    "id": "1",
                    "code": {
                        "coding": [{"system": "http://example.org/retired", "code": "X1"}],
                        "text": "Old disease",
                    },
                },
            )
        ],
        ("Old disease", "X1"),
    ),
    "two codes that disagree": (
        [statement("gp", "Condition", {"id": "1", "code": DISAGREEING})],
        ("Two codes of gp disagree",),
    ),
    "a habit of two codes that disagree": (
        [
            statement(
                "gp",
                "Observation",
                {
                    "id": "1",
                    "code": {
                        "coding": [
                            {"system": "http://loinc.org", "code": "72166-2"},
                            {"system": "http://loinc.org", "code": "2823-3"},
                        ]
                    },
                    **SOCIAL,
                },
            )
        ],
        ("Two codes of gp disagree",),
    ),
    "documents that replace each other": (
        [
            statement(
                "gp",
                "DocumentReference",
                {
                    "id": name,
                    "status": "current",
                    "description": f"Letter {name}",
                    "relatesTo": [
                        {"code": "replaces", "target": {"reference": f"DocumentReference/{other}"}}
                    ],
                },
            )
            for name, other in ("ab", "ba")
        ],
        ("each replaces the other",),
    ),
    "a stay that ends before it began": (
        [
            statement(
                "acute",
                "Encounter",
                {
                    "id": "1",
                    "status": "finished",
                    "class": {"code": "IMP"},
                    "period": {"start": "2025-06-09", "end": "2025-06-01"},
                },
            ),
            order("gp", "2", "Ramipril", "2025-05-01"),
        ],
        ("Ramipril",),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_right_is_shown_as_said_and_marked_on_every_page_and_over_fhir(what: str):
    said, words = WRONG[what]
    shown = everywhere(*said)
    for word in words:
        assert word in shown
    assert everywhere(*said[::-1]).count(words[0]) == shown.count(words[0])
    transfers(fold(said), TODAY)

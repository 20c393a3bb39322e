"""Immunisations, procedures, encounters, documents, plans, and everything else."""

from base64 import b64encode
from datetime import date

import pytest

from tests.unit.fold_statements import coded, coded_as, one, places, statement, titles
from wholerecord.fold import CarePlan, Document, Encounter, Kind, Plain, fold

CATEGORY = "https://wholerecord.example/CodeSystem/category"


def flu(source, id, when, **more):
    body = {"id": id, "status": "completed", "vaccineCode": coded("Flu vaccine"), **more}
    return statement(source, "Immunization", {**body, "occurrenceDateTime": when})


@pytest.mark.parametrize(
    ("gp", "pharmacy", "entries"),
    [
        ({}, {}, 1),
        ({"lotNumber": "A1"}, {"lotNumber": "B2"}, 2),
        ({"lotNumber": "A1"}, {"lotNumber": "a1"}, 1),
        ({"status": "not-done"}, {}, 2),
    ],
)
def test_one_dose_is_one_entry_and_two_batches_are_two(gp, pharmacy, entries):
    record = fold(
        [flu("gp", "1", "2025-10-01", **gp), flu("pharmacy", "2", "2025-10-01", **pharmacy)]
    )
    assert len(record.of(Kind.IMMUNISATION)) == entries


def test_a_dose_reported_later_may_be_a_day_off():
    def doses(**more):
        return fold([flu("gp", "1", "2025-10-01", **more), flu("pharmacy", "2", "2025-10-02")])

    assert len(doses(primarySource=False).of(Kind.IMMUNISATION)) == 1
    assert len(doses().of(Kind.IMMUNISATION)) == 2


@pytest.mark.parametrize(
    ("words", "when", "entries"),
    [
        ("Left hip replacement", "2026-05-01", 1),
        ("Right hip replacement", "2026-01-10", 2),
        ("Left hip replacement", "2026-12-01", 2),
    ],
)
def test_a_procedure_keeps_its_side_and_a_gp_copy_joins_it(words, when, entries):
    def done(source, id, said, at):
        body = {"id": id, "status": "completed", "code": coded(said, snomed="52734007")}
        return statement(source, "Procedure", {**body, "performedDateTime": at})

    record = fold(
        [
            done("acute", "1", "Left hip replacement", "2026-01-10T10:00:00Z"),
            done("gp", "2", words, when),
        ]
    )
    assert len(record.of(Kind.PROCEDURE)) == entries


def stay(source, id, start, end="", **more):
    body = {
        "id": id,
        "status": "finished",
        "class": {"code": "IMP"},
        "period": {"start": start, **({"end": end} if end else {})},
        "serviceProvider": {"display": "Northgate Hospital"},
        **more,
    }
    return statement(source, "Encounter", body)


def test_a_spell_is_one_by_its_number_or_by_overlap_in_one_place():
    number = {"identifier": [{"system": "urn:spell", "value": "S1"}]}
    by_number = fold(
        [
            stay("acute", "1", "2026-01-01", "2026-01-05", **number),
            stay("gp", "2", "2026-01-20", **number),
        ]
    )
    assert isinstance(one(by_number, Kind.ENCOUNTER).detail, Encounter)
    overlapping = fold(
        [stay("acute", "1", "2026-01-01", "2026-01-05"), stay("mh", "2", "2026-01-03")]
    )
    assert len(overlapping.of(Kind.ENCOUNTER)) == 1
    apart = fold([stay("acute", "1", "2026-01-01", "2026-01-05"), stay("mh", "2", "2026-01-09")])
    assert len(apart.of(Kind.ENCOUNTER)) == 2


def letter(source, id, text, media="text/plain"):
    attachment = {"contentType": media, "data": b64encode(text.encode()).decode()}
    body = {"id": id, "status": "current", "type": coded("Discharge letter")}
    return statement(source, "DocumentReference", {**body, "content": [{"attachment": attachment}]})


def test_one_letter_by_two_routes_is_one_document_with_its_text():
    entry = one(
        fold([letter("acute", "1", "Seen and well."), letter("gp", "2", "Seen and well.")]),
        Kind.DOCUMENT,
    )
    assert isinstance(entry.detail, Document)
    assert entry.detail.text == "Seen and well."
    assert entry.sources == ("acute", "gp")


def test_a_document_that_is_not_text_says_why_it_is_not_shown():
    entry = one(fold([letter("acute", "1", "%PDF", media="application/pdf")]), Kind.DOCUMENT)
    assert isinstance(entry.detail, Document)
    assert entry.detail.unread == "It is application/pdf: open the original."


def test_a_composition_is_read_section_by_section_without_its_markup():
    section = {"title": "Plan", "text": {"div": "<div><p>Rest &amp; fluids</p><b>Review</b></div>"}}
    entry = one(
        fold(
            [
                statement(
                    "acute",
                    "Composition",
                    {"id": "c", "status": "final", "title": "Discharge", "section": [section]},
                )
            ]
        ),
        Kind.DOCUMENT,
    )
    assert isinstance(entry.detail, Document)
    assert entry.detail.text == "Plan\nRest & fluids\nReview"


def test_a_plan_holds_the_goals_it_names():
    record = fold(
        [
            statement(
                "gp",
                "CarePlan",
                {
                    "id": "p",
                    "status": "active",
                    "title": "Diabetes plan",
                    "goal": [{"reference": "Goal/g"}],
                    "activity": [{"detail": {"description": "Walk daily", "status": "scheduled"}}],
                },
            ),
            statement(
                "gp",
                "Goal",
                {"id": "g", "lifecycleStatus": "active", "description": coded("Lose 5 kg")},
            ),
            statement("gp", "Goal", {"id": "x", "description": coded("Sleep")}),
        ]
    )
    plans = {entry.title: entry.detail for entry in record.of(Kind.CARE_PLAN)}
    plan = plans["Diabetes plan"]
    assert isinstance(plan, CarePlan)
    assert plan.goals == ("Lose 5 kg",)
    assert plan.activities == ("Walk daily (scheduled)",)
    assert "Sleep" in plans
    assert places(record) == 3


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("Flag", {"code": coded("Lives alone; key safe")}, Kind.ALERT),
        ("CareTeam", {"name": "Community team"}, Kind.TEAM),
        ("Practitioner", {"name": [{"family": "Okafor"}]}, Kind.TEAM),
        (
            "ServiceRequest",
            {"code": coded("Home care"), "category": [coded_as("social-care", CATEGORY)]},
            Kind.SOCIAL_CARE,
        ),
        (
            "CarePlan",
            {"title": "Care package", "category": [coded_as("social-care", CATEGORY)]},
            Kind.SOCIAL_CARE,
        ),
        (
            "EpisodeOfCare",
            {"status": "active", "type": [coded_as("social-care", CATEGORY)]},
            Kind.SOCIAL_CARE,
        ),
        (
            "Observation",
            {
                "code": coded("What matters"),
                "valueString": "My dog",
                "category": [coded_as("about-me")],
            },
            Kind.ABOUT_ME,
        ),
        ("Consent", {"category": [coded_as("dnr")], "scope": coded("Treatment")}, Kind.ALERT),
        ("Consent", {"scope": coded("Privacy")}, Kind.OTHER),
        ("Appointment", {"description": "Clinic", "start": "2026-01-01T09:00:00Z"}, Kind.OTHER),
        ("NotAType", {"anything": [1, {"x": None}]}, Kind.OTHER),
    ],
)
def test_every_other_statement_is_an_entry_of_its_kind(kind, body, expected):
    record = fold([statement("gp", kind, {"id": "1", **body})])
    (entry,) = record.entries
    assert entry.kind is expected
    assert places(record) == 1


def test_a_plain_entry_says_what_its_source_said():
    record = fold(
        [
            statement(
                "gp",
                "Appointment",
                {
                    "id": "1",
                    "status": "booked",
                    "description": "Foot clinic",
                    "start": "2026-01-09T09:00:00Z",
                    "participant": [{"actor": {"display": "Dr Okafor"}}],
                },
            )
        ]
    )
    (entry,) = record.entries
    assert isinstance(entry.detail, Plain)
    assert entry.title == "Foot clinic"
    assert entry.status == "planned"
    assert entry.when is not None
    assert entry.when.day == date(2026, 1, 9)
    assert ("Participants", "Dr Okafor") in entry.detail.lines


def test_labels_come_from_what_the_source_marked():
    marked = {"meta": {"security": [{"code": "PSY"}, {"code": "R"}]}}
    record = fold([statement("mh", "Flag", {"id": "1", "code": coded("Risk"), **marked})])
    assert record.entries[0].labels == frozenset({"mental-health", "sealed"})
    assert titles(record.entries) == ["Risk"]


@pytest.mark.parametrize(
    ("gp", "pharmacy", "entries"),
    [
        ({"lotNumber": "a 12-3", "primarySource": False}, {"lotNumber": "A123"}, 1),
        ({"lotNumber": "A124", "primarySource": False}, {"lotNumber": "A123"}, 2),
        ({"primarySource": False}, {"lotNumber": "A123"}, 2),
        ({"lotNumber": "A123"}, {"lotNumber": "A123"}, 2),  # both given, neither reported
    ],
)
def test_a_report_three_days_off_is_of_the_dose_with_its_batch_number(gp, pharmacy, entries):
    record = fold(
        [flu("gp", "1", "2025-10-04", **gp), flu("pharmacy", "2", "2025-10-01", **pharmacy)]
    )
    assert len(record.of(Kind.IMMUNISATION)) == entries


@pytest.mark.parametrize(
    ("when", "entries"),
    [
        ("2026-01-10", 1),  # coded by the day
        ("2026-01-11", 1),
        ("2026-01-12", 2),
        ("2026-01-10T15:00:00Z", 2),  # another moment is another operation
    ],
)
def test_one_source_that_times_an_operation_and_codes_it_by_the_day_says_it_once(when, entries):
    def done(id, words, at):
        body = {"id": id, "status": "completed", "code": coded(words), "performedDateTime": at}
        return statement("acute", "Procedure", body)

    record = fold(
        [
            done("1", "Cataract extraction (left eye)", "2026-01-10T10:00:00Z"),
            done("2", "Cataract extraction, left", when),
        ]
    )
    assert len(record.of(Kind.PROCEDURE)) == entries


def test_stays_that_one_system_numbers_differently_are_two():
    def numbered(value):
        return {"identifier": [{"system": "urn:spell", "value": value}]}

    record = fold(
        [
            stay("acute", "1", "2026-01-01", "2026-01-05", **numbered("S1")),
            stay("acute", "2", "2026-01-05", "2026-01-09", **numbered("S2")),
        ]
    )
    assert len(record.of(Kind.ENCOUNTER)) == 2


@pytest.mark.parametrize(("visits", "entries"), [(["09:00"], 1), (["09:00", "20:00"], 3), ([], 1)])
def test_a_copy_by_the_day_joins_the_one_visit_of_that_day(visits, entries):
    emergency = {"class": {"code": "EMER"}}
    record = fold(
        [
            stay("gp", "9", "2026-01-01", **emergency),
            *(
                stay("acute", str(n), f"2026-01-01T{at}:00Z", **emergency)
                for n, at in enumerate(visits)
            ),
        ]
    )
    assert len(record.of(Kind.ENCOUNTER)) == entries
    assert places(record) == len(visits) + 1


LETTER = "Seen in clinic: well, blood pressure 130/80."


@pytest.mark.parametrize(
    ("acute", "gp", "entries"),
    [
        (LETTER, f"{LETTER}\nFiled by the practice.", 1),
        (LETTER, f"{LETTER}  \n\n", 1),
        (LETTER, "Seen in clinic: unwell, blood pressure 130/80.", 2),
        ("Seen.", "Seen. Unwell.", 2),  # too short to be known again
    ],
)
def test_a_letter_printed_again_is_one_and_its_fuller_text_is_shown(acute, gp, entries):
    def dated(source, id, text):
        attachment = {"contentType": "text/plain", "data": b64encode(text.encode()).decode()}
        body = {"id": id, "type": coded("Clinic letter"), "date": "2026-01-01T10:00:00Z"}
        content = {"content": [{"attachment": attachment}]}
        return statement(source, "DocumentReference", {**body, **content})

    found = fold([dated("acute", "1", acute), dated("gp", "2", gp)]).of(Kind.DOCUMENT)
    assert len(found) == entries
    texts = [entry.detail.text for entry in found if isinstance(entry.detail, Document)]
    assert gp in texts

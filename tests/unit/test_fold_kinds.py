"""Kinds that are told in many ways: alerts, relatives, devices, images, visits, types unknown."""

from itertools import permutations

import pytest

from tests.unit.fold_statements import coded, coded_as, one, places, statement
from wholerecord.fold import (
    Condition,
    Document,
    Encounter,
    Kind,
    Plain,
    SocialHistory,
    fold,
)


def entries(*told):
    """The entries of `(source, kind, body)`, alike in whatever order they arrive."""
    statements = [
        statement(source, kind, {"id": str(n), **body})
        for n, (source, kind, body) in enumerate(told)
    ]
    first, *others = [fold(given) for given in permutations(statements)]
    assert all(record == first for record in others)
    assert places(first) == len(told)
    return first.entries


def lines(entry):
    assert isinstance(entry.detail, Plain)
    return dict(entry.detail.lines)


@pytest.mark.parametrize(
    ("kind", "body", "sort"),
    [
        ("Flag", {"code": coded("Subject to a child protection plan")}, "Child protection"),
        ("Flag", {"code": coded("Adult safeguarding concern")}, "Safeguarding"),
        ("Flag", {"code": coded("Needs large print"), "category": [coded_as("safeguarding")]},
         "Safeguarding"),
        ("Flag", {"code": coded("Reasonable adjustment: quiet room")}, "Reasonable adjustment"),
        ("Flag", {"code": coded("MRSA carrier")}, "Infection risk"),
        ("Flag", {"code": coded("C. difficile")}, "Infection risk"),
        ("Flag", {"code": coded("Detained under section 3")}, "Legal"),
        ("Flag", {"code": coded("DoLS authorised")}, "Legal"),
        ("Flag", {"code": coded("Lasting power of attorney: health and welfare")}, "Legal"),
        ("Consent", {"category": [coded_as("acd")]}, "Legal"),
        ("Consent", {"category": [coded_as("ReSPECT")]}, "Legal"),
        ("Flag", {"code": coded("Respects privacy")}, None),
        ("Flag", {"code": coded("Dog in the house")}, None),
    ],
)  # fmt: skip
def test_an_alert_says_of_which_sort_it_is(kind, body, sort):
    (entry,) = entries(("gp", kind, body))
    assert entry.kind is Kind.ALERT
    assert lines(entry).get("Sort of alert") == sort


def test_a_decision_is_called_what_people_call_it():
    (entry,) = entries(("gp", "Consent", {"category": [coded_as("dnr")], "status": "active"}))
    assert entry.title == "Do not attempt cardiopulmonary resuscitation"


def flag(words="MRSA carrier", status="active", start=""):
    body = {"status": status, "code": coded(words)}
    return {**body, "period": {"start": start}} if start else body


@pytest.mark.parametrize(
    ("first", "second", "alerts"),
    [
        (("gp", flag()), ("acute", flag()), 1),
        (("gp", flag()), ("gp", flag()), 2),  # one source says two
        (("gp", flag()), ("acute", flag(status="inactive")), 2),  # an end hides no alert
        (("gp", flag(start="2025-01-01")), ("acute", flag(start="2025-06-01")), 2),
        (("gp", flag(start="2025-01-01")), ("acute", flag()), 1),
        (("gp", flag()), ("acute", flag("VRE carrier")), 2),
    ],
)
def test_an_alert_of_two_sources_is_one_only_in_the_same_words_and_status(first, second, alerts):
    found = entries(*((source, "Flag", body) for source, body in (first, second)))
    assert len(found) == alerts


def relative(who, *conditions, **more):
    return {
        "status": "completed",
        "relationship": coded(who),
        "condition": [{"code": coded(words)} for words in conditions],
        **more,
    }


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("gp", relative("Father", "Stroke")), ("acute", relative("Father", "CVA")), 1),
        (("gp", relative("Father", "Stroke")), ("acute", relative("Mother", "Stroke")), 2),
        (("gp", relative("Brother", "Stroke")), ("gp", relative("Brother", "Stroke")), 2),
        (("gp", relative("Father", "Stroke")), ("acute", relative("Father", "Asthma")), 2),
    ],
)
def test_a_relatives_history_is_told_apart_by_who_and_what(first, second, told):
    found = entries(*((source, "FamilyMemberHistory", body) for source, body in (first, second)))
    assert len(found) == told
    assert all(
        isinstance(entry.detail, Condition) and entry.detail.certainty == "family"
        for entry in found
    )


def test_all_of_a_relatives_conditions_are_named_and_never_joined_with_the_persons_own():
    found = entries(
        ("gp", "FamilyMemberHistory", relative("Father", "Stroke", "Asthma")),
        ("gp", "Condition", {"code": coded("Stroke"), "onsetDateTime": "2020"}),
    )
    assert sorted(entry.title for entry in found) == [
        "Family history: Father: Stroke, Asthma",
        "Stroke",
    ]


UDI = {"udiCarrier": [{"carrierHRF": "(01)05012345678900(21)X7"}]}


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"deviceName": [{"name": "Heart monitor"}], "type": coded("Loop recorder")},
         "Device: Heart monitor"),
        ({"type": coded("Pacemaker")}, "Device: Pacemaker"),
        ({"manufacturer": "Acme", "modelNumber": "BP-3"}, "Device: Acme BP-3"),
        ({"status": "active"}, "Device"),
        ({"deviceName": "not a list", "udiCarrier": [3], "manufacturer": {"a": 1}}, "Device"),
    ],
)  # fmt: skip
def test_a_device_has_a_plain_title(body, title):
    (entry,) = entries(("gp", "Device", body))
    assert entry.title == title


def test_a_device_and_its_use_and_another_sources_word_of_it_are_one():
    use = {"status": "active", "device": {"reference": "Device/0"}, "bodySite": coded("Chest")}
    (entry,) = entries(
        ("acute", "Device", {"type": coded("Pacemaker"), **UDI}),
        ("acute", "DeviceUseStatement", {**use, "timingDateTime": "2025-01-02"}),
        ("gp", "Device", {"type": coded("Cardiac pacemaker"), **UDI}),
    )
    assert entry.status == "active"
    assert entry.when is not None
    assert entry.when.text == "2025-01-02"
    assert lines(entry)["Unique device identifier"] == "(01)05012345678900(21)X7"


def test_two_devices_of_one_model_are_two():
    meter = {"manufacturer": "Acme", "modelNumber": "BP-3"}
    told = [("gp", "Device", {**meter, "serialNumber": number}) for number in ("1", "2")]
    assert len(entries(*told)) == 2


STUDY = {
    "status": "available",
    "started": "2025-01-02T10:00:00Z",
    "modality": [{"code": "CT"}],
    "series": [{"bodySite": {"display": "Head"}}],
}
REPORT = {"status": "final", "code": coded("CT head report"), "conclusion": "No bleed."}


def test_images_and_their_report_are_one_document():
    (entry,) = entries(
        ("acute", "ImagingStudy", STUDY),
        (
            "acute",
            "DiagnosticReport",
            {**REPORT, "imagingStudy": [{"reference": "ImagingStudy/0"}]},
        ),
    )
    assert isinstance(entry.detail, Document)
    assert (entry.title, entry.detail.text) == ("CT head report", "No bleed.")


def test_images_without_a_report_say_so():
    (entry,) = entries(("acute", "ImagingStudy", STUDY))
    assert isinstance(entry.detail, Document)
    assert entry.title == "CT scan: Head"
    assert entry.detail.unread == "No report of the images has come."


@pytest.mark.parametrize(
    ("more", "setting"),
    [
        ({"type": [coded("GP surgery consultation")]}, "GP"),
        ({"serviceProvider": {"identifier": {"value": "B81617"}}}, "GP"),
        ({"serviceProvider": {"display": "Mill Lane Medical Practice"}}, "GP"),
        ({"serviceProvider": {"identifier": {"value": "RXX01"}}}, "outpatient"),
        ({"location": [{"location": {"display": "Fracture Clinic"}}]}, "outpatient"),
        (
            {"type": [coded("Outpatient")], "serviceProvider": {"display": "A Surgery"}},
            "outpatient",
        ),
        ({}, "visit"),  # nobody says which
    ],
)
def test_where_somebody_was_seen_is_what_its_source_says_of_it(more, setting):
    (entry,) = entries(
        ("gp", "Encounter", {"status": "finished", "class": {"code": "AMB"}, **more})
    )
    assert isinstance(entry.detail, Encounter)
    assert entry.detail.setting == setting


def test_a_contact_without_a_type_is_called_by_where_it_was():
    (entry,) = entries(
        ("gp", "Encounter", {"class": {"code": "AMB"}, "serviceProvider": {"display": "A Surgery"}})
    )
    assert entry.title == "GP consultation"


def test_a_smoking_status_that_is_its_own_code_has_a_value():
    def said(words, code):
        return {"status": "final", "code": coded(words, snomed=code), "effectiveDateTime": "2025"}

    found = entries(
        ("gp", "Observation", said("Smoker", "77176002")),
        ("acute", "Observation", said("Ex-smoker", "8517006")),
    )
    [detail] = [e.detail for e in found if isinstance(e.detail, SocialHistory)]
    assert {habit.value for habit in detail.habits} == {"Smoker", "Ex-smoker"}


def test_a_type_that_nobody_knows_keeps_all_that_people_can_read():
    (entry,) = entries(
        (
            "gp",
            "MoonReading",
            {
                "phase": {"text": "waxing"},
                "howFar": 3,
                "resourceType": "MoonReading",
                "everythingElse": {"text": "not ours"},
                "text": {"div": "<div>narrative</div>"},
            },
        )
    )
    assert entry.kind is Kind.OTHER
    assert entry.title == "Moon reading"
    said = lines(entry)
    assert (said["Phase"], said["How far"]) == ("waxing", "3")


def replacing(source, id, target, text):
    body = {"id": id, "status": "current", "type": coded("Letter"), "description": text}
    related = [{"code": "replaces", "target": {"reference": f"DocumentReference/{target}"}}]
    return statement(source, "DocumentReference", {**body, "relatesTo": related if target else []})


def test_a_document_that_replaces_another_comes_first_whatever_its_date():
    entry = one(
        fold([replacing("gp", "a", "b", "Second"), replacing("gp", "b", "", "First")]),
        Kind.DOCUMENT,
    )
    assert (entry.title, entry.conflict) == ("Second", "")

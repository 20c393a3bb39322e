"""What changed of medicines at the last transfers of care: labelled cases. All made up."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from tests.unit.fold_statements import condition, order, statement
from tests.unit.portal_records import opened
from tests.unit.test_policy import policy
from wholerecord.access.opening import Opened
from wholerecord.care.sheet import full_sheet, one_page
from wholerecord.care.transferred import transfers_of
from wholerecord.fhir.record.summary.document import document
from wholerecord.fhir.record.worked_out import given, worked_out
from wholerecord.fold import About, Kind, Onward, Ruling, Verdict, fold
from wholerecord.fold.policy import POLICY
from wholerecord.fold.transfer import Change, Moved, Sort, Transfer
from wholerecord.fold.transfers import transfers
from wholerecord.people import Member
from wholerecord.portal.clinician.transfers import newest, transferred
from wholerecord.portal.patient.plain import section
from wholerecord.portal.patient.transfers import plain_transfers
from wholerecord.portal.shared.links import Links
from wholerecord.record import PatientId, Statement

TODAY = date(2026, 3, 1)
LINKS = Links(base="/people/x")
ME = Links(base="/me")
BEFORE, INSIDE, LEAVING, AFTER = "2025-12-01", "2026-01-11", "2026-01-14T10:00:00Z", "2026-01-20"


def stay(
    source: str = "acute",
    id: str = "s",
    admitted: str = "2026-01-10T14:00:00Z",
    left: str = "2026-01-14T11:00:00Z",
    more: dict[str, Any] | None = None,
) -> Statement:
    period = {"start": admitted, **({"end": left} if left else {})}
    body = {
        "id": id,
        "status": "finished" if left else "in-progress",
        "class": {"code": "IMP"},
        "period": period,
        "serviceProvider": {"display": "Northgate"},
    }
    return statement(source, "Encounter", body | (more or {}))


def ramipril(source: str, when: str, dose: str = "5 mg daily", **more: Any) -> Statement:
    dosage = {"dosageInstruction": [{"text": dose}]} if dose else {}
    return order(source, when or "undated", "Ramipril", when, **dosage, **more)


def ended(source: str, when: str, on: str = "", **more: Any) -> Statement:
    period = {"dispenseRequest": {"validityPeriod": {"end": on}}} if on else {}
    return ramipril(source, when, status="stopped", **period, **more)


def told(kind: str, source: str, **said: Any) -> Statement:
    body = {"id": "t", "medicationCodeableConcept": {"text": "Ramipril"}, **said}
    return statement(source, kind, body)


def found(*said: Statement, today: date = TODAY) -> dict[Sort, Transfer]:
    return {one.sort: one for one in transfers(fold(said), today)}


def line(sort: Sort, *said: Statement) -> Moved | None:
    [*lines] = found(*said)[sort].lines
    return lines[0] if lines else None


def turns(sort: Sort, *said: Statement) -> list[tuple[str, Change]]:
    one = line(sort, *said)
    return [(turn.source, turn.change) for turn in one.turns] if one else []


IN, OUT = Sort.ADMISSION, Sort.DISCHARGE
OTHER = order("gp", "o", "Bisoprolol", BEFORE)
#: What is said beside a stay of 10 to 14 January; at which transfer; whose turn it makes.
CASES: list[tuple[str, list[Statement], Sort, list[tuple[str, Change]]]] = [
    (
        "the same dose, spelt otherwise, is carried on",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, "5mg ONCE a day")],
        IN,
        [("acute", Change.CARRIED_ON)],
    ),
    (
        "another dose is written differently",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, "10 mg daily")],
        IN,
        [("acute", Change.CHANGED)],
    ),
    (
        "a dose that nobody said is not said to be the same",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, "")],
        IN,
        [("acute", Change.DOSE_UNKNOWN)],
    ),
    (
        "one dose that was given is no dose of a therapy",
        [
            ramipril("gp", BEFORE),
            told(
                "MedicationAdministration",
                "acute",
                status="completed",
                effectiveDateTime=INSIDE,
                dosage={"text": "5 mg"},
            ),
        ],
        IN,
        [("acute", Change.DOSE_UNKNOWN)],
    ),
    (
        "what nobody took before is started",
        [OTHER, ramipril("acute", INSIDE)],
        IN,
        [("acute", Change.STARTED)],
    ),
    (
        "where nobody had said what was taken before, nothing is known to be new",
        [ramipril("acute", INSIDE)],
        IN,
        [("acute", Change.UNSURE)],
    ),
    (
        "what had ended before is started again",
        [ended("gp", "2020-01-01", "2020-02-01"), ramipril("acute", INSIDE)],
        IN,
        [("acute", Change.STARTED)],
    ),
    (
        "what was last ordered years ago may have been taken or not",
        [ramipril("gp", "2019-01-01"), ramipril("acute", INSIDE)],
        IN,
        [("acute", Change.UNSURE)],
    ),
    (
        "what has no date may have been taken before",
        [ramipril("gp", ""), OTHER, ramipril("acute", INSIDE)],
        IN,
        [("acute", Change.UNSURE)],
    ),
    (
        "stopped in hospital is stopped at the admission",
        [ramipril("gp", BEFORE), ended("acute", INSIDE, "2026-01-12")],
        IN,
        [("acute", Change.STOPPED)],
    ),
    (
        "and is told at the discharge too",
        [ramipril("gp", BEFORE), ended("acute", INSIDE, "2026-01-12")],
        OUT,
        [("acute", Change.STOPPED)],
    ),
    (
        "put on hold",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, status="on-hold")],
        IN,
        [("acute", Change.HELD)],
    ),
    (
        "an order that goes on is not ended by the end of another",
        [
            ramipril("gp", BEFORE),
            ended("acute", INSIDE, "2026-01-12"),
            ramipril("acute", "2026-01-12", "10 mg daily"),
        ],
        IN,
        [("acute", Change.CHANGED)],
    ),
    (
        "what the practice issues during the stay is no word of the hospital's",
        [ramipril("gp", BEFORE), ramipril("gp", INSIDE)],
        IN,
        [],
    ),
    (
        "what is taken home was not given on the ward",
        [
            OTHER,
            ramipril("acute", INSIDE, category=[{"coding": [{"code": "discharge"}]}]),
        ],
        OUT,
        [("acute", Change.STARTED)],
    ),
    (
        "ordered on the day of leaving is taken home",
        [OTHER, ramipril("acute", LEAVING)],
        OUT,
        [("acute", Change.STARTED)],
    ),
    (
        "the practice's word after it stands beside the hospital's",
        [
            ramipril("gp", BEFORE),
            ramipril("acute", LEAVING, "10 mg daily"),
            ramipril("gp", AFTER, "5 mg daily"),
        ],
        OUT,
        [("acute", Change.CHANGED), ("gp", Change.CARRIED_ON)],
    ),
    (
        "handed out after it",
        [
            ramipril("gp", BEFORE),
            told("MedicationDispense", "pharmacy", status="completed", whenHandedOver=AFTER),
        ],
        OUT,
        [("pharmacy", Change.DOSE_UNKNOWN)],
    ),
    (
        "months after it is not at it",
        [ramipril("gp", BEFORE), ramipril("gp", "2026-02-20", "10 mg daily")],
        OUT,
        [],
    ),
    (
        "an order of before, said again since",
        [ramipril("gp", BEFORE, meta={"lastUpdated": "2026-02-20T00:00:00Z"})],
        OUT,
        [("gp", Change.CARRIED_ON)],
    ),
    (
        "a report of a period that ended there",
        [
            ramipril("gp", BEFORE),
            told(
                "MedicationStatement",
                "acute",
                status="active",
                effectivePeriod={"start": INSIDE, "end": "2026-01-12"},
            ),
        ],
        IN,
        [("acute", Change.STOPPED)],
    ),
    (
        "planned for later",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, status="draft")],
        IN,
        [("acute", Change.PLANNED)],
    ),
    (
        "a state that nobody knows",
        [ramipril("gp", BEFORE), ramipril("acute", INSIDE, status="odd")],
        IN,
        [("acute", Change.UNSURE)],
    ),
]


@pytest.mark.parametrize(
    ("said", "sort", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_each_source_has_a_turn_of_its_own(
    said: list[Statement], sort: Sort, expected: list[tuple[str, Change]]
):
    told = {
        moved.entry.title: [(turn.source, turn.change) for turn in moved.turns]
        for moved in found(stay(), *said)[sort].lines
    }
    assert told.get("Ramipril", []) == expected


def test_where_a_side_has_said_nothing_it_is_named_as_not_known_and_never_as_no_change():
    leaving = line(OUT, stay(), ramipril("gp", BEFORE))
    arriving = line(IN, stay(), ramipril("gp", BEFORE))
    assert leaving is not None
    assert arriving is not None
    assert (leaving.change, leaving.silent) == (Change.NOT_KNOWN, ("acute", "gp"))
    assert (arriving.change, arriving.silent) == (Change.NOT_KNOWN, ("acute",))


def test_who_prescribes_is_silent_of_what_the_hospital_started():
    lines = found(stay(), OTHER, ramipril("acute", LEAVING))[OUT].lines
    [one] = [each for each in lines if each.entry.title == "Ramipril"]
    assert one.silent == ("gp",)


def test_what_was_given_in_hospital_and_not_told_of_at_leaving_is_not_known():
    one = line(OUT, stay(), ramipril("acute", INSIDE))
    assert one is not None
    assert (one.change, one.turns, one.silent) == (Change.NOT_KNOWN, (), ("acute",))
    assert [word.doses for word in one.before] == [("5 mg daily",)]


WARD = {"category": [{"coding": [{"code": "inpatient"}]}]}
OLD_STAY = stay(id="a", admitted="2025-11-01T09:00:00Z", left="2025-11-05T09:00:00Z")


def test_what_was_for_the_ward_of_an_earlier_stay_was_not_taken_at_home():
    ward = ramipril("acute", "2025-11-02", **WARD)
    dose = told(
        "MedicationAdministration",
        "acute",
        status="completed",
        effectiveDateTime="2025-11-03",
        category=WARD["category"][0],
    )
    said = (OLD_STAY, stay(), OTHER, ward, dose, ramipril("acute", INSIDE, **WARD))
    lines = {one.entry.title: one for one in found(*said)[IN].lines}
    assert [turn.change for turn in lines["Ramipril"].turns] == [Change.STARTED]
    assert lines["Ramipril"].before == ()


def test_what_is_ordered_for_the_ward_on_the_day_of_leaving_is_not_taken_home():
    one = line(OUT, stay(), ramipril("acute", LEAVING, **WARD))
    assert one is not None
    assert (one.change, one.turns) == (Change.NOT_KNOWN, ())


def test_where_sources_disagree_both_stand_and_the_line_says_so():
    said = (stay(), ramipril("gp", BEFORE), ended("acute", INSIDE, INSIDE), ramipril("gp", AFTER))
    one = line(OUT, *said)
    assert one is not None
    assert one.disagree
    assert one.change is Change.STOPPED
    assert turns(OUT, *said) == [("acute", Change.STOPPED), ("gp", Change.CARRIED_ON)]


def test_an_earlier_version_tells_what_the_dose_was_and_the_later_what_became_of_it():
    was = ramipril("gp", BEFORE, meta={"lastUpdated": f"{BEFORE}T09:00:00Z"})
    now = msgspec.structs.replace(
        ramipril("gp", BEFORE, "10 mg daily", meta={"lastUpdated": f"{AFTER}T09:00:00Z"}), t=2
    )
    one = line(OUT, stay(), was, now)
    assert one is not None
    assert [word.doses for word in one.before] == [("5 mg daily",)]
    assert [(turn.change, turn.doses) for turn in one.turns] == [(Change.CHANGED, ("10 mg daily",))]


def test_the_reason_that_is_said_goes_with_it():
    said = ended("acute", INSIDE, INSIDE, statusReason={"text": "Cough"})
    one = line(IN, stay(), ramipril("gp", BEFORE), said)
    assert one is not None
    assert [turn.because for turn in one.turns] == ["Cough"]


def test_somebody_still_in_has_the_discharge_before_it_and_what_is_after_is_not_of_it():
    first = stay(id="a", admitted="2025-10-01T09:00:00Z", left="2025-10-05T09:00:00Z")
    said = (first, stay(left=""), ramipril("gp", "2025-09-01"), ramipril("acute", INSIDE))
    both = transfers(fold(said), TODAY)
    assert [(one.sort, one.at and one.at.text[:10]) for one in both] == [
        (IN, "2026-01-10"),
        (OUT, "2025-10-05"),
    ]
    assert [line.turns for line in both[1].lines] == [()]


def test_a_discharge_on_a_day_that_nobody_says_tells_nothing_and_says_so():
    one = found(stay(left="", more={"status": "finished"}), ramipril("gp", BEFORE), OTHER)[OUT]
    assert one.at is None
    assert {each.change for each in one.lines} == {Change.NOT_KNOWN}


@pytest.mark.parametrize(
    "not_one",
    [
        stay(left="", more={"status": "planned"}),
        stay(more={"status": "cancelled"}),
        stay(admitted="2031-01-01", left=""),
        stay(admitted="", left=""),
        stay(more={"class": {"code": "AMB"}}),
        stay(more={"class": {"code": "EMER"}}),
        stay(more={"class": {"code": "SS"}}),
    ],
)
def test_a_booking_a_visit_or_an_undated_stay_is_no_transfer(not_one: Statement):
    assert transfers(fold([not_one, ramipril("gp", BEFORE)]), TODAY) == ()


def test_a_medicine_that_somebody_ruled_wrong_is_of_no_transfer():
    wrong = ramipril("gp", BEFORE)
    about = About(wrong.patient, wrong.kind, BEFORE)
    ruling = Ruling(
        n=1, verdict=Verdict.WRONG, about=(about,), by="Dr Hale", why="x", at=wrong.received
    )
    [leaving, _] = transfers(fold([stay(), wrong], [ruling]), TODAY)
    assert leaving.lines == ()


def test_the_systems_of_one_hospital_are_one_side():
    said = fold([stay(), ramipril("gp", BEFORE), ramipril("pharmacy", INSIDE)])
    apart = transfers(said, TODAY)[1]
    one = transfers(said, TODAY, controllers={"acute": "RX1", "pharmacy": "RX1", "gp": "A1"})[1]
    assert [line.turns for line in apart.lines] == [()]
    assert [turn.source for line in one.lines for turn in line.turns] == ["pharmacy"]


def test_the_practices_copy_of_a_stay_does_not_make_it_the_hospital():
    number = {"identifier": [{"system": "s", "value": "1"}]}
    copy = stay("gp", "c", "2026-01-10", "2026-01-14", number)
    said = (stay(more=number), copy, ramipril("gp", BEFORE), ramipril("gp", INSIDE))
    assert found(*said)[IN].hospital == ("acute",)
    assert turns(IN, *said) == []


def test_that_there_are_no_medicines_is_heard_before_a_stay():
    none = statement(
        "gp",
        "MedicationStatement",
        {
            "id": "n",
            "status": "active",
            "medicationCodeableConcept": {"text": "No known medicines"},
            "dateAsserted": BEFORE,
        },
    )
    record = fold([stay(), none, ramipril("acute", INSIDE)])
    [leaving, arriving] = transfers(record, TODAY)
    assert record.negatives
    assert arriving.heard
    assert leaving.heard


def test_how_long_after_leaving_counts_is_a_rule():
    said = fold([stay(), ramipril("gp", BEFORE), ramipril("gp", AFTER)])
    short = policy(transfers_after__days=3)
    assert POLICY.transfer_days == 28
    assert [line.turns for line in transfers(said, TODAY, short)[0].lines] == [()]
    assert [len(line.turns) for line in transfers(said, TODAY)[0].lines] == [1]


def test_of_a_person_of_no_stay_nothing_is_told():
    assert transfers(fold([ramipril("gp", BEFORE), condition("gp", "c", "Stroke")]), TODAY) == ()


SAID = (
    stay(),
    ramipril("gp", BEFORE),
    OTHER,
    order("acute", "a", "Apixaban", LEAVING, dosageInstruction=[{"text": "5 mg twice daily"}]),
    ended("acute", INSIDE, INSIDE, statusReason={"text": "Cough"}),
)


def seen(*said: Statement) -> Opened:
    return replace(opened([]), record=fold(said))


def test_the_first_screen_has_the_last_transfer_among_the_medicines_while_it_is_recent():
    [one] = newest(seen(*SAID), LINKS, TODAY)
    assert one.text == "Last discharge, 14 Jan 2026 11:00, St Elsewhere Hospital"
    assert one.note == "stopped: Ramipril; started: Apixaban; not known: 1"
    assert one.href.endswith("/medicine#transfers")
    assert newest(seen(*SAID), LINKS, date(2027, 1, 1)) == []
    assert newest(seen(stay()), LINKS, TODAY) == []


def test_the_page_of_medicines_says_who_said_what_and_who_has_said_nothing():
    leaving, arriving = transferred(seen(*SAID), LINKS, TODAY)
    notes = {each.text: each.note for each in leaving.lines}
    assert notes["Ramipril: stopped"] == (
        "before: 5 mg daily, Willow GP since 1 Dec 2025; "
        "stopped, because: Cough, St Elsewhere Hospital, 11 Jan 2026; not known from Willow GP"
    )
    assert notes["Bisoprolol: not known"].endswith(
        "not known from St Elsewhere Hospital and Willow GP"
    )
    assert all(each.href.startswith("/people/x/entries/") for each in leaving.lines)
    assert arriving.title.startswith("Last admission, 10 Jan 2026")


def test_the_persons_own_page_says_it_plainly_and_that_silence_is_no_word():
    [leaving, _] = plain_transfers(seen(*SAID), ME, TODAY)
    assert leaving.title == "When you left hospital on 14 Jan 2026 (St Elsewhere Hospital)"
    says = {title: words for _, title, words in leaving.lines}
    assert says["Ramipril"] == (
        "St Elsewhere Hospital says this was stopped because: Cough. "
        "Willow GP wrote nothing of it then."
    )
    assert leaving.rest == 1
    assert section(seen(*SAID), Kind.MEDICINE, ME, TODAY).transfers[0] == leaving


def test_over_fhir_a_transfer_is_a_list_of_changes_that_names_the_silent_too():
    lists = [
        one.held.shown
        for one in worked_out(seen(*SAID), TODAY)
        if one.held.shown["resourceType"] == "List"
    ]
    [leaving, arriving] = lists
    assert (leaving["mode"], leaving["status"]) == ("changes", "current")
    flags = [each["flag"]["text"] for each in leaving["entry"]]
    assert flags == ["stopped: Cough", "not known", "started", "not known", "not known"]
    assert [each.get("deleted") for each in leaving["entry"]][:2] == [True, None]
    assert leaving["encounter"] == arriving["encounter"]
    assert leaving["id"] != arriving["id"]


def test_an_app_is_given_a_transfer_only_where_it_was_let_in_to_stays_and_medicines():
    def types(*let_in: str) -> list[str]:
        both = given(seen(*SAID), TODAY, lambda one: one["resourceType"] in let_in)
        return [one.shown["resourceType"] for one in both]

    every = ("List", "Encounter", "MedicationStatement")
    assert types(*every) == ["List", "List"]
    for left_out in every:
        assert types(*(one for one in every if one != left_out)) == []


def test_paper_and_the_summary_tell_it_too():
    one = seen(*SAID)
    whole, first = full_sheet(one, one.opening.at), one_page(one, one.opening.at)
    [section] = [each for each in whole.sections if each.slug == "transfers"]
    assert (section.lines[0].text, section.lines[0].mark) == ("Ramipril", "Stopped")
    assert "Last discharge" in section.lines[0].when
    assert any(each.slug == "transfers" for each in first.sections)
    sections = document(one, "1")["entry"][0]["resource"]["section"]
    [medicines] = [each for each in sections if each["title"] == "Medication summary"]
    assert "Last discharge, 14 Jan 2026" in medicines["text"]["div"]
    assert "not known from" in medicines["text"]["div"]


def test_a_record_that_goes_on_tells_the_same_and_looking_twice_works_it_out_once():
    onward = Onward(SAID[:2])
    for one in SAID[2:]:
        onward.further([one])
    assert transfers(onward.record, TODAY) == transfers(fold(SAID), TODAY)
    looked = seen(*SAID)
    assert transfers_of(looked, TODAY) is transfers_of(looked, TODAY)


def test_the_organisations_of_the_opened_record_say_whose_systems_are_one_hospitals():
    one = seen(stay(), ramipril("gp", BEFORE), ramipril("pharmacy", INSIDE))
    houses = {"acute": "RX1", "pharmacy": "RX1"}
    members = tuple(
        Member(
            patient=PatientId(n),
            source=name,
            number="1",
            controller=house,
            t=1,
            demographics=one.members[0].demographics,
        )
        for n, (name, house) in enumerate(houses.items())
    )
    [_, arriving] = transfers_of(replace(one, members=members), TODAY)
    assert [turn.source for line in arriving.lines for turn in line.turns] == ["pharmacy"]

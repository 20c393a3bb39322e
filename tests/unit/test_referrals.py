"""Who was referred, and what became of it, as the tables that are counted have it."""

from datetime import date
from typing import Any

import pytest

from tests.unit.fold_statements import coded, statement
from wholerecord.fold import fold
from wholerecord.record import Statement
from wholerecord.research.rows import rows_of
from wholerecord.research.tables import CONCEPT, TABLES

REFERRAL = [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}]


def asked(source: str = "gp", id: str = "r", **more: Any) -> Statement:
    body = {
        "id": id,
        "status": "active",
        "intent": "order",
        "category": REFERRAL,
        "code": coded("Dermatology", snomed="183518006"),
        "authoredOn": "2025-03-01",
        "priority": "urgent",
    }
    return statement(source, "ServiceRequest", body | more)


def visit(id: str, start: str, *carries_out: str, **more: Any) -> Statement:
    body = {
        "id": id,
        "status": "finished",
        "class": {"code": "AMB"},
        "period": {"start": start},
        "basedOn": [{"reference": f"ServiceRequest/{each}"} for each in carries_out],
    }
    return statement("gp", "Encounter", body | more)


def booking(id: str, status: str, start: str, *carries_out: str) -> Statement:
    based_on = [{"reference": f"ServiceRequest/{each}"} for each in carries_out]
    body = {"id": id, "status": status, "start": start, "basedOn": based_on}
    return statement("gp", "Appointment", body)


def waits(*said: Statement) -> list[dict[str, Any]]:
    """The rows of our own concept, one a referral."""
    names = TABLES["referral"].names
    rows = [
        dict(zip(names, row, strict=True)) for row in rows_of(7, fold(said)).get("referral", ())
    ]
    return [row for row in rows if row["system"] == CONCEPT]


def test_a_referral_waits_from_the_day_it_was_asked_for():
    rows = rows_of(7, fold([asked()]))["referral"]
    since = date(2025, 3, 1)
    assert rows == [
        (7, "referral", CONCEPT, since, None, "waiting", "urgent", None),
        (7, "183518006", "http://snomed.info/sct", since, None, "waiting", "urgent", None),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"category": [{"text": "Referral"}]},
        {"category": [{"coding": [{"code": "referral", "display": "Transfer of Care"}]}]},
        {"category": [], "code": {"text": "Referral to chest clinic"}},
        {"category": [], "code": coded("Refer to chest clinic")},
    ],
)
def test_a_referral_is_known_by_what_its_source_calls_it(more: dict[str, Any]):
    assert len(waits(asked(**more))) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"category": [{"coding": [{"code": "108252007"}], "text": "Laboratory"}]},
        {"category": [], "code": {"text": "Renal function"}},
        {"category": {"text": 4}, "code": ["x"]},
        {"status": "entered-in-error"},
    ],
)
def test_an_order_for_a_test_and_what_was_said_in_error_are_no_referral(more: dict[str, Any]):
    assert waits(asked(**more)) == []


def test_the_first_visit_for_it_ends_the_wait():
    [row] = waits(asked(), visit("e2", "2025-07-01", "r"), visit("e1", "2025-05-09", "r"))
    assert (row["status"], row["ended"]) == ("seen", date(2025, 5, 9))


def test_a_visit_for_something_else_and_one_that_is_only_planned_end_no_wait():
    [row] = waits(
        asked(),
        visit("e1", "2025-05-09"),
        visit("e2", "2025-05-09", "other"),
        visit("e3", "2025-05-09", "r", status="cancelled"),
        visit("e4", "2025-09-09", "r", status="planned"),
    )
    assert (row["status"], row["ended"], row["booked"]) == ("waiting", None, date(2025, 9, 9))


def test_a_procedure_for_it_ends_the_wait_and_one_not_done_does_not():
    body = {
        "id": "p",
        "code": coded("Excision", snomed="1"),
        "performedDateTime": "2025-06-01",
        "basedOn": {"reference": "ServiceRequest/r"},
    }
    done = statement("gp", "Procedure", body | {"status": "completed"})
    assert waits(asked(), done)[0]["ended"] == date(2025, 6, 1)
    undone = statement("gp", "Procedure", body | {"status": "not-done"})
    assert waits(asked(), undone)[0]["status"] == "waiting"


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("booked", ("waiting", None, date(2025, 6, 1))),
        ("fulfilled", ("seen", date(2025, 6, 1), None)),
        ("checked-in", ("seen", date(2025, 6, 1), None)),
        ("noshow", ("waiting", None, None)),
        ("cancelled", ("waiting", None, None)),
    ],
)
def test_a_booking_says_how_far_it_has_come(status: str, became: tuple[Any, ...]):
    [row] = waits(asked(), booking("a", status, "2025-06-01T09:00:00Z", "r"))
    assert (row["status"], row["ended"], row["booked"]) == became


def test_a_visit_for_a_booking_of_it_ends_the_wait():
    seen = visit("e", "2025-06-01", appointment=[{"reference": "Appointment/a"}])
    [row] = waits(asked(), booking("a", "booked", "2025-06-01T09:00:00Z", "r"), seen)
    assert (row["status"], row["ended"]) == ("seen", date(2025, 6, 1))


@pytest.mark.parametrize(
    ("status", "became"),
    [("completed", "over"), ("revoked", "over"), ("on-hold", "waiting"), ("draft", "unknown")],
)
def test_a_source_may_say_that_a_referral_is_over(status: str, became: str):
    assert [row["status"] for row in waits(asked(status=status))] == [became]


def test_two_sources_that_tell_of_one_referral_by_number_tell_the_same_end():
    number = {"identifier": [{"system": "https://ers.example/ubrn", "value": "000000070000"}]}
    other = {"identifier": [*number["identifier"], {"system": "urn:b", "value": "9"}]}
    rows = waits(
        asked(**number),
        asked("acute", "h", status="completed", **other),
        asked("mh", "c", identifier=[{"system": "urn:b", "value": "9"}]),
        asked("mh", "d", identifier=[{"value": "000000070000"}]),
    )
    assert sorted(row["status"] for row in rows) == ["over", "over", "over", "waiting"]


def test_references_in_a_circle_and_of_odd_shapes_are_read():
    ring = statement(
        "gp",
        "Appointment",
        {"id": "a", "status": "booked", "basedOn": [{"reference": "Appointment/a"}, 3, {"x": 1}]},
    )
    odd = visit("e", "2025-06-01")
    body = {"id": "f", "status": "finished", "basedOn": "ServiceRequest/r", "appointment": 4}
    record = fold([asked(basedOn=[{"reference": "ServiceRequest/r"}]), ring, odd,
                   statement("gp", "Encounter", body)])  # fmt: skip
    assert not record.parked
    assert [row[5] for row in rows_of(7, record)["referral"]] == ["waiting", "waiting"]


def test_none_of_the_persons_own_numbers_is_a_code_of_a_referral():
    who = statement(
        "gp", "Patient", {"id": "p", "identifier": [{"system": "urn:x", "value": "Z9"}]}
    )
    rows = waits(who, asked(code={"coding": [{"system": "urn:x", "code": "Z9"}], "text": "x"}))
    assert [row["code"] for row in rows] == ["referral"]

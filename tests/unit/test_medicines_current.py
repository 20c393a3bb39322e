"""Which active medicines are known to be current on a day: labelled cases. All made up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.fold_statements import allergy, coded, one, order, places, statement
from tests.unit.portal_records import opened
from tests.unit.test_policy import policy
from wholerecord.care.sheet import line_of
from wholerecord.fhir.record.entries import entry as as_fhir
from wholerecord.fold import Entry, Kind, Onward, fold
from wholerecord.fold.current import lapsed
from wholerecord.portal.clinician.lines import LAPSED, line
from wholerecord.portal.clinician.listing import listing
from wholerecord.portal.patient.plain import plain_line
from wholerecord.portal.shared.links import Links
from wholerecord.record import PersonId, Statement
from wholerecord.safety import checks

LINKS = Links(base="/people/x")
TODAY = date(2026, 6, 1)
LONG_AGO, LATELY = "2025-05-01", "2026-03-01"
RAMIPRIL = {"codes": {"snomed": "108564000"}}


def days(number: object, code: str = "d", unit: str = "") -> dict[str, Any]:
    return {"value": number, "code": code, **({"unit": unit} if unit else {})}


def ramipril(when: str, id: str = "1", **more: Any) -> Statement:
    return order("gp", id, "Ramipril 5mg capsules", when, **RAMIPRIL, **more)


def request(**said: Any) -> dict[str, Any]:
    return {"dispenseRequest": said}


def bounded(**bounds: Any) -> dict[str, Any]:
    return {"dosageInstruction": [{"text": "one daily", "timing": {"repeat": bounds}}]}


def told(kind: str, **said: Any) -> Statement:
    body = {"id": "2", "medicationCodeableConcept": coded("Ramipril 5mg capsules"), **said}
    return statement("pharmacy", kind, body)


def dispensed(when: str, **more: Any) -> Statement:
    return told("MedicationDispense", status="completed", whenHandedOver=when, **more)


def reported(when: str, status: str = "active", **more: Any) -> Statement:
    return told("MedicationStatement", status=status, effectiveDateTime=when, **more)


def medicine(*said: Statement) -> Entry:
    return one(fold(said), Kind.MEDICINE)


#: What is said, and whether on 1 June 2026 it is known to be current.
CASES: list[tuple[str, list[Statement], bool]] = [
    ("ordered lately", [ramipril(LATELY)], True),
    ("ordered a year ago and never again", [ramipril(LONG_AGO)], False),
    ("ordered in a year nobody says more of", [ramipril("2025")], True),
    ("ordered years ago", [ramipril("2019")], False),
    ("no date at all: no day can be said to be past", [ramipril("")], True),
    ("renewed lately", [ramipril(LONG_AGO), ramipril(LATELY, "3")], True),
    ("handed out lately on an old order", [ramipril(LONG_AGO), dispensed(LATELY)], True),
    ("a report lately that it is taken", [ramipril(LONG_AGO), reported(LATELY)], True),
    (
        "a report of what is not known says nothing",
        [ramipril(LONG_AGO), reported(LATELY, "unknown")],
        False,
    ),
    (
        "a dispense that was called off says nothing",
        [
            ramipril(LONG_AGO),
            told("MedicationDispense", status="cancelled", whenHandedOver=LATELY),
        ],
        False,
    ),
    (
        "a repeat ordered eleven months ago",
        [ramipril("2025-07-01", **request(numberOfRepeatsAllowed=11))],
        True,
    ),
    (
        "a repeat by UK Core's course of therapy",
        [ramipril("2025-07-01", courseOfTherapyType=coded(snomed="repeat"))],
        True,
    ),
    (
        "a repeat ordered two years ago",
        [ramipril("2024-05-01", **request(numberOfRepeatsAllowed=11))],
        False,
    ),
    (
        "a repeat is not over when one issue of it ran out",
        [
            ramipril(
                "2026-01-01",
                courseOfTherapyType=coded(snomed="continuous"),
                **request(expectedSupplyDuration=days(28)),
            )
        ],
        True,
    ),
    (
        "a supply that ran out months ago",
        [ramipril("2026-01-01", **request(expectedSupplyDuration=days(28)))],
        False,
    ),
    (
        "a supply of half a year, ordered seven months ago",
        [ramipril("2025-11-01", **request(expectedSupplyDuration=days(6, "mo")))],
        True,
    ),
    (
        "a supply in words only",
        [ramipril("2025-11-01", **request(expectedSupplyDuration=days(26, "", "weeks")))],
        True,
    ),
    (
        "an order with an end in the autumn",
        [ramipril(LONG_AGO, **request(validityPeriod={"end": "2026-10-01"}))],
        True,
    ),
    ("a course of a week", [ramipril("2026-03-01", **bounded(boundsDuration=days(7)))], False),
    (
        "a course with its end",
        [ramipril("2026-03-01", **bounded(boundsPeriod={"end": "2026-05-20"}))],
        True,
    ),
    (
        "handed out for a month",
        [ramipril(LONG_AGO), dispensed("2026-01-01", daysSupply=days(28))],
        False,
    ),
    (
        "a report of a period that is over",
        [reported("", effectivePeriod={"start": "2025-01-01", "end": "2025-12-01"})],
        False,
    ),
    (
        "a length that is no length is not said, and the order is kept",
        [
            ramipril(
                LATELY,
                dispenseRequest={"expectedSupplyDuration": "a month"},
                courseOfTherapyType=[],
            )
        ],
        True,
    ),
]


@pytest.mark.parametrize(
    ("said", "current"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_an_active_medicine_is_known_to_be_current_or_it_is_not(
    said: list[Statement], current: bool
):
    entry = medicine(*said)
    assert entry.status == "active"
    assert lapsed(entry, TODAY) is not current
    assert medicine(*reversed(said)) == entry


def test_what_is_over_is_over_and_no_more():
    entry = medicine(ramipril(LONG_AGO, status="stopped"))
    assert (entry.status, lapsed(entry, TODAY)) == ("stopped", False)


def test_the_day_after_the_last_is_the_first_on_which_it_is_not_known():
    last = date(2025, 5, 1) + timedelta(days=183)
    entry = medicine(ramipril(LONG_AGO))
    assert not lapsed(entry, last)
    assert lapsed(entry, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("silence", ramipril(LONG_AGO)),
        ("repeat__silence", ramipril("2024-05-01", courseOfTherapyType=coded(snomed="repeat"))),
        ("supply", ramipril("2025-05-01", **request(expectedSupplyDuration=days(28)))),
    ],
)
def test_how_long_is_a_rule_of_the_policy(rule: str, said: Statement):
    value = {f"medicines_{rule}__days": 1000.0}
    assert lapsed(medicine(said), TODAY)
    assert not lapsed(one(fold([said], policy=policy(**value)), Kind.MEDICINE), TODAY)


def test_no_check_forgets_a_medicine_that_is_not_known_to_be_current():
    said = [
        order("gp", "1", "Amoxicillin 500mg capsules", "2019-01-01", status="active"),
        allergy("acute", "2", "Penicillin", codes={"snomed": "91936005"}),
    ]
    record = fold(said)
    assert lapsed(one(record, Kind.MEDICINE), TODAY)
    assert [alert.hazard for alert in checks(record)] == ["HAZ-02"]
    assert places(record) == 2


def test_a_record_that_goes_on_knows_of_a_new_issue():
    said = [ramipril(LONG_AGO), ramipril(LATELY, "3", n=1)]
    onward = Onward(said[:1])
    assert lapsed(one(onward.record, Kind.MEDICINE), TODAY)
    assert onward.further(said[1:]) == fold(said)
    assert not lapsed(one(onward.record, Kind.MEDICINE), TODAY)


def test_dates_at_the_end_of_time_end_nothing():
    for said in ("9999-12-31", "0001-01-01"):
        assert medicine(ramipril(said)).status == "active"
    far = ramipril("9999-12-30", **request(expectedSupplyDuration=days(10**30)))
    assert not lapsed(medicine(far), TODAY)


def test_every_page_says_when_it_was_last_issued_and_that_it_is_not_known_to_be_current():
    entry = medicine(ramipril(LONG_AGO))
    shown = line(LINKS, entry, today=TODAY)
    assert shown.mark == LAPSED
    assert "last issued 1 May 2025" in shown.note
    assert line(LINKS, entry, today=date(2025, 6, 1)).mark == ""
    found = replace(opened([]), record=fold([ramipril(LONG_AGO)]))
    page = listing(found, Kind.MEDICINE, LINKS, words="", page="1", today=TODAY)
    assert [row.line.mark for row in page.rows] == [LAPSED]
    assert "cannot tell whether you still take it" in plain_line(entry, {}, LINKS, TODAY).says
    said = "last issued 1 May 2025, not known to be current after 31 Oct 2025"
    assert said in line_of(entry, {}).says
    served = as_fhir(PersonId("p"), entry)
    assert served["status"] == "active"
    assert served["note"] == [{"text": f"L{said[1:]}."}]

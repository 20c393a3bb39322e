"""UK pathology EDIFACT: reports read, what is miscounted held, and the acknowledgement."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.edifact_messages import HEAD, TESTS, interchange, message
from tests.unit.messages import body, kept, of_kind
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Fault, Reading, Reason, Unreadable
from wholerecord.intake.edifact import acknowledge
from wholerecord.intake.edifact.acknowledge import Verdict, verdicts
from wholerecord.intake.edifact.syntax import segments
from wholerecord.intake.recognise import read

AT = datetime(2026, 3, 2, 9, 20)  # noqa: DTZ001 - the clock on the wall, as NHSACK has it


def said(*messages, **more):
    return said_by(read, interchange(*messages, **more))


def refused(*messages, **more):
    return refused_by(read, interchange(*messages, **more))


def only(reading, kind):
    (one,) = of_kind(reading, kind)
    return one


def answer(*messages, **more):
    found = acknowledge(interchange(*messages, **more), at=AT, reference="91")
    assert found is not None
    return found.decode().splitlines()


def test_a_report_becomes_what_was_asked_taken_found_and_reported():
    reading = said(message())
    kinds = [one.kind for one in reading.patients[0].sayings]
    assert kinds == [
        "Patient",
        "ServiceRequest",
        "Specimen",
        "Observation",
        "Observation",
        "Observation",
        "DiagnosticReport",
    ]
    assert reading.faults == ()
    assert reading.patients[0].about.number == "nhs:9990000018"


def test_a_patient_is_read_with_name_address_sex_and_birth():
    one = only(said(message()), "Patient")
    assert one["name"] == [
        {"use": "official", "family": "OKAFOR", "given": ["GRACE"], "prefix": ["MRS"]}
    ]
    assert one["address"] == [{"line": ["1 HIGH STREET", "LEEDS"], "postalCode": "LS2 9JT"}]
    assert (one["gender"], one["birthDate"]) == ("female", "1948-03-02")


def test_a_number_keeps_its_digits_its_unit_and_its_flag():
    reading = said(message())
    (_, haemoglobin, ferritin) = [
        one for one in reading.patients[0].sayings if one.kind == "Observation"
    ]
    assert b'"value":9.50' in haemoglobin.body
    made = body(haemoglobin)
    assert made["valueQuantity"]["unit"] == "g/dL"
    assert made["interpretation"][0]["coding"][0]["code"] == "L"
    assert made["referenceRange"] == [{"low": {"value": 11.5}, "high": {"value": 16.5}}]
    assert made["note"] == [{"text": "Repeated once"}]
    assert made["status"] == "final"
    assert body(ferritin)["valueQuantity"] == {"value": 5, "comparator": "<", "unit": "ng/mL"}
    assert body(ferritin)["status"] == "unknown"


def test_a_group_of_tests_names_its_members_and_the_report_names_all():
    reading = said(message())
    group, member, _ = of_kind(reading, "Observation")
    assert group["hasMember"] == [{"reference": f"Observation/{member['id']}"}]
    assert len(only(reading, "DiagnosticReport")["result"]) == 3


def test_a_result_has_the_time_and_the_specimen_it_was_taken_from():
    reading = said(message())
    specimen = only(reading, "Specimen")
    one = of_kind(reading, "Observation")[1]
    assert one["specimen"] == {"reference": f"Specimen/{specimen['id']}"}
    assert one["effectiveDateTime"] == "2026-03-01T09:30:00+00:00"
    assert one["issued"] == "2026-03-02T09:00:00+00:00"


def test_a_time_in_summer_is_the_clock_on_the_wall():
    one = only(
        said(message(specimens="S16+16'SEQ++1'SPC+TSP+:::x'DTM+SCO:202607010930:203'")), "Specimen"
    )
    assert one["collection"] == {"collectedDateTime": "2026-07-01T09:30:00+01:00"}


def test_a_coded_result_and_a_result_in_words():
    tests = (
        (
            "GIS+N'INV+MQ+368481000000103:921::BCS?:FOB result'"
            "RSL+CV+::375211000000108:921::FOB test normal'RFF+ASL:1'"
        ),
        "GIS+N'INV+MQ+:::Culture'FTX+RIT+++No growth'FTX+RIT+++after 48 hours'RFF+ASL:1'",
    )
    coded, words = of_kind(said(message(tests=tests)), "Observation")
    assert coded["valueCodeableConcept"]["coding"] == [
        {
            "system": "http://snomed.info/sct",
            "code": "375211000000108",
            "display": "FOB test normal",
        }
    ]
    assert coded["code"]["text"] == "BCS:FOB result"
    assert words["valueString"] == "No growth\nafter 48 hours"
    assert words["code"] == {"text": "Culture"}


@pytest.mark.parametrize("value", ["Positive", "1/40", "12 cells", "1.2.3"])
def test_a_value_that_is_no_number_stays_as_it_was_written(value):
    tests = (f"GIS+N'INV+MQ+1:911::Test'RSL+NV+{value}'",)
    assert only(said(message(tests=tests)), "Observation")["valueString"] == value


def test_a_name_cut_at_its_length_is_put_together():
    requested = only(said(message()), "ServiceRequest")
    assert requested["performer"][0] == {"display": "Southern Example Pathology Network Laboratory"}
    assert requested["requester"]["identifier"]["value"] == "G1234567"
    assert requested["supportingInfo"][0]["identifier"]["value"] == "A12345"
    assert requested["note"] == [{"text": "TIRED ALL THE TIME"}]


def test_the_laboratorys_own_number_is_filed_by_before_the_nhs_number():
    reading = said(message(own="RFF+SSI:C1'"))
    assert reading.patients[0].about.number == "LAB1:C1"
    assert {one["value"] for one in only(reading, "Patient")["identifier"]} == {"C1", "9990000018"}


def test_two_people_without_a_number_are_never_one_whatever_the_report_is_called():
    nobody = "PNA+PAT++++SU:{}'"
    reading = said(
        message(person=nobody.format("ABLE")), message(n=2, person=nobody.format("BAKER"))
    )
    assert len(reading.patients) == 2


def test_a_number_with_a_wrong_check_digit_is_kept_and_nobody_is_filed_by_it():
    reading = said(message(person="PNA+PAT+9990000019:OPI+++SU:OKAFOR'"))
    assert "9990000019" not in reading.patients[0].about.number
    assert only(reading, "Patient")["identifier"][0]["value"] == "9990000019"


def test_a_report_sent_again_is_a_later_version_of_each_thing():
    first, again = said(message()), said(message(status="FI"))
    ids = [[body(one)["id"] for one in r.patients[0].sayings] for r in (first, again)]
    assert ids[0] == ids[1]
    assert only(again, "DiagnosticReport")["status"] == "final"


@pytest.mark.parametrize(
    "head", [HEAD, HEAD.replace("UNA:+.? '\n", ""), HEAD.replace(".? '", ".?'")]
)
def test_the_service_string_advice_may_be_there_left_out_or_trimmed(head):
    assert said(message(), head=head).faults == ()


def test_other_service_characters_are_read():
    raw = interchange(message()).decode()
    swapped = raw.translate(str.maketrans({"+": "*", ":": "/", "'": "~", "/": "|"}))
    assert said_by(read, swapped.encode()).faults == ()


def test_released_characters_are_part_of_the_text():
    tests = ("GIS+N'INV+MQ+:::Test'FTX+RIT+++It?'s 3?+4?:5 ?? done'",)
    assert only(said(message(tests=tests)), "Observation")["valueString"] == "It's 3+4:5 ? done"


def test_latin_letters_are_read_where_the_interchange_names_them():
    person = "PNA+PAT+9990000018:OPI+++SU:O\xd6RTEN'"
    assert only(said(message(person=person)), "Patient")["name"][0]["family"] == "O\xd6RTEN"
    plain = HEAD.replace("UNOC:3", "UNOA:2")
    assert refused(message(person=person), head=plain).reason is Reason.NOT_TEXT


@pytest.mark.parametrize("count", [1, 900])
def test_a_miscounted_message_is_filed_and_held(count):
    reading = said(message(count=count))
    assert len(reading.patients[0].sayings) == 7
    (fault,) = reading.faults
    assert fault.reason is Reason.BAD_VALUE
    assert fault.place == "UNT[1]"


def test_a_message_that_ends_as_another_is_not_read():
    """Two messages may have run into each other: whose the results are is not known."""
    reading = said(message(ends=4), message(n=2))
    assert len(reading.patients) == 1
    assert [fault.place for fault in reading.faults] == ["message 1 UNT[1]"]


@pytest.mark.parametrize(
    ("messages", "more", "place"),
    [
        ((message(),), {"count": 2}, "UNZ[1]"),
        ((message(),), {"reference": "8"}, "UNZ[1]"),
        ((message(), "XYZ+1'"), {"count": 1}, "XYZ[1]"),
        ((message(),), {"head": ""}, "UNB"),
    ],
)
def test_what_is_wrong_with_the_whole_is_said_and_the_messages_are_filed(messages, more, place):
    reading = said(*messages, **more)
    assert len(reading.patients) == 1
    assert [fault.place for fault in reading.faults] == [place]


def test_an_interchange_cut_short_files_what_is_whole():
    raw = interchange(message(), message(n=2))
    reading = read(kept(raw[: raw.rindex(b"UNT")]))
    assert isinstance(reading, Reading)
    assert len(reading.patients) == 1
    assert {fault.reason for fault in reading.faults} == {Reason.CUT_SHORT}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (interchange(message(kind="NHSRSR:D:1:NH:NHS002")), Reason.NOT_READ_YET),
        (interchange(message(person="")), Reason.NO_PATIENT),
        (interchange(message(person="PNA+PAT'S07+07'PNA+PAT'")), Reason.SEVERAL_PATIENTS),
        (b"UNA++.? 'UNB+", Reason.BAD_DELIMITERS),
        (HEAD.replace("MEDRPT", "NHSACK").encode() + b"UNZ+0+7'", Reason.NOT_READ_YET),
        (HEAD.replace("UNOC", "UNOZ").encode() + b"UNZ+0+7'", Reason.NOT_TEXT),
        (b"UNA:+.? '", Reason.CUT_SHORT),
    ],
)
def test_what_cannot_be_filed_says_why(text, reason):
    assert refused_by(read, text).reason is reason


def test_a_segment_that_is_not_known_is_not_lost():
    reading = said(message(tests=(*TESTS, "ZZZ+1'ZZZ+2'")))
    (fault,) = reading.faults
    assert (fault.reason, fault.place) == (Reason.NOT_READ_YET, "ZZZ[1]")
    assert "1 more" in fault.detail


def test_a_date_that_is_none_is_a_fault_beside_the_rest():
    reading = said(message(specimens="S16+16'SEQ++1'DTM+SCO:20261399:102'"))
    assert [fault.place for fault in reading.faults] == ["DTM[4]"]


def test_an_interchange_taken_whole_is_accepted_in_full():
    lines = answer(message(), message(n=2))
    assert lines[0] == "UNA:+.? '"
    assert lines[1] == "UNB+UNOC:3+GP1:80+LAB1:80+260302:0920+91++NHSACK'"
    assert "NIR+SIR:7+LAB1:80+GP1:80+IAF'" in lines
    assert [one for one in lines if one.startswith("NMR")] == ["NMR+AGO:1+MA'", "NMR+AGO:2+MA'"]
    assert lines[-2:] == ["UNT+7+1'", "UNZ+1+91'"]
    counted = [one for one in lines if not one.startswith(("UNA", "UNB", "UNZ"))]
    assert len(counted) == 7


@pytest.mark.parametrize(
    ("messages", "more", "code", "verdict"),
    [
        ((message(), message(n=2, person="")), {}, "IAP", [Verdict.ACCEPT, Verdict.REJECT]),
        ((message(person=""),), {}, "IRA", [Verdict.REJECT]),
        ((message(ends=9),), {}, "IRM", [Verdict.REJECT]),
        ((message(),), {"reference": "8"}, "IRI", [Verdict.ACCEPT]),
        ((message(count=3),), {}, "IAF", [Verdict.HOLD]),
    ],
)
def test_each_outcome_has_its_code(messages, more, code, verdict):
    assert [one.verdict for one in verdicts(interchange(*messages, **more))] == verdict
    lines = answer(*messages, **more)
    assert any(line.endswith(f"+{code}'") for line in lines)
    count = next(line for line in lines if line.startswith("UNT"))
    assert count == f"UNT+{len(lines) - 3}+1'"


def test_why_a_message_is_rejected_is_said_without_the_patient():
    lines = answer(message(person="", own="RFF+SSI:SECRET'"))
    (why,) = [line for line in lines if line.startswith("FTX")]
    assert "UNH 1 no PNA" in why
    assert "SECRET" not in "".join(lines)


def test_nobody_is_answered_who_does_not_ask():
    quiet = HEAD.replace("++1'", "'")
    assert acknowledge(interchange(message(), head=quiet), at=AT, reference="1") is None
    assert acknowledge(b"UNA++++++", at=AT, reference="1") is None


def test_an_answer_holds_no_service_character_of_the_message():
    head = HEAD.replace("260302:0915+7", "260302:0915+7?'UNT?+1")
    lines = answer(message(), head=head, reference="7?'UNT?+1")
    assert all(re.fullmatch(r"[^']+'", line) for line in lines)


@given(st.text(alphabet="UNABHZT+:'? \n1S07PNAGIRLVF", max_size=300))
def test_any_text_reads_or_says_why(text):
    result = read(kept(b"UNA:+.? 'UNB+UNOC:3+A+B'" + text.encode()))
    assert isinstance(result, Reading | Unreadable)
    acknowledge(text.encode(), at=AT, reference="1")


@given(st.text(alphabet="ab:+'?", max_size=60))
def test_text_that_is_released_comes_back_as_it_was(text):
    released = re.sub(r"([:+'?])", r"?\1", text)
    found = segments(f"FTX+{released}+end'")
    assert not isinstance(found, Fault)
    assert found[0].parts(1) == (text,)

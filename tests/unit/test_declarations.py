"""What one source declares: its tables, its messages and who makes what it says, in one file."""

import json
from datetime import UTC, datetime

from wholerecord.intake import Kept, Reading, Reason, Unreadable
from wholerecord.intake.recognise import read
from wholerecord.intake.whom import with_whom
from wholerecord.record import MessageId, PatientKey

MAP = {
    "person": {"number": "ID"},
    "rows": [{"shape": "need", "title": "Need", "id": ["ID"]}],
}
SITE = {"number": ["RYY"], "values": {"PV1-2": {"INP": "I"}}}
TABLE = "ID,Need\n7,Help with meals\n"
ADMISSION = "\r".join(
    (
        r"MSH|^~\&|PAS|RXX|WR|WR|20260701||ADT^A01|C1|P|2.5",
        "PID|1||1^^^RXX^MR~2^^^RYY^PI||Example^Ann",
        "PV1|1|INP" + "|" * 17 + "V7",
        "",
    )
)
LETTERS = {"name": "{number}_{type}.txt"}


def kept(text, declared, name="post"):
    return Kept(
        message=MessageId(1),
        source="pas",
        name=name,
        body=text.encode(),
        received=datetime(2026, 7, 2, tzinfo=UTC),
        columns=json.dumps(declared).encode() if declared else b"",
    )


def said(text, declared, name="post"):
    reading = read(kept(text, declared, name))
    assert isinstance(reading, Reading), reading
    [patient] = reading.patients
    return patient.about.number, {one.kind: json.loads(one.body) for one in patient.sayings}


def test_a_source_declares_a_map_of_its_tables_beside_its_habits_in_hl7():
    both = {**MAP, "hl7v2": SITE}
    number, table = said(TABLE, both)
    assert (number, table["Condition"]["code"]["text"]) == ("7", "Help with meals")
    number, admission = said(ADMISSION, both)
    assert (number, admission["Encounter"]["class"]["code"]) == ("RYY:2", "IMP")


def test_each_part_of_a_declaration_does_not_need_the_others():
    assert said(TABLE, MAP)[0] == "7"
    assert said(ADMISSION, {"hl7v2": SITE})[0] == "RYY:2"
    assert said(ADMISSION, MAP)[0] == "RXX:1"


def test_a_table_of_a_source_that_declares_none_says_that_none_is_declared():
    reading = read(kept(TABLE, {"hl7v2": SITE}))
    assert isinstance(reading, Unreadable)
    assert reading.fault.reason is Reason.NO_COLUMNS
    words = read(kept("only words", {"hl7v2": SITE}))
    assert isinstance(words, Unreadable)
    assert words.fault.reason is Reason.NOT_RECOGNISED


def test_a_declaration_misspelt_is_still_told():
    reading = read(kept(TABLE, {**MAP, "hl7": SITE}))
    assert isinstance(reading, Unreadable)
    assert "hl7" in reading.fault.detail


def test_letters_and_tables_of_one_source_are_told_apart_by_name():
    both = {**MAP, "letters": LETTERS}
    assert said(TABLE, both)[1].keys() == {"Patient", "Condition"}
    assert said(TABLE, both, "in/7_note.txt")[1].keys() == {"DocumentReference"}


def test_a_table_that_software_drafted_says_so_of_every_row():
    _, drafted = said(TABLE, {**MAP, "made_by": "software"})
    assert [one["code"] for one in drafted["Condition"]["meta"]["security"]] == ["AIAST"]
    assert "security" not in drafted["Patient"].get("meta", {})
    _, by_people = said(TABLE, MAP)
    assert "meta" not in by_people["Condition"]


def test_what_could_not_be_read_is_about_the_patient_the_site_files_by():
    bad = ADMISSION.replace("ADT^A01", "XYZ^A01")
    for declared, number in (({"hl7v2": SITE}, "RYY:2"), ({}, "RXX:1")):
        message = kept(bad, declared)
        [fault] = with_whom(message, read(message))
        assert fault.about == PatientKey("pas", number)


def test_a_declaration_that_is_wrong_hides_nobody():
    message = kept(ADMISSION, {"hl7v2": {"number": "RYY"}})
    [fault] = with_whom(message, read(message))
    assert (fault.reason, fault.about) == (Reason.BAD_DECLARATION, PatientKey("pas", "RXX:1"))

"""Letters and scans: whose they are, what they say, and what is not read."""

import os
import signal
import time
from base64 import b64decode
from hashlib import sha1
from io import BytesIO

import pytest

from tests.unit.letter_files import DECLARED, PNG, RTF, TIFF, docx, pdf, reading
from wholerecord.intake import Reading, Reason, Unreadable
from wholerecord.intake.archive import NotTaken, inputs
from wholerecord.intake.letters import sidecar, together
from wholerecord.intake.letters.declared import NotDeclared, declaration
from wholerecord.intake.letters.room import ASKED, Room
from wholerecord.intake.letters.sidecar import unpacked
from wholerecord.intake.letters.text import text_in
from wholerecord.record import read_json

NAME = "in/9990000018_20260302_DIS.pdf"
SIDECAR = (
    b'{"patient": {"nhs_number": "999 000 0018", "family": "Okafor", "given": "Ada",'
    b' "born": "1948-03-02"}, "type": "Clinic letter", "date": "2026-03-01", "id": "L1"}'
)


def letter(said, kind="DocumentReference"):
    assert isinstance(said, Reading), said
    [patient] = said.patients
    return next(read_json(one.body) for one in patient.sayings if one.kind == kind)


def words(said):
    texts = [one["attachment"] for one in letter(said)["content"]]
    return [b64decode(one["data"]).decode() for one in texts if one["contentType"] == "text/plain"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (pdf(), "a PDF document"),
        (b"junk before it\n" + pdf(), "a PDF document"),
        (RTF, "an RTF document"),
        (docx(), "a Word document"),
        (TIFF, "a TIFF picture"),
        (b"MM\0*" + TIFF, "a TIFF picture"),
        (PNG, "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
    ],
)
def test_a_bare_letter_names_no_patient_and_is_parked_with_its_type(body, what):
    said = reading(body)
    assert isinstance(said, Unreadable)
    assert (said.fault.reason, said.fault.detail) == (Reason.NO_PATIENT, what)


def test_a_letter_is_filed_under_whom_its_declared_name_says():
    said = reading(pdf(), NAME, DECLARED)
    assert said.patients[0].about.number == "nhs:9990000018"
    made = letter(said)
    assert (made["description"], made["date"]) == ("Discharge letter", "2026-03-02")
    assert made["author"] == [{"display": "Aire Valley Hospital"}]
    whole = made["content"][0]["attachment"]
    assert b64decode(whole["data"]) == pdf()
    assert b64decode(whole["hash"]) == sha1(pdf(), usedforsecurity=False).digest()
    assert (whole["contentType"], whole["size"]) == ("application/pdf", len(pdf()))
    assert words(said) == ["Dear Dr Hale"]
    assert letter(said, "Patient")["identifier"][0]["value"] == "9990000018"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("scan0001.pdf", Reason.NO_PATIENT),
        ("", Reason.NO_PATIENT),
        ("9990000019_20260302_DIS.pdf", Reason.BAD_VALUE),
        ("9990000018_20261302_DIS.pdf", Reason.BAD_VALUE),
    ],
)
def test_a_name_that_is_not_as_declared_files_nothing(name, reason):
    said = reading(pdf(), name, DECLARED)
    assert isinstance(said, Unreadable)
    assert said.fault.reason is reason
    assert "999000001" not in f"{said.fault}"


def test_a_letter_is_filed_under_the_number_that_other_messages_of_its_source_use():
    declared = b'{"letters": {"name": "{number} {type}.{any}", "authority": "RXX"}}'
    said = reading(b"Dear Dr Hale", "H77 Clinic letter.txt", declared)
    [patient] = said.patients
    assert patient.about.number == "RXX:H77"
    assert [one.kind for one in patient.sayings] == ["DocumentReference"]
    assert words(said) == ["Dear Dr Hale"]


def test_plain_text_is_a_letter_only_of_a_source_that_declares_letters():
    assert isinstance(reading(b"Dear Dr Hale", NAME), Unreadable)
    assert words(reading(b"Dear Dr \xc9lan", NAME, DECLARED)) == ["Dear Dr \u00c9lan"]


@pytest.mark.parametrize("body", [TIFF, PNG, pdf("")])
def test_a_picture_is_kept_and_says_that_it_is_not_read(body):
    said = reading(body, NAME, DECLARED)
    assert not words(said)
    assert "not read" in letter(said)["content"][0]["attachment"]["title"]


@pytest.mark.parametrize(
    ("body", "is_"),
    [
        (pdf(pages=2), "Dear Dr Hale\n\nDear Dr Hale"),
        (RTF, "Dear Dr Hale\nWell"),
        (docx(), "Dear Dr Hale"),
        (docx(**{"word/header1.xml": b"<h><t>Top</t></h>"}), "Top\n\nDear Dr Hale"),
    ],
)
def test_text_is_read_where_there_is_text(body, is_):
    assert words(reading(body, NAME, DECLARED)) == [is_]


@pytest.mark.parametrize(
    ("body", "made"),
    [
        (pdf(info=b"D:20260302101500+00'00'"), "2026-03-02T10:15:00+00:00"),
        (RTF, "2026-03-02"),
        (
            docx(**{"docProps/core.xml": b"<c><created>2026-03-02T10:00:00Z</created></c>"}),
            "2026-03-02T10:00:00Z",
        ),
        (pdf(info=b"D:20990101"), None),
    ],
)
def test_a_letter_nobody_dated_has_the_date_in_its_own_data_unless_that_is_to_come(body, made):
    said = reading(together(b'{"patient": {"number": "1"}}', body, "application/x"))
    assert letter(said).get("date") == made


def test_a_side_car_says_whose_a_letter_is_and_both_are_kept_as_they_came():
    body = together(SIDECAR, pdf(), "application/pdf")
    assert SIDECAR in body
    assert pdf() in body
    said = reading(body)
    assert said.patients[0].about.number == "nhs:9990000018"
    assert letter(said, "Patient")["birthDate"] == "1948-03-02"
    assert letter(said)["date"] == "2026-03-01"
    assert words(said) == ["Dear Dr Hale"]
    again = reading(together(SIDECAR, pdf("Corrected"), "application/pdf"))
    assert letter(again)["id"] == letter(said)["id"]


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        (b"not json", Reason.BAD_VALUE),
        (b"{}", Reason.NO_PATIENT),
        (b'{"patient": {"name": "Okafor"}}', Reason.BAD_VALUE),
        (b'{"patient": {"number": "1"}, "date": "soon"}', Reason.BAD_VALUE),
        (b'{"patient": {"nhs_number": "9990000019"}}', Reason.BAD_VALUE),
    ],
)
def test_a_side_car_that_says_too_little_parks_its_letter(sidecar, reason):
    said = reading(together(sidecar, pdf(), "application/pdf"))
    assert isinstance(said, Unreadable)
    assert said.fault.reason is reason
    assert "Okafor" not in f"{said.fault}"


def test_a_side_car_cut_off_from_its_letter_is_parked():
    whole = together(SIDECAR, pdf(), "application/pdf")
    for cut in (90, 300, len(whole) - 20):
        said = reading(whole[:cut])
        assert isinstance(said, Unreadable)
        assert said.fault.reason is Reason.CUT_SHORT


def test_a_letter_that_holds_its_own_boundary_cannot_be_told_from_two():
    assert (
        unpacked(b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n--x--x--x') is None
    )


def test_what_a_source_declares_to_be_made_by_software_is_marked_so():
    declared = DECLARED[:-1] + b', "made_by": "software"}'
    made = letter(reading(pdf(), NAME, declared))
    assert [one["code"] for one in made["meta"]["security"]] == ["AIAST"]
    body = together(SIDECAR[:-1] + b', "made_by": "software"}', b"Dear", "text/plain")
    made = letter(reading(body))
    assert [one["code"] for one in made["meta"]["security"]] == ["AIAST"]
    oru = (
        b"MSH|^~\\&|LAB|RXX|W|W|20260701||ADT^A28|C|P|2.5\rPID|1||123||Example^Ann\r"
        b"AL1|1|DA|764146007^Penicillin^SCT\r"
    )
    made = reading(oru, "", b'{"made_by": "software"}')
    codes = {one.kind: b"AIAST" in one.body for one in made.patients[0].sayings}
    assert codes == {"Patient": False, "AllergyIntolerance": True}


@pytest.mark.parametrize(
    "declared",
    [
        b'{"letters": {"name": "{who}.pdf"}}',
        b'{"letters": {"name": "{date}{date}"}}',
        b'{"letters": 3}',
        b'{"letters": {"names": ""}}',
    ],
)
def test_a_declaration_that_cannot_be_understood_says_so(declared):
    with pytest.raises(NotDeclared):
        declaration(declared)
    said = reading(pdf(), NAME, declared)
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.NO_COLUMNS


@pytest.mark.parametrize(
    "body",
    [
        pdf()[:150],
        b"%PDF-1.7\n" + b"[" * 300_000,
        b"%PDF-1.7\n1 0 obj<</Length 10>>stream\n",
        b"{\\rtf1" + b"{" * 300_000,
        b"{\\rtf1 \\u55357 \\bin99999999 x}",
        docx(document=b"<a>" + b" " * (40 << 20) + b"</a>"),
        docx(document=b"<!DOCTYPE a><a/>"),
        docx(document=b"<a><b></a>"),
        b"PK\x03\x04word/document.xml" * 10,
        pdf(info=b"D:99999999999999"),
    ],
)
def test_a_hostile_letter_is_kept_and_never_stops_anything(body):
    said = reading(body, NAME, DECLARED)
    assert b64decode(letter(said)["content"][0]["attachment"]["data"]) == body
    assert words(reading(pdf(), NAME, DECLARED)) == ["Dear Dr Hale"]


def test_a_letter_that_takes_too_long_costs_the_room_and_not_the_reader():
    room = Room()
    try:
        assert room.read("application/pdf", pdf())[0] == "Dear Dr Hale"
        process = room._process
        os.kill(process.pid, signal.SIGALRM)  # what the kernel sends when the time is up
        process.wait()
        room._process = process
        assert room.read("application/pdf", pdf())[0] == "Dear Dr Hale"
        assert room._process is not process
        hung = room._process
        os.kill(hung.pid, signal.SIGSTOP)
        os.kill(hung.pid, signal.SIGALRM)
        os.kill(hung.pid, signal.SIGCONT)
        began = time.monotonic()
        assert room.read("application/pdf", pdf())[0] in {"", "Dear Dr Hale"}
        assert time.monotonic() - began < 5
    finally:
        room.close()


def test_what_is_too_large_to_be_read_is_not_sent_to_be():
    assert text_in(b"%PDF-" + b"0" * (64 << 20)).unread == "It is too large to be read."
    assert ASKED.size == 6


def test_a_folder_gives_a_letter_and_the_side_car_beside_it_as_one_message(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(pdf())
    (tmp_path / "scan.pdf.json").write_bytes(SIDECAR)
    (tmp_path / "alone.json").write_bytes(b"{}")
    taken = {one.name: one.stream.read(1_000_000) for one in inputs(str(tmp_path), BytesIO())}
    assert list(taken) == ["alone.json", "scan.pdf"]
    assert unpacked(taken["scan.pdf"]) == (SIDECAR, pdf(), "application/pdf")


def test_a_side_car_too_large_to_be_one_is_named_as_not_taken(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(pdf())
    (tmp_path / "scan.pdf.json").write_bytes(b" " * 70_000)
    [one] = inputs(str(tmp_path), BytesIO())
    assert isinstance(one, NotTaken)


def xml(said):
    return sidecar.said(b"<scan>%b</scan>" % said)


def test_a_sidecar_in_xml_says_what_one_in_json_does():
    about = b"<patient><number>7</number><family>Ashe</family></patient><date>2026-03-01</date>"
    same = sidecar.said(b'{"patient": {"number": "7", "family": "Ashe"}, "date": "2026-03-01"}')
    assert xml(about) == same
    assert xml(about.replace(b"<patient>", b'<patient xmlns="urn:x">')) == same


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b"<id>1</id><id>2</id>", "id, said twice"),
        (b"<patient/><patient/>", "patient, said twice"),
        (b"<title>A <b>letter</b></title>", "$.title"),
        (b"<patient><patient/></patient>", "$.patient"),
        (b"<ward>7</ward>", "ward"),
        (b"<id>1", "not XML that can be read safely"),
        (b"<patient>" * 1500 + b"</patient>" * 1500, "$.patient"),
    ],
)
def test_a_sidecar_in_xml_that_says_more_is_refused_by_name(said, fault):
    assert xml(said) == fault

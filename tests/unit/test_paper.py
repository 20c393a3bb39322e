"""The record on paper and in files: every line says who said it, and nothing hidden shows."""

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.demo_region import record_of, region
from tests.unit.door_site import NUMBER, SECRET, secret, site
from tests.unit.door_web import application_of, carer_allowed, client
from tests.unit.test_summary import NKA, allergy
from wholerecord.access import Actor, Doorway, Opened
from wholerecord.care.sheet import HEADINGS, full_sheet, heading_of, line_of, one_page
from wholerecord.care.sheet.telling import short
from wholerecord.consent import Purpose, Role
from wholerecord.intake import Parked
from wholerecord.portal.paper import press
from wholerecord.portal.paper.letters import printable
from wholerecord.portal.paper.table import safe, table
from wholerecord.portal.paper.text import text
from wholerecord.record import MessageId, PersonId

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FILES = ("print", "summary.pdf", "record.pdf", "record.txt", "record.csv")


async def opened(way: Doorway, person: PersonId) -> Opened:
    doctor = Actor(id="d", name="D", role=Role.GP, organisation="RXA")
    found = await way.door(doctor).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(found, Opened)
    return found


async def world(*more: dict[str, object]) -> tuple[Doorway, PersonId]:
    return await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), *more))


async def said(way: Doorway, person: PersonId, path: str, who: str) -> bytes:
    async with client(application_of(way, person), who) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, path
    return answer.content


def words_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


async def test_what_is_asked_for_and_booked_is_on_paper():
    asked = {"resourceType": "ServiceRequest", "id": "s1", "subject": {"reference": "Patient/p1"}}
    booked = {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "booked",
        "start": "2026-12-01T09:00:00Z",
        "description": "Eye clinic",
        "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}],
    }
    way, person = await world(asked | {"status": "active", "code": {"text": "Eyes"}}, booked)
    told = (await said(way, person, f"/people/{person}/record.txt", "DOCTOR")).decode()
    assert "Eyes" in told
    assert "Eye clinic" in told


def test_every_entry_of_every_record_stands_under_one_heading_and_is_told():
    slugs = {heading.slug for heading in HEADINGS}
    found: set[str] = set()
    names = Counter(each["name"] for each in region().truth["people"])
    for name in sorted(name for name, times in names.items() if times == 1)[:40]:
        for entry in record_of(name).entries:
            found.add(heading_of(entry))
            assert line_of(entry, {}).said_by
    assert found <= slugs
    assert len(found) > 12, "the demonstration has most kinds"


async def test_every_line_says_who_said_it_and_nothing_is_left_out():
    way, person = await world(allergy("n1", NKA))
    found = await opened(way, person)
    sheet = full_sheet(found, NOW)
    lines = [line for section in sheet.sections for line in section.lines]
    assert len(lines) == len(found.record.entries)
    assert all(line.said_by for line in lines)
    assert text(sheet).count("said by PAS") == len(lines) + 1


async def test_a_heading_with_nothing_under_it_is_not_known_and_a_denial_names_its_source():
    way, person = await world(allergy("n1", NKA))
    by = {section.slug: section for section in full_sheet(await opened(way, person), NOW).sections}
    assert by["medicines"].empty.startswith("Not known. Nothing recorded by the 1 source")
    assert by["allergies"].empty == ""
    [denial] = by["allergies"].denials
    assert denial.said_by[0].source == "PAS"


async def test_the_one_page_says_how_many_more_there_are():
    many = [condition(f"x{n}", "p1", code={"text": f"Illness {n}"}) for n in range(20)]
    way, person = await world(*many)
    sheet = one_page(await opened(way, person), NOW)
    [problems] = [section for section in sheet.sections if section.slug == "problems"]
    assert (len(problems.lines), problems.more) == (14, 7)


async def test_the_pdf_is_tagged_titled_in_english_and_says_it_is_a_demonstration():
    way, person = await world()
    made = await said(way, person, f"/people/{person}/record.pdf", "DOCTOR")
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in made
    assert PdfReader(io.BytesIO(made)).metadata.title.startswith("Full record: ")
    words = words_of(made)
    assert "Demonstration: invented people" in words
    assert "Said by PAS" in words


@pytest.mark.parametrize("name", FILES)
async def test_each_is_a_look_that_is_written_down_as_what_it_is(name):
    way, person = await world()
    await said(way, person, f"/me/{name}", "PATIENT")
    [look] = await way.store.openings_of(person, limit=9)
    assert (look.view, look.part, look.purpose) == ("record", name, "own record")


@pytest.mark.parametrize("name", FILES)
async def test_what_is_hidden_from_a_carer_has_no_shape_on_paper(name):
    papers = []
    for more in ((secret(),), ()):
        way, person = await world(*more)
        await carer_allowed(way, person)
        made = await said(way, person, f"/me/for/{person}/{name}", "CARER")
        words = words_of(made) if name.endswith(".pdf") else made.decode()
        assert SECRET not in words
        assert "may not be shown" not in words
        kept = [line for line in words.replace(person, "P").splitlines() if "UTC" not in line]
        # What a form and a mark are made of is another in each session.
        papers.append(
            [line for line in kept if 'name="form"' not in line and "&amp;was=" not in line]
        )
    assert papers[0] == papers[1]


async def test_staff_are_told_on_paper_how_much_they_may_not_see():
    way, person = await world(secret("STD"))
    words = (await said(way, person, f"/people/{person}/record.txt", "NURSE")).decode()
    assert SECRET not in words
    assert "1 entry may not be shown to whoever printed this" in words


async def test_words_that_typesetters_fall_over_are_set_all_the_same():
    wild = "] #panic() $ \\ @x <y> \u0000\u0301\u0301 \u202e\u0644\u0627 \ufdfa \U0001f600 \u65e5"
    way, person = await world(condition("c2", "p1", code={"text": wild}))
    made = await said(way, person, f"/people/{person}/record.pdf", "DOCTOR")
    assert "#panic() $" in words_of(made)
    assert "U+65E5" in words_of(made)


async def test_a_press_that_cannot_set_a_sheet_says_so_and_names_another_way(monkeypatch, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(press, "_HERE", broken)
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.get(f"/people/{person}/record.pdf")
    assert answer.status_code == 503
    assert "the text saved, instead" in answer.text


async def test_only_a_few_are_printed_at_once(monkeypatch):
    monkeypatch.setattr(press, "_making", [object(), object()])
    way, person = await world()
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.get(f"/people/{person}/record.pdf")
    assert answer.status_code == 429


@given(st.text())
def test_whatever_is_said_has_only_letters_that_can_be_shown_and_stays_so(words):
    shown = printable(words)
    assert printable(shown) == unicodedata.normalize("NFC", shown)
    assert not any(
        unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cn")
        for letter in shown
        if letter not in "\t\n\r"
    )


@given(st.text(max_size=40))
def test_no_cell_is_a_formula(words):
    cell = safe(words)
    assert cell.removeprefix("'") == words or cell == words
    assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))


async def test_a_table_of_hostile_words_is_read_back_a_row_a_line():
    wild = '=HYPERLINK("http://x","y"),\n"'
    way, person = await world(condition("c2", "p1", code={"text": wild}))
    sheet = full_sheet(await opened(way, person), NOW)
    rows = list(csv.reader(io.StringIO(table(sheet))))
    assert all(len(row) == 7 for row in rows)
    [row] = [row for row in rows if "HYPERLINK" in row[1]]
    assert row[1].startswith("'=")


def test_a_long_text_is_cut_and_says_how_much_is_left():
    assert short("x" * 3_000).endswith("1,000 more characters are in the record)")


async def test_a_restricted_person_has_no_address_on_paper():
    one = patient("p1", NUMBER)
    one["meta"] = {"security": [{"code": "R"}]}
    one["address"] = [{"line": ["1 Hidden Row"], "postalCode": "LS2 9JT"}]
    way, person = await site(bundle(one))
    for who, path in (("DOCTOR", f"/people/{person}/record.txt"), ("PATIENT", "/me/record.txt")):
        words = (await said(way, person, path, who)).decode()
        assert "Hidden Row" not in words


async def test_a_message_that_could_not_be_filed_is_told_of():
    way, person = await world()
    found = await opened(way, person)
    assert "could not be filed" not in text(full_sheet(found, NOW))
    item = Parked(
        n=1,
        message=MessageId(2),
        source="pas",
        place="entry[1]",
        reason="unreadable",
        says="It cannot be read.",
        owner="pas",
        since=NOW,
    )
    words = text(full_sheet(replace(found, parked=(item,)), NOW))
    assert "1 message was received about this person that could not be filed" in words

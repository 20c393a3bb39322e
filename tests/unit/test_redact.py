"""Names and identifiers go, clinical terms stay, and nothing is lost."""

from datetime import date

import click
import pytest

from benchmarks.redact import ours, score
from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from wholerecord.access import Opened
from wholerecord.cli import group
from wholerecord.consent import Purpose, Role
from wholerecord.research.redact import Known, What, known_of, redact

KNOWN = Known(
    names=frozenset({"okonkwo", "will"}),
    phrases=frozenset({("RXA-448812", What.NUMBER), ("14 Larkfield", What.ADDRESS)}),
    born=frozenset({date(1948, 3, 12)}),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("NHS 999 000 0018 is hers", "NHS [NHS NUMBER 1] is hers"),
        ("A call to 07700 900123 today", "A call to [PHONE 1] today"),
        ("at LS2 9JT now", "at [POSTCODE 1] now"),
        ("NI AB123456C given", "NI [NUMBER 1] given"),
        ("DOB 1/2/1950, seen 3/4/2026", "DOB [DATE OF BIRTH 1], seen 3/4/2026"),
        ("write to ann@example.org", "write to [EMAIL 1]"),
        ("Seen with her daughter Amara.", "Seen with her daughter [NAME 1]."),
        ("Dr Parkinson saw her", "Dr [NAME 1] saw her"),
        ("Yours sincerely\n\nOrla Fennimore", "Yours sincerely\n\n[NAME 1]"),
        ("Will, her nephew, came", "[NAME 1], her nephew, came"),
        ("Merryn, who is eleven", "[NAME 1], who is eleven"),
        ("Margaret's operation is due", "[NAME 1]'s operation is due"),
        ("She named Guinevere Stokes", "She named [NAME 1]"),
        ("Metformin and Ludovica came", "Metformin and [NAME 1] came"),
        ("Ludovica was given a drink", "[NAME 1] was given a drink"),
        ("at 8 Quarry Dene, Leeds LS16 8PA", "at [ADDRESS 1][POSTCODE 2]"),
        ("It was Mr Bell and then Mr Bell", "It was Mr [NAME 1] and then Mr [NAME 1]"),
    ],
)
def test_what_says_who_somebody_is_goes(text, left):
    assert redact(text).text == left


@pytest.mark.parametrize(
    "text",
    [
        "Bell's palsy, House-Brackmann grade III, and Murphy's sign",
        "She takes Metformin 500 mg and vitamin B12 5ug",
        "Urinary Tract Infection and Left Bundle Branch Block on the ECG",
        "Reviewed May 2020, seen 12 June 2021",
        "Miller Fisher syndrome was excluded",
        "Haemoglobin 120, platelets 250, 1234567890 cells",
        "Weber's and Rinne's tests, and a Leeds hip score of 3",
        "Zorbex was then started; CPAP and PEG were refused",
        "Metformin, then Quoxefane at night",
        "Macmillan nurses and Marie Curie came",
        "Naloxone was given by the paramedic",
    ],
)
def test_clinical_words_stay(text):
    assert redact(text).text == text


def test_what_the_record_says_goes_however_it_is_written():
    text = "okonkwo, 12 March 1948 (12.3.48), RXA 448812, of 14 LARKFIELD"
    assert redact(text, KNOWN).text == (
        "[NAME 1], [DATE OF BIRTH 2] ([DATE OF BIRTH 3]), [NUMBER 4], of [ADDRESS 5]"
    )


async def test_the_record_tells_of_relatives_and_clinicians():
    related = {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "patient": {"reference": "Patient/p1"},
        "name": [{"family": "Zzyzx", "given": ["Qwilleran"]}],
    }
    way, person = await site(bundle(patient("p1", NUMBER), related))
    opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    known = known_of([opened.record])
    assert {"zzyzx", "qwilleran", "ada", "example"} <= known.names
    assert redact("qwilleran zzyzx, 4/5/70", known).text == "[NAME 1] [NAME 2], [DATE OF BIRTH 3]"


def test_a_known_name_is_no_term_because_of_what_its_owner_has():
    assert redact("Okonkwo's operation is due", KNOWN).text == "[NAME 1]'s operation is due"


def test_a_known_name_that_is_a_word_needs_its_capital():
    assert redact("She will come", KNOWN).text == "She will come"
    assert redact("I saw Will", KNOWN).text == "I saw [NAME 1]"


def test_a_guess_says_that_it_is_one():
    assert redact("Her cleaner Ngaio came").unsure == 1
    assert redact("Dr Smith came").unsure == 0


def test_marks_that_the_text_had_are_left_alone():
    text = "As [NAME 7] said to Dr Smith"
    redacted = redact(text)
    assert redacted.text == "As [NAME 7] said to Dr [NAME 8]"
    assert redacted.restore(redacted.text) == text
    assert redacted.restore("[NAME 8] and [NAME 9]") == "Smith and [NAME 9]"


def test_no_name_is_in_what_is_printed_of_them():
    assert "Smith" not in repr(redact("Dr Smith came"))
    assert "okonkwo" not in repr(KNOWN)


@pytest.mark.parametrize(
    ("half", "direct", "names", "terms"),
    [
        ("before", 1, 1, 0),
        ("after", 1, 1, 0),
        ("again", 1, 1, 0.09),
        ("last", 1, 0.9, 0),
        ("frozen", 1, 0.97, 0),
        ("sealed", 1, 1, 0.02),
        ("closing", 1, 1, 0.04),
    ],
)
def test_what_was_reached_stays_reached(half, direct, names, terms):
    reached, _ = score(half, ours)
    caught = {what: n / of for what, (n, of) in reached.items()}
    assert caught["d"] >= direct
    assert caught["t"] >= names
    assert caught["c"] <= terms


def test_the_command_is_there():
    assert "redact" in group.list_commands(click.Context(group))

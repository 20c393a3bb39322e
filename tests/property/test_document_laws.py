"""Documents and letters of any bytes: never raised, always a value, the same each time."""

import os
from base64 import b64decode

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cda_documents import act, document, section, value
from tests.unit.cda_documents import read as read_cda
from tests.unit.letter_files import DECLARED, RTF, docx, pdf, reading
from wholerecord.intake import Reading, Unreadable
from wholerecord.intake.letters import together
from wholerecord.intake.letters.sidecar import unpacked
from wholerecord.record import read_json

SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
EXAMPLES = settings(max_examples=3000 if SOAK else 60, deadline=None)
WHOLE = document(
    section("11450-4", "P", "Stroke", act(f"<observation>{value('1', 'Stroke')}</observation>")),
    section("30954-2", "R", "<table><tr><td>4.5</td></tr></table>"),
)


@st.composite
def spoilt(draw, wholes):
    """A whole with some of its bytes cut out, changed or put in."""
    body = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(body) - 1)))
        body[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=12))
    return bytes(body)


@EXAMPLES
@given(spoilt([WHOLE]))
def test_any_document_is_read_or_parked(body):
    said = read_cda(body)
    assert isinstance(said, Reading | Unreadable)
    assert read_cda(body) == said


@EXAMPLES
@given(spoilt([pdf(pages=2), RTF, docx(), together(b"{}", RTF, "application/rtf"), b"Dear Dr"]))
def test_any_letter_is_filed_or_parked(body):
    said = reading(body, "9990000018_20260302_DIS.x", DECLARED)
    assert isinstance(said, Reading | Unreadable)


names = st.text("abcdé<>&;/ 0123456789", max_size=12)


@EXAMPLES
@given(st.lists(st.tuples(names, names), min_size=1, max_size=6))
def test_every_word_of_the_narrative_is_kept(said):
    def escaped(text):
        return text.replace("&", "&amp;").replace("<", "&lt;")

    body = document(*(section("1", escaped(title), escaped(text)) for title, text in said))
    [patient] = read_cda(body).patients
    kept = folded_text(patient)
    for title, text in said:
        assert all(word in kept for word in (*title.split(), *text.split()))


def folded_text(patient):
    [letter] = [read_json(one.body) for one in patient.sayings if one.kind == "DocumentReference"]
    return "".join(
        b64decode(one["attachment"].get("data", "")).decode() for one in letter["content"]
    )


@EXAMPLES
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_letter_and_its_side_car_come_back_as_they_went(sidecar, letter):
    assert unpacked(together(sidecar, letter, "image/tiff")) == (sidecar, letter, "image/tiff")

"""Original messages as people read them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.portal_records import NOW
from wholerecord.access import Original, Piece
from wholerecord.fold import About
from wholerecord.portal.shared.original import Shown
from wholerecord.portal.shared.original import show as show_original
from wholerecord.portal.shared.provenance import about_from, about_text
from wholerecord.portal.shared.session import Seal, Session, form_token, is_form_token
from wholerecord.record import MessageId, PatientId

HL7 = b"MSH|^~\\&|LAB|RX1\rPID|1||123\rOBX|1|NM|K||6.4\rOBX|2|NM|NA||138\r"


def original(whole: bytes | None, *pieces: Piece) -> Original:
    places = frozenset(piece.place for piece in pieces)
    return Original(message=MessageId(1), whole=whole, pieces=pieces, places=places)


def show(body: bytes, place: str) -> Shown:
    return show_original(original(body), place)


def test_hl7_is_a_segment_a_line_with_the_place_picked_out():
    shown = show(HL7, "OBX[2]")
    assert [line for line, here in shown.lines if here] == ["OBX|2|NM|NA||138"]
    assert len(shown.lines) == 4


def test_a_place_that_is_not_there_picks_out_nothing():
    assert not any(here for _, here in show(HL7, "OBX[9]").lines)


def test_json_keeps_every_number_as_it_was_written():
    shown = show(b'{"value":4.50,"big":12345678901234567890.10}', "")
    text = "\n".join(line for line, _ in shown.lines)
    assert "4.50" in text
    assert "12345678901234567890.10" in text


def test_the_entry_of_a_bundle_is_shown_by_itself():
    shown = show(b'{"resourceType":"Bundle","entry":[{"a":1},{"b":2.0}]}', "entry[1]")
    assert "2.0" in shown.part
    assert "a" not in shown.part


def test_a_line_of_a_table_is_picked_out():
    shown = show(b"nhs,code\n1,2\n3,4\n", "line 3")
    assert [line for line, here in shown.lines if here] == ["3,4"]


def test_of_a_message_that_is_cut_only_the_lines_given_are_shown():
    cut = original(None, Piece(place="", text="nhs,code"), Piece(place="line 3", text="3,4"))
    shown = show_original(cut, "line 3")
    assert shown.lines == (("nhs,code", False), ("3,4", True))
    assert (shown.parts, shown.size, shown.form) == (True, 0, "text")


def test_of_json_that_is_cut_only_the_part_asked_for_is_shown():
    cut = original(None, *(Piece(place=f"entry[{n}]", text=f'{{"a": {n}}}') for n in (0, 4)))
    assert show_original(cut, "entry[4]").part == '{"a": 4}'
    assert show_original(cut, "entry[3]").part == ""
    assert show_original(cut, "entry[4]").lines == ()


def test_a_very_large_message_is_cut_and_says_so():
    shown = show(b"x" * 99 + b"\n" + (b"y" * 99 + b"\n") * 5000, "")
    assert shown.cut
    assert sum(len(line) for line, _ in shown.lines) <= 200_000


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_can_be_shown_at_any_place(body: bytes, place: str):
    for prefix in (b"", b"MSH|", b'{"entry":['):
        show(prefix + body, place)


@given(
    st.integers(-(2**63), 2**63 - 1),
    st.from_regex(r"[A-Za-z]+", fullmatch=True),
    st.text(min_size=1),
)
def test_what_a_ruling_is_about_survives_a_form(patient: int, kind: str, id: str):
    about = About(PatientId(patient), kind, id)
    assert about_from(about_text(about)) == about


@given(st.text(max_size=40))
def test_a_form_that_says_anything_else_says_nothing(text: str):
    about = about_from(text)
    assert about is None or about_from(about_text(about)) == about


def test_a_session_is_read_only_with_its_secret_and_in_its_time():
    session = Session.begin("doctor", now=NOW)
    written = Seal(b"one").write(session)
    assert Seal(b"one").read(written, now=NOW) == session
    assert Seal(b"two").read(written, now=NOW) is None
    assert Seal(b"one").read(written, now=session.until) is None
    assert "doctor" not in written


@given(st.text(max_size=60))
def test_no_other_text_is_a_session(text: str):
    assert Seal(b"one").read(text, now=NOW) is None


def test_a_form_token_is_new_each_time_and_of_one_session():
    session, other = Session.begin("a", now=NOW), Session.begin("a", now=NOW)
    first, second = form_token(session), form_token(session)
    assert first != second
    assert is_form_token(session, first)
    assert is_form_token(session, second)
    assert not is_form_token(other, first)

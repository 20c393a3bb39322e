"""Laws of HL7 v2 intake: nothing raises, nothing is lost, nothing is read twice over."""

import os
import sys
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from wholerecord.intake import Kept, Reading, Unreadable
from wholerecord.intake.cut import cut
from wholerecord.intake.hl7v2 import STANDARD, Delimiters, ack, escape, read, unescape
from wholerecord.intake.mllp.frames import Frames, framed
from wholerecord.intake.recognise import read as recognise
from wholerecord.record import MessageId, read_json

EXAMPLES = 2000 if os.environ.get("WHOLERECORD_SOAK") else 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_PID = (
    "PID|1||123^^^RXX^MR~9990000018^^^NHS^NH||Example^Ann^R^^Mrs^^L||19500601|F|Old^Name||12 High"
    " St^^Leeds^^LS2 9JT^^H||0113 4960000^PRN^PH|||M|||||||N|||||||Y||01"
)
WHOLE = "\r".join(
    (
        r"MSH|^~\&|PAS|RXX|W|W|20260701120000||%s|C1|P|2.5",
        "EVN|A01|20260701120000|||U|20260701115900",
        _PID,
        "PD1||||G123^Doctor^Dee|||||||Y",
        "NK1|1|Example^Bob|SPO||0113 4960001",
        "MRG|456^^^RXX^MR",
        "PV1|1|I|W1^B2^3^RXX|||||||||||||||V7^^^RXX^VN" + "|" * 25 + "20260630|20260701",
        "AL1|1|DA|91936005^Penicillin^SCT|SV|Rash~Wheeze|20190301",
        "DG1|1||I63.9^Stroke^I10||20260630|F",
        "PR1|1||W371^Hip replacement^OPCS4||20260630",
        "ORC|RE|P1|F1",
        "OBR|1|P1|F1|FBC^Full blood count^L|||20260701090000" + "|" * 15 + "20260701110000||HM|F",
        r"OBX|1|NM|HB^Haemoglobin^L|1|4.50|g/L|3.5-5.0|L|||F|||20260701",
        r"OBX|2|FT|COM^Comment^L||one\.br\two \T\ \X41\||||||C",
        "OBX|3|SN|T^Titre^L||^1^:^128||||||P",
        "OBX|4|ED|PDF^Report^L||^application^pdf^Base64^JVBERi0=||||||F",
        "NTE|1||Repeat",
        "TXA|1|DS^Summary|TX|20260630||20260701101500||||||D77|D70||||AU||AV",
        "SCH|A1|B1|||||FU|30|min|^^^20260801100000",
        "AIP|1||G1^Doctor^Dee||||||||||Booked",
        "ORC|NW|P2|F2",
        "TQ1|1||Q6H^Often||||20260701",
        "RXE||AMOX^Amoxicillin^L|250|500|mg||^As directed|||28|CAP|3",
        "RXR|PO^Oral",
        "RXD|1|AMOX^Amoxicillin^L|20260701|21|CAP",
        "RXA|0|1|20260105||08^Hepatitis B^CVX|0.5|mL||01|N1^Nurse^Nan||||LOT7",
        "PRB|AD|20260701|44054006^Type 2 diabetes^SCT|PR1",
        "ZZZ|1",
        "",
    )
)  # fmt: skip
MESSAGES = [(WHOLE % kind).encode() for kind in (
    "ADT^A01", "ADT^A40", "ORU^R01", "ADT^A37", "ADT^A50", "ORM^O01", "MDM^T06", "SIU^S12",
    "RDE^O11", "RAS^O17", "VXU^V04", "PPR^PC1", "DFT^P03",
)]  # fmt: skip


def kept(body):
    return Kept(message=MessageId(1), source="s", name="x", body=body, received=NOW)


def is_sound(reading, body):
    """A reading as the store can take it: JSON bodies, their own ids, no patient data in faults."""
    assert isinstance(reading, Reading | Unreadable)
    if isinstance(reading, Unreadable):
        return
    seen = set()
    for patient in reading.patients:
        assert patient.about.number
        assert patient.about not in seen
        seen.add(patient.about)
        for saying in patient.sayings:
            said = read_json(saying.body)
            assert said["resourceType"] == saying.kind
            assert 1 <= len(said["id"]) <= 64
            assert b"\\u0000" not in saying.body
    assert len(str(reading.faults)) < 20_000 + 400 * body.count(b"\r")


@given(st.binary(max_size=400))
@settings(max_examples=EXAMPLES)
@example(b"MSH|^~\\&|\r")
@example(b"\xff\xfeM\x00S\x00H\x00|")
def test_no_bytes_make_reading_raise(body):
    is_sound(read(kept(body)), body)
    is_sound(read(kept(b"MSH|^~\\&|" + body)), body)
    is_sound(recognise(kept(body)), body)
    ack(body, "AA")


_CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b"|", b"^", b"~", b"\\", b"&", b"\r", b'""', b"\\X00\\", b"MSH|"]),
            st.just(b"\rPID|1||7"),
        ),
    ),
    max_size=8,
)  # fmt: skip


@given(st.sampled_from(MESSAGES), _CHANGES)
@example(
    b"\x80\rMSH\rPID|1||7", []
)  # a header of nothing but its name, after bytes that are not text
@settings(max_examples=EXAMPLES)
def test_no_change_of_a_message_makes_reading_raise(body, changes):
    for where, length, put in changes:
        at = int(where * len(body))
        body = body[:at] + put + body[at + length :]
    is_sound(read(kept(body)), body)
    ack(body, "AE", "why")


@given(st.sampled_from(MESSAGES), st.floats(0, 1))
@settings(max_examples=EXAMPLES)
def test_a_message_cut_short_anywhere_is_read_or_parked(body, where):
    is_sound(read(kept(body[: int(where * len(body))])), body)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x01")))
@settings(max_examples=EXAMPLES)
def test_escaped_text_comes_back_as_it_was(text):
    for delimiters in (STANDARD, Delimiters("#", "*", "+", "!", "%")):
        written = escape(text, delimiters)
        assert not set(written) & {
            delimiters.field, delimiters.component, delimiters.repetition,
            delimiters.subcomponent, "\r", "\n",
        }  # fmt: skip
        assert unescape(written, delimiters) == text


@given(st.text(st.sampled_from("\\FSTREXH.br0A9sp&"), max_size=60))
@settings(max_examples=EXAMPLES)
def test_unescaping_never_grows_a_text_beyond_bounds(text):
    assert len(unescape(text, STANDARD)) <= len(text) * 20


class _Drip:
    def __init__(self, body, sizes):
        self._body = body
        self._sizes = sizes

    def read(self, size, /):
        size = min(size, self._sizes[0])
        self._sizes = [*self._sizes[1:], self._sizes[0]]
        taken, self._body = self._body[:size], self._body[size:]
        return taken


_PIECES = (
    *(b"MSH|^~\\&|A\r", b"PID|1||1\r", b"\x0b", b"\x1c\r", b"FHS|^\r", b"BHS|^\n", b"BTS|1\r"),
    *(b"BTS|9\r", b"FTS|1\r", b"MSH", b"\r", b"\n", b'{"a":1}\n', b'{"b":', b"\xef\xbb\xbf"),
)
_PARTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=20)), max_size=40)


@given(_PARTS, st.lists(st.integers(1, 40), min_size=1, max_size=5))
@settings(max_examples=EXAMPLES)
def test_the_arrivals_joined_are_the_input(parts, sizes):
    body = b"".join(parts)
    for name in ("f", "f.ndjson"):
        arrivals = list(cut("s", name, body))
        assert b"".join(arrival.body for arrival in arrivals) == body
        assert len({arrival.name for arrival in arrivals}) == len(arrivals)
        dripped = [arrival.body for arrival in cut("s", name, _Drip(body, sizes))]
        assert dripped == [arrival.body for arrival in arrivals]


@given(st.lists(st.binary(max_size=60).filter(lambda b: not set(b) & {0x0B, 0x1C}), max_size=8),
       st.lists(st.integers(1, 20), min_size=1, max_size=5))  # fmt: skip
@settings(max_examples=EXAMPLES)
def test_frames_come_out_as_they_went_in_however_parted(bodies, sizes):
    frames, stream = Frames(10_000), _Drip(b"".join(map(framed, bodies)), sizes)
    found = []
    while data := stream.read(99):
        found += frames.feed(data)
    assert [frame.body for frame in found] == bodies
    assert frames.half() == b""


def _steps(body):
    """How many lines of Python run to read `body`: a measure that no other program disturbs."""
    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        read(kept(body))
    finally:
        sys.settrace(before)
    return steps


def test_reading_twice_as_much_takes_twice_the_steps():
    results = b"OBX|1|NM|HB^Haemoglobin^L|1|4.50|g/L|3.5-5.0|L|||F\r"
    head = MESSAGES[2].split(b"OBX|1")[0]
    for more in (results, b"junk\r", b"OBX|1|TX|A||line\r", b"NTE|1||x\r", b"BTS|1\r", b"\\" * 40):
        few, many = _steps(head + more * 50), _steps(head + more * 400)
        base = _steps(head)
        assert many - base <= 8.5 * (few - base) + 200, more

"""Inputs cut into arrivals."""

from io import BytesIO

import pytest

from wholerecord.intake import Kept, Reason, Unreadable
from wholerecord.intake import cut as cutting
from wholerecord.intake.cut import InputTooLarge, cut
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId

MESSAGE = b"MSH|^~\\&|PAS|RXX\rPID|1||123\r"


class Drip:
    """A stream that gives at most `size` bytes at a time, as a pipe does."""

    def __init__(self, body, size):
        self._stream = BytesIO(body)
        self._size = size

    def read(self, size, /):
        return self._stream.read(min(size, self._size))


class Made:
    """A stream of `head`, then `times` the `middle`, made as it is read."""

    def __init__(self, head, middle, times, tail=b""):
        self._parts = [(head, 1), (middle, times), (tail, 1)]
        self.largest = 0

    def read(self, size, /):
        del size
        while self._parts:
            part, times = self._parts[0]
            if times and part:
                self._parts[0] = (part, times - 1)
                return part
            del self._parts[0]
        return b""


def parts(body, name="f"):
    return [(arrival.name, arrival.body) for arrival in cut("s", name, body)]


def test_an_hl7_file_is_cut_at_each_message():
    assert parts(MESSAGE * 3, "adt.hl7") == [
        ("adt.hl7 message 1", MESSAGE),
        ("adt.hl7 message 2", MESSAGE),
        ("adt.hl7 message 3", MESSAGE),
    ]


def test_a_file_of_one_message_keeps_its_name():
    assert parts(MESSAGE, "adt.hl7") == [("adt.hl7", MESSAGE)]


def test_an_empty_input_is_one_empty_arrival():
    assert parts(b"") == [("f", b"")]


def test_the_envelope_of_a_batch_goes_with_its_first_and_last_message():
    header, trailer = b"FHS|^~\\&\rBHS|^~\\&\r", b"BTS|2\rFTS|1\r"
    assert [body for _, body in parts(header + MESSAGE * 2 + trailer)] == [
        header + MESSAGE,
        MESSAGE + trailer,
    ]


def test_a_trailer_that_counts_wrongly_stands_alone_and_is_parked():
    *messages, (name, body) = parts(b"BHS|^~\\&\r" + MESSAGE * 2 + b"BTS|3\r", "b.hl7")
    assert len(messages) == 2
    assert name == "b.hl7 trailer 1 after 2 messages"
    reading = read(kept(name, body))
    assert isinstance(reading, Unreadable)
    assert (reading.fault.reason, reading.fault.place) == (Reason.BAD_VALUE, "BTS-1")


def test_messages_left_in_their_mllp_frames_are_cut_all_the_same():
    assert len(parts((b"\x0b" + MESSAGE + b"\x1c\r") * 3)) == 3


def test_msh_inside_a_field_does_not_begin_a_message():
    assert len(parts(MESSAGE + b"NTE|1||see MSH|2 MSHX\rMSH2|\r")) == 1


@pytest.mark.parametrize("name", ["patients.ndjson", "export"])
def test_lines_of_json_are_cut_into_blocks_of_whole_lines(name):
    line = b'{"id":"' + b"x" * 1014 + b'"}\n'
    assert len(line) == 1024
    cut_lines = parts(line * 600, name)
    assert [part for part, _ in cut_lines] == [
        f"{name} lines 1-256",
        f"{name} lines 257-512",
        f"{name} lines 513-600",
    ]
    assert all(body.endswith(b"\n") and len(body) <= 256 * 1024 for _, body in cut_lines)


def test_a_line_longer_than_a_block_is_whole():
    line = b'{"a":"' + b"x" * 400_000 + b'"}\n'
    assert [len(body) for _, body in parts(line * 2, "f.ndjson")] == [len(line)] * 2


@pytest.mark.parametrize(
    "body", [b'{\n"a": 1\n}\n', b'{"a":1}', b"a,b\n1,2\n", b"<a>\n</a>\n", b"\x00\xff" * 99]
)
def test_anything_else_is_whole(body):
    assert parts(body) == [("f", body)]


def test_a_message_that_is_too_large_is_kept_in_pieces_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(cutting, "_PIECE", 4000)
    body = MESSAGE + MESSAGE + b"OBX|1|ED|||" + b"A" * 20_000 + b"\r" + MESSAGE
    cut_parts = [(a.name, a.body) for a in cut("s", "f", Drip(body, 1000))]
    assert b"".join(part for _, part in cut_parts) == body
    assert max(len(part) for _, part in cut_parts) <= 4000 + 8192
    names = [name for name, _ in cut_parts]
    assert names[0] == "f message 1"
    assert names[1] == "f message 2 piece 1 of what is too large"
    assert names[-1] == "f message 3"
    for name, part in cut_parts[1:-1]:
        reading = read(kept(name, part))
        assert isinstance(reading, Unreadable)
        assert reading.fault.reason is Reason.TOO_LARGE


def test_a_hundred_megabytes_in_one_segment_are_never_held_at_once():
    chunk = b"A" * 1024 * 1024
    stream = Made(MESSAGE + b"OBX|1|ED|||", chunk, 100, b"\r" + MESSAGE)
    sizes = [len(arrival.body) for arrival in cut("s", "f", stream)]
    assert max(sizes) <= 33 * 1024 * 1024
    assert sum(sizes) == 2 * len(MESSAGE) + 11 + 100 * len(chunk) + 1
    assert sizes[-1] == len(MESSAGE)


def test_a_line_that_is_too_large_does_not_take_the_next_with_it(monkeypatch):
    monkeypatch.setattr(cutting, "_PIECE", 300_000)
    body = b'{"a":"' + b"x" * 900_000 + b'"}\n{"b":1}\n'
    stream = Drip(body, 100_000)
    names = [a.name for a in cut("s", "f.ndjson", stream)]
    assert names[0] == "f.ndjson line 1 piece 1 of what is too large"
    assert names[-1] == "f.ndjson lines 2-2"


def test_a_document_too_large_to_be_kept_whole_is_refused_before_anything_is_kept():
    with pytest.raises(InputTooLarge, match="64 MiB"):
        next(cut("s", "f", Made(b"", b"a,b\n" * 262_144, 65)))


def kept(name, body):
    from datetime import UTC, datetime

    return Kept(
        message=MessageId(1),
        source="s",
        name=name,
        body=body,
        received=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_each_batch_of_a_file_counts_its_own_messages():
    batch = MESSAGE + b"BTS|1\r"
    assert [body for _, body in parts(batch * 3)] == [batch] * 3

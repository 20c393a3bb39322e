"""Acknowledgements."""

import pytest

from wholerecord.intake.hl7v2 import ack

MESSAGE = b"MSH|^~\\&|PAS|RXX|WR|ICB|20260701||ADT^A01^ADT_A01|C77|P|2.4\rPID|1"


def test_an_acknowledgement_goes_back_the_way_the_message_came():
    header, answer, rest = ack(MESSAGE, "AA").split(b"\r")
    fields = header.split(b"|")
    assert fields[2:6] == [b"WR", b"ICB", b"PAS", b"RXX"]
    assert fields[8:] == [b"ACK^A01^ACK", b"C77A", b"P", b"2.4"]
    assert answer == b"MSA|AA|C77"
    assert rest == b""


def test_a_refusal_says_why():
    assert ack(MESSAGE, "AE", "No|such").split(b"\r")[1] == b"MSA|AE|C77|No\\F\\such"


@pytest.mark.parametrize(
    "raw", [b"", b"MSH", b"MSH|", b"\x00\xff", b"MSH|^~\\&", b"PID|1", b"MSH|^~\\&|A|B"]
)
def test_a_broken_message_is_answered_all_the_same(raw):
    header, answer, _ = ack(raw, "AE", "why").split(b"\r")
    assert header.startswith(b"MSH|^~\\&|")
    assert answer == b"MSA|AE||why"


def test_unusual_delimiters_are_answered_in_kind():
    raw = MESSAGE.replace(b"|", b"#").replace(b"^", b"*")
    assert ack(raw, "AA").split(b"\r")[1] == b"MSA#AA#C77"

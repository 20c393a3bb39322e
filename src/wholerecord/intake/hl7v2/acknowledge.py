"""The answer to a message. Source: HL7 v2.5.1 sections 2.9.2 and 2.15.8 (MSA), table 0008."""

import re
from datetime import UTC, datetime

from wholerecord.intake.hl7v2.escapes import STANDARD, escape

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # one of them could end the answer's frame
_HEADER = re.compile(rb"MSH([^A-Za-z0-9\s])([^\r\n]{0,4096})")


def ack(raw: bytes, code: str, text: str = "") -> bytes:
    """An acknowledgement of `raw`: AA taken, AE put it right, AR send it again later.

    It goes back the way the message came, with its control id (MSA-2); from a message whose header
    cannot be read it says what can be said. `text` is for the sender's log: no patient data.
    """
    separator, fields = _fields(raw)
    encoding = fields[0] if 3 <= len(fields[0]) <= 5 else "^~\\&"
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S.%f")[:-3]
    control, processing, version = _field(fields, 10), _field(fields, 11), _field(fields, 12)
    event = _field(fields, 9).split(encoding[0])
    kind = encoding[0].join(["ACK", *event[1:2], "ACK"]) if event[1:2] else "ACK"
    header = (
        "MSH" + separator + encoding,
        _field(fields, 5),
        _field(fields, 6),
        _field(fields, 3),
        _field(fields, 4),
        now + "+0000",
        "",
        kind,
        f"{control[:16]}A" if control else "A",
        processing or "P",
        version or "2.5.1",
    )
    answer = ("MSA", code, control, escape(text, STANDARD) if encoding == "^~\\&" else text)
    said = separator.join(header) + "\r" + separator.join(answer).rstrip(separator) + "\r"
    return said.encode("latin-1", "replace")


def _fields(raw: bytes) -> tuple[str, list[str]]:
    """MSH-1, and MSH-2 onwards; the standard delimiters and nothing else without a header."""
    match = _HEADER.search(raw[:8192])
    if match is None:
        return "|", [""]
    separator = match[1].decode("latin-1")
    return separator, match[2].decode("latin-1").split(separator)


def _field(fields: list[str], n: int) -> str:
    """MSH-n as it was written, of a length that any field of a header has."""
    said = fields[n - 2][:227] if n - 2 < len(fields) else ""
    return _CONTROL.sub("", said).strip()

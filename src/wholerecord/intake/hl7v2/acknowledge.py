"""The answer to a message. Source: HL7 v2.5.1 sections 2.9.2 and 2.15.8 (MSA), table 0008."""

from datetime import UTC, datetime

from wholerecord.intake.hl7v2.escapes import STANDARD, escape
from wholerecord.intake.hl7v2.heading import Heading, heading


def ack(raw: bytes | Heading, code: str, text: str = "", *, at: datetime | None = None) -> bytes:
    """An acknowledgement of `raw`: AA or CA taken, AE or CE put it right, AR or CR send it later.

    It goes back the way the message came, with its control id (MSH-10 in MSA-2); from a message
    whose header cannot be read it says what can be said. `text` is for the sender's log: no patient
    data. `at` is when it was taken: the same message again gets the same answer.
    """
    said = raw if isinstance(raw, Heading) else heading(raw)
    encoding = said.fields[0]
    if not 3 <= len(encoding) <= 5 or not encoding.isprintable():
        encoding = "^~\\&"
    control = said.field(10)
    event = said.field(9).split(encoding[0])
    kind = encoding[0].join(["ACK", *event[1:2], "ACK"]) if event[1:2] else "ACK"
    header = (
        "MSH" + said.separator + encoding,
        said.field(5),
        said.field(6),
        said.field(3),
        said.field(4),
        _moment(at),
        "",
        kind,
        # An accept and an application acknowledgement of one message are two messages.
        f"{control[:16]}{code[:1]}",
        said.field(11) or "P",
        said.field(12) or "2.5.1",
    )
    if text and encoding == "^~\\&":
        text = escape(text, STANDARD)
    answer = ("MSA", code, control, text)
    separator = said.separator
    lines = separator.join(header) + "\r" + separator.join(answer).rstrip(separator) + "\r"
    return lines.encode("latin-1", "replace")


def _moment(at: datetime | None) -> str:
    """A time as HL7 writes it, to the millisecond, in UTC."""
    moment = at.astimezone(UTC) if at else datetime.now(UTC)
    day, _, clock = moment.isoformat(timespec="milliseconds")[:-6].partition("T")
    return f"{day.replace('-', '')}{clock.replace(':', '')}+0000"

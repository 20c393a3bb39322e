"""Where a message's header is in its bytes' text, and the delimiters it declares.

Source: HL7 v2.5.1 sections 2.5.4 (message delimiters) and 2.10.3 (batch protocol: FHS, BHS, BTS and
FTS stand around messages and belong to none).
"""

import re

from wholerecord.intake.hl7v2.escapes import Delimiters
from wholerecord.intake.reading import Fault, Reason

#: A header: its segment name at the start of a line, and a separator that no name goes on with.
MESSAGE_START = re.compile(r"(?:(?<=[\r\n])|\A)[ \t\ufeff]?MSH(?=[^A-Za-z0-9\s])")
ENVELOPE = re.compile(r"(?:(?<=[\r\n])|\A)(?:FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\s])")
_UNUSABLE = re.compile(r"[A-Za-z0-9\s]")
#: Characters that no text holds once control characters are gone.
_NO_ESCAPE, _NO_SUBCOMPONENT = "\x00", "\x01"


def delimiters_of(text: str) -> Delimiters | Fault:
    """What MSH-1 and MSH-2 of `text`, which begins with MSH, declare.

    MSH-2 may leave out the sub-component separator, as versions from 2.5 allow.
    """
    separator = text[3:4]
    header = re.split(r"[\r\n]", text[4:64], maxsplit=1)[0]
    encoding, rest, _ = header.partition(separator)
    if not rest:
        return Fault(reason=Reason.CUT_SHORT, place="MSH-2")
    # A fifth character, for truncation, came with version 2.7; text has no use for it here.
    usable = 3 <= len(encoding) <= 5 and len({separator, *encoding}) == len(encoding) + 1
    if not usable or _UNUSABLE.search(separator + encoding):
        return Fault(reason=Reason.BAD_DELIMITERS, place="MSH-2")
    return Delimiters(
        separator,
        encoding[0],
        encoding[1],
        encoding[2] or _NO_ESCAPE,
        encoding[3] if len(encoding) > 3 else _NO_SUBCOMPONENT,
    )


def messages_in(text: str) -> list[str]:
    """The messages of `text`, each from its MSH; what stands before the first is an envelope."""
    starts = [match.start() for match in MESSAGE_START.finditer(text)]
    ends = [*starts[1:], len(text)]
    return [text[start:end].lstrip(" \t\ufeff") for start, end in zip(starts, ends, strict=True)]

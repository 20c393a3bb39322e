"""Where a message's header is in its bytes' text, and the delimiters it declares.

Source: HL7 v2.5.1 sections 2.5.4 (message delimiters) and 2.10.3 (batch protocol: FHS, BHS, BTS and
FTS stand around messages and belong to none).
"""

import re
from collections.abc import Iterator

from wholerecord.intake.hl7v2.escapes import STANDARD, Delimiters
from wholerecord.intake.reading import Fault, Reason

_USUAL = "MSH|^~\\&|"
_BLANK = " \t\ufeff"
_UNUSABLE = re.compile(r"[A-Za-z0-9\s]")
#: Characters that no text holds once control characters are gone.
_NO_ESCAPE, _NO_SUBCOMPONENT = "\x00", "\x01"


def delimiters_of(text: str) -> Delimiters | Fault:
    """What MSH-1 and MSH-2 of `text`, which begins with MSH, declare.

    MSH-2 may leave out the sub-component separator, as versions from 2.5 allow.
    """
    if text.startswith(_USUAL) and text[len(_USUAL) : len(_USUAL) + 1] not in {"", "\r", "\n"}:
        return STANDARD
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


def messages_in(text: str) -> tuple[str, list[str]]:
    """What stands before the first message of `text`, and the messages, each from its MSH."""
    starts = list(_starts(text))
    ends = [*starts[1:], len(text)][: len(starts)]
    before = text[: starts[0]] if starts else text
    return before, [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _starts(text: str) -> Iterator[int]:
    """Where a line begins with MSH, after a few blanks at most, and then a separator."""
    at = text.find("MSH")
    while at >= 0:
        before = text[max(0, at - 8) : at].rstrip(_BLANK)
        separator = text[at + 3 : at + 4]
        begins = before[-1:] in {"\r", "\n"} if before or at > 8 else True
        if begins and separator and not _UNUSABLE.match(separator):
            yield at
        at = text.find("MSH", at + 3)

"""What a batch says of itself. Source: HL7 v2.5.1 sections 2.10.3, 2.15.2 and 2.15.3."""

import re

from wholerecord.intake.reading import Fault, Reason

_ENVELOPE = re.compile(r"(?:FHS|BHS|BTS|FTS)[^A-Za-z0-9\s]")
_BATCH = re.compile(r"(?:(?<=[\r\n])|\A)(BHS|BTS|MSH)([^A-Za-z0-9\s])([^\r\n]{0,64})")


def count_fault(text: str, found: int) -> Fault | None:
    """A fault where a batch's trailer counts other than the messages that stand before it.

    Only what `text` holds whole is counted: a batch with its header, or a trailer with no message
    at all, which is how a file's cutting sets apart a trailer that does not agree.
    """
    if "\rBTS" not in text and "\nBTS" not in text and not text.startswith("BTS"):
        return None
    inside = 0
    whole = found == 0
    for match in _BATCH.finditer(text):
        name, separator, rest = match.groups()
        if name == "BHS":
            inside, whole = 0, True
        elif name == "MSH":
            inside += 1
        else:
            said = rest.partition(separator)[0].strip()
            if (
                whole
                and said.isascii()
                and said.isdigit()
                and said.lstrip("0") != str(inside or "")
            ):
                came = f"{inside} came" if found else "other than came"
                detail = f"the trailer counts {said[:9]} messages, {came} before it"
                return Fault(reason=Reason.BAD_VALUE, place="BTS-1", detail=detail)
            inside, whole = 0, False
    return None


def stray_fault(before: str) -> Fault | None:
    """A fault where lines stand before the first message that are no envelope's."""
    for at, line in enumerate(before.splitlines(), start=1):
        if line.strip(" \t\ufeff") and not _ENVELOPE.match(line.lstrip("\ufeff")):
            return Fault(reason=Reason.BAD_VALUE, place=f"line {at}", detail="not a segment")
    return None

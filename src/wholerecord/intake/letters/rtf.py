"""The text of an RTF letter."""

import re

from striprtf.striprtf import rtf_to_text  # pyright: ignore[reportUnknownVariableType]

from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.letters.room import Answer

_MADE = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})", re.ASCII)
_MOST = 1_000_000


def read(body: bytes) -> Answer:
    r"""Its text. Source: RTF 1.9.1; a date in `\creatim` has no zone, so its day is taken."""
    source = body.decode("latin-1")
    try:
        words = str(rtf_to_text(source, errors="replace")).strip()  # pyright: ignore[reportUnknownArgumentType]
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        return Answer(unread="It is an RTF document that cannot be read.")
    match = _MADE.search(source)
    made = moment(f"{match[1]}{int(match[2]):02}{int(match[3]):02}") if match else ""
    words = words.encode("utf-8", "replace").decode()[:_MOST]
    unread = "" if words else "It is an RTF document without words."
    return Answer(words=words, unread=unread, made=made)

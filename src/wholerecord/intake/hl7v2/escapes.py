r"""HL7 escape sequences: `\F\` and the like, hexadecimal data, and formatted text.

Source: HL7 v2.5.1 chapter 2, section 2.7. A sequence that is not one of these (local `\Z..\`,
character set switches `\C..\` and `\M..\`) stays as it was written: nothing is guessed or lost.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_MOST_LINES = 99  # `\.sp\` with a larger number stays as written: no small message grows large
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # FHIR R4 `string` may not hold these
_LINES = {".br": "\n", ".ce": "\n", ".fi": "", ".nf": "", ".in": "", ".ti": "", "H": "", "N": ""}


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that part a message, as its MSH-1 and MSH-2 declare them.

    `escape` and `subcomponent` are a character no text holds where the message declares none.
    """

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


STANDARD = Delimiters("|", "^", "~", "\\", "&")


def unescape(text: str, delimiters: Delimiters) -> str:
    r"""The characters `text` means. Linear; never raises.

    >>> unescape("A\\T\\E\\.br\\Ward \\X37\\ \\Zlocal\\", STANDARD)
    'A&E\nWard 7 \\Zlocal\\'
    """
    escape = delimiters.escape
    if escape not in text:
        return text
    parts = text.split(escape)
    said = [parts[0]]
    at = 1
    while at < len(parts):
        # A sequence needs a closing mark; the last part has none.
        meant = _meaning(parts[at], delimiters) if at + 1 < len(parts) else None
        if meant is None:
            said.append(escape + parts[at])
            at += 1
        else:
            said += (meant, parts[at + 1])
            at += 2
    return "".join(said)


def escape(text: str, delimiters: Delimiters = STANDARD) -> str:
    r"""`text` as it may stand in a field. `unescape` gives it back.

    >>> escape("A&E\n50|60")
    'A\\T\\E\\.br\\50\\F\\60'
    """
    return text.translate(_marks(delimiters))


@lru_cache(maxsize=16)
def _marks(delimiters: Delimiters) -> dict[int, str]:
    mark = delimiters.escape
    names = {
        delimiters.escape: "E",
        delimiters.field: "F",
        delimiters.component: "S",
        delimiters.subcomponent: "T",
        delimiters.repetition: "R",
        "\n": ".br",
        "\r": "X0D",
    }
    return {ord(character): f"{mark}{name}{mark}" for character, name in names.items()}


def _meaning(sequence: str, delimiters: Delimiters) -> str | None:
    """What a sequence between two escape marks means, or None when it is not one."""
    match sequence:
        case "F":
            return delimiters.field
        case "S":
            return delimiters.component
        case "T":
            return delimiters.subcomponent
        case "R":
            return delimiters.repetition
        case "E":
            return delimiters.escape
        case _ if len(sequence) > 1 and sequence[0] == "X":
            return _hexadecimal(sequence[1:])
        case _:
            return _formatted(sequence)


def _hexadecimal(digits: str) -> str | None:
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return None
    try:
        said = raw.decode("utf-8")
    except UnicodeDecodeError:
        said = raw.decode("latin-1")
    return _NOT_TEXT.sub("", said)


def _formatted(sequence: str) -> str | None:
    command, count = sequence[:3], sequence[3:].lstrip("+")
    if sequence in _LINES:
        return _LINES[sequence]
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else None
    match command:
        case ".sp" if not count:
            return "\n"
        case ".sp" if number is not None and number <= _MOST_LINES:
            return "\n" * number
        case ".sk" if number is not None and number <= _MOST_LINES:
            return " " * number
        case ".in" | ".ti" if number is not None:
            return ""
        case _:
            return None

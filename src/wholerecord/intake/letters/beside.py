"""Which file is the side-car of which letter, and the two as one message.

`scan.tif` and `scan.tif.json`, or `.xml`, wherever they are found. Systems that export letters also
write `scan.tif` and `scan.json`: that is only taken for a pair in a folder that is said to hold
letters with side-cars, because elsewhere two files of one name are two messages.
"""

from collections.abc import Collection
from pathlib import Path, PurePath

from wholerecord.errors import Incorrect
from wholerecord.intake.letters.kinds import media_of
from wholerecord.intake.letters.sidecar import together

_ENDINGS = (".json", ".xml")
#: Bytes of a letter that has a side-car, and of a side-car.
_LARGEST_LETTER, _LARGEST_SIDECAR = 48 * 1024 * 1024, 64 * 1024


class TooLargeTogether(Incorrect):
    """A letter or its side-car is too large for the two to be one message."""


def pairs(names: Collection[str], *, by_stem: bool = False) -> dict[str, str]:
    """Letter -> side-car, of the files of one folder. A side-car goes with one letter, or none.

    >>> pairs(["a.tif", "a.tif.json", "b.pdf", "b.xml", "c.hl7"], by_stem=True)
    {'a.tif': 'a.tif.json', 'b.pdf': 'b.xml'}
    >>> pairs(["b.pdf", "b.xml"]), pairs(["b.pdf", "b.tif", "b.xml"], by_stem=True)
    ({}, {})
    """
    there = set(names)
    found: dict[str, str] = {}
    for name in sorted(there):
        if beside := next((name + end for end in _ENDINGS if name + end in there), None):
            found[name] = beside
    if by_stem:
        taken = {*found, *found.values()}
        letters: dict[str, list[str]] = {}
        for name in sorted(there - taken):
            if PurePath(name).suffix not in _ENDINGS:
                letters.setdefault(PurePath(name).stem, []).append(name)
        for stem, named in letters.items():
            beside = [stem + end for end in _ENDINGS if stem + end in there - taken]
            if len(named) == len(beside) == 1:
                found[named[0]] = beside[0]
    return found


def joined(letter: Path, beside: Path) -> bytes:
    """A letter and the side-car beside it as one message of both.

    Raises:
        TooLargeTogether: they are too large to be one.
        OSError: one of them cannot be read.
    """
    if letter.stat().st_size > _LARGEST_LETTER or beside.stat().st_size > _LARGEST_SIDECAR:
        raise TooLargeTogether
    body = letter.read_bytes()
    return together(beside.read_bytes(), body, media_of(body) or "text/plain")

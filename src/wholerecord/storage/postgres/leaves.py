r"""The openings of the log as they are sealed, made of what COPY writes.

Source: PostgreSQL manual, COPY, "Text Format": a row a line, its columns between tabs, `\N` for
null and a backslash before what would end either. It is the form that costs the server least, and
the program reads it while the server goes on writing.
"""

import re

import msgspec

from wholerecord.audit import Leaf
from wholerecord.audit.opening import Sealed, sealed_bytes
from wholerecord.record import PersonId

_WHOLE_SECOND = ".000000+00:00"
_SEEN = msgspec.json.Decoder(dict[str, int]).decode
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NULL = "\\N"
_MEANS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Reader:
    """Takes what COPY writes, piece by piece, and has the `leaves` of the whole lines of it."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._rest = b""

    async def take(self, piece: bytes) -> None:
        """Read a piece. It begins and ends anywhere."""
        whole, end, rest = piece.rpartition(b"\n")
        if not end:
            self._rest += piece
            return
        lines = (self._rest + whole).decode().split("\n")
        self._rest = rest
        self.leaves += map(_leaf, lines)


def _leaf(line: str) -> Leaf:
    columns: list[str] = line.split("\t")
    person: str | None = columns[9]
    if "\\" in line:
        person = None if person == _NULL else _plain(columns[9])
        columns = [_plain(each) for each in columns]
    at = columns[2]
    if at.endswith(_WHOLE_SECOND):  # has no fraction, as Python writes it
        at = at.removesuffix(_WHOLE_SECOND) + "+00:00"
    n, nth = int(columns[4]), int(columns[6])
    said = Sealed(
        columns[0],
        columns[1] == "t",
        at,
        columns[3],
        n,
        columns[5],
        nth or msgspec.UNSET,
        columns[7],
        columns[8],
        person,
        columns[10],
        columns[11],
        columns[12],
        int(columns[13]),
        _SEEN(columns[14]),
        columns[15],
    )
    return Leaf(n, None if person is None else PersonId(person), nth, sealed_bytes(said))


def _plain(text: str) -> str:
    """A column without its backslashes."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: _MEANS.get(found[1], found[1]), text)

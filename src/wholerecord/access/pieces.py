"""A message cut to the places somebody may see: nothing else of it comes out.

One function per form. A form not known here is never cut: it leaves whole or not at all.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from wholerecord.intake.csv.columns import Columns, NotColumns
from wholerecord.intake.csv.table import text_of as text_of_table
from wholerecord.intake.hl7v2.charset import text_of as text_of_hl7
from wholerecord.intake.hl7v2.header import messages_in
from wholerecord.intake.reading import Fault, Kept

_BOM = b"\xef\xbb\xbf"
_STEP = re.compile(r"(?:([A-Za-z]\w*)?\[(\d+)\]|line (\d+))[. ]?")
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
#: Lists taken apart, by where they stand and their name.
_Read = dict[tuple[str, str], Sequence[bytes | msgspec.Raw]]
_NTH_MESSAGE = re.compile(r"message (\d+) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a message as it came. `place` is "" for what only explains the others: a header."""

    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What may be `shown`; of what stands at a place of `others` nothing may."""

    shown: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, seen: frozenset[str], others: frozenset[str]) -> "Places":
        """Of the places that are `seen` those that hold nothing of the others within them."""
        outside = {part for place in others for part in _upwards(place)}
        return cls(shown=seen - outside, others=others)


def pieces(kept: Kept, places: Places, *, strict: bool = False) -> tuple[Piece, ...]:
    """What stands at the places shown, in the message's order; empty for a form that is not cut.

    `strict` leaves out what stands beside them and says nothing shown, hidden things or none.
    """
    body = kept.body.removeprefix(_BOM).lstrip(b" \t\r\n\x0b\x0c")
    if re.match(rb"MSH|FHS|BHS", body):
        return tuple(_hl7(kept.body, places, strict=strict))
    if body[:1] in {b"{", b"["}:
        return tuple(_json(kept.body.removeprefix(_BOM), places))
    return tuple(_table(kept, places)) if kept.columns else ()


def _upwards(place: str) -> Iterator[str]:
    """The place, and each place it is within: `entry[3]` of `entry[3] contained[0]`."""
    yield place
    for at in re.finditer(r"[ .]", place):
        yield place[: at.start()]


def _hl7(body: bytes, places: Places, *, strict: bool) -> Iterator[Piece]:
    """Of each message with something to show: its MSH, and its patients' segments.

    A patient's segments go together, from one PID to the next, notes and all, where none of them is
    another's and it is not `strict`; else only the segments shown, each with the notes (NTE) below
    it.
    """
    text = text_of_hl7(body)
    if isinstance(text, Fault):
        return
    _, messages = messages_in(text)
    for n, message in enumerate(messages, start=1):
        at = f"message {n} " if len(messages) > 1 else ""
        segments = list(_segments(message, at))
        groups = _groups(segments)
        kept = [piece for group in groups for piece in _of_group(group, places, strict=strict)]
        if kept:
            yield Piece(place="", text=segments[0].text)
            yield from kept


def _segments(message: str, at: str) -> Iterator[Piece]:
    """Each segment with its place, counted as the reader counts them; "" for what is no segment."""
    counts: dict[str, int] = {}
    separator = message[3:4]
    for line in message.replace("\r\n", "\r").replace("\n", "\r").split("\r"):
        name = line.split(separator, 1)[0].strip().upper()
        if not line.strip(" \t\x1a"):
            continue
        place = ""
        if _NAME.fullmatch(name):
            counts[name] = counts.get(name, 0) + 1
            place = f"{at}{name}[{counts[name]}]"
        yield Piece(place=place, text=line)


def _groups(segments: list[Piece]) -> list[list[Piece]]:
    """The segments from each PID to the next; those before the first are nobody's."""
    groups: list[list[Piece]] = []
    for piece in segments:
        if _NTH_MESSAGE.sub("", piece.place).startswith("PID["):
            groups.append([])
        if groups:
            groups[-1].append(piece)
    return groups


def _of_group(group: list[Piece], places: Places, *, strict: bool) -> Iterator[Piece]:
    at = {piece.place for piece in group if piece.place}
    shown = places.shown
    if not strict and at & shown and not at & places.others:
        yield from group
        return
    noted = False
    for piece in group:
        note = _NTH_MESSAGE.sub("", piece.place).startswith("NTE[")
        noted = piece.place in shown or (note and noted and piece.place not in places.others)
        if noted:
            yield piece


def _table(kept: Kept, places: Places) -> Iterator[Piece]:
    """The header and the rows shown, as they stand in the file."""
    try:
        columns = Columns.parse(kept.columns)
    except NotColumns:
        return
    text = text_of_table(kept.body, columns)
    if isinstance(text, Fault):
        return
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=columns.delimiter, strict=True)
    begins, header, shown = 1, True, places.shown
    try:
        for values in reader:
            place, whole = f"line {begins}", "".join(lines[begins - 1 : reader.line_num])
            begins = reader.line_num + 1
            if not any(value.strip() for value in values):
                continue
            if header or place in shown:
                yield Piece(place="" if header else place, text=whole.rstrip("\r\n"))
            header = False
    except csv.Error:
        return


def _json(body: bytes, places: Places) -> Iterator[Piece]:
    """What stands at each place, indented: every number as it was written."""
    read: _Read = {}
    for place in sorted(places.shown, key=_in_order):
        raw = _at(body, place, read)
        if raw is not None:
            text = msgspec.json.format(raw, indent=2).decode("utf-8", errors="replace")
            yield Piece(place=place, text=text)


def _at(body: bytes, place: str, read: _Read) -> bytes | None:
    """What `place` names (`entry[3] contained[0]`, `[2]`, `line 5`), or None: never the whole.

    `read` remembers each list that was taken apart, so that all places of a message cost one walk.
    """
    raw, at = body, 0
    try:
        while at < len(place):
            step = _STEP.match(place, at)
            if step is None:
                return None
            name, n, line = step.groups()
            key = (place[:at], name or ("line" if line else ""))
            if key not in read:
                read[key] = raw.split(b"\n") if line else _list_in(raw, name)
            raw, at = bytes(read[key][int(line) - 1 if line else int(n)]), step.end()
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError):
        return None
    return raw if place else None


def _list_in(raw: bytes, name: str | None) -> Sequence[msgspec.Raw]:
    """The list itself, or the one of that name in an object or in the resource it holds."""
    if not name:
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    held = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    if name not in held and "resource" in held:
        held = msgspec.json.decode(held["resource"], type=dict[str, msgspec.Raw])
    return msgspec.json.decode(held[name], type=list[msgspec.Raw])


def _in_order(place: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d{1,18}", place))

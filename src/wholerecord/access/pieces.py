"""A message cut to the places somebody may see: nothing else of it comes out.

One function per form. A form not known here is never cut: it leaves whole or not at all.
"""

import csv
import io
import re
from collections.abc import Iterator
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
_NTH_MESSAGE = re.compile(r"message (\d+) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a message as it came. `place` is "" for what only explains the others: a header."""

    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`seen` may be shown; of what stands at a place of `others` nothing may."""

    seen: frozenset[str]
    others: frozenset[str]

    @property
    def shown(self) -> frozenset[str]:
        """The places that hold nothing of the others, not even within them."""
        outside = {part for place in self.others for part in _upwards(place)}
        return self.seen - outside


def pieces(kept: Kept, places: Places) -> tuple[Piece, ...]:
    """What stands at the places shown, in the message's order; empty for a form that is not cut."""
    body = kept.body.removeprefix(_BOM).lstrip(b" \t\r\n\x0b\x0c")
    if re.match(rb"MSH|FHS|BHS", body):
        return tuple(_hl7(kept.body, places))
    if body[:1] in {b"{", b"["}:
        return tuple(_json(kept.body.removeprefix(_BOM), places))
    return tuple(_table(kept, places)) if kept.columns else ()


def _upwards(place: str) -> Iterator[str]:
    """The place, and each place it is within: `entry[3]` of `entry[3] contained[0]`."""
    yield place
    for at in re.finditer(r"[ .]", place):
        yield place[: at.start()]


def _hl7(body: bytes, places: Places) -> Iterator[Piece]:
    """Of each message with something to show: its MSH, and its patients' segments.

    A patient's segments go together, from one PID to the next, notes and all, where none of them is
    another's; else only the segments shown, each with the notes (NTE) below it.
    """
    text = text_of_hl7(body)
    if isinstance(text, Fault):
        return
    _, messages = messages_in(text)
    for n, message in enumerate(messages, start=1):
        at = f"message {n} " if len(messages) > 1 else ""
        segments = list(_segments(message, at))
        groups = _groups(segments)
        kept = [piece for group in groups for piece in _of_group(group, places)]
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


def _of_group(group: list[Piece], places: Places) -> Iterator[Piece]:
    at = {piece.place for piece in group if piece.place}
    shown = places.shown
    if at & shown and not at & places.others:
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
    found = {place: _at(body, place) for place in places.shown}
    for place, raw in sorted(found.items(), key=lambda each: _in_order(each[0])):
        if raw is not None:
            text = msgspec.json.format(raw, indent=2).decode("utf-8", errors="replace")
            yield Piece(place=place, text=text)


def _at(body: bytes, place: str) -> bytes | None:
    """What `place` names (`entry[3] contained[0]`, `[2]`, `line 5`), or None: never the whole."""
    raw, rest = body, place
    try:
        while rest:
            step = _STEP.match(rest)
            if step is None:
                return None
            raw, rest = _within(raw, step), rest[step.end() :]
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError):
        return None
    return raw if place else None


def _within(raw: bytes, step: re.Match[str]) -> bytes:
    name, n, line = step.groups()
    if line:
        return raw.split(b"\n")[int(line) - 1]
    if not name:
        return bytes(msgspec.json.decode(raw, type=list[msgspec.Raw])[int(n)])
    held = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    if name not in held and "resource" in held:
        held = msgspec.json.decode(held["resource"], type=dict[str, msgspec.Raw])
    return bytes(msgspec.json.decode(held[name], type=list[msgspec.Raw])[int(n)])


def _in_order(place: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d{1,18}", place))

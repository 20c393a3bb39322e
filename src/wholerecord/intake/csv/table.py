"""Bytes to rows: the character set, the delimiter, the header, and every line's number.

Source: RFC 4180. A quoted value may hold line breaks; lines are counted as an editor shows them.
A fixed-width table has no header, no quotes, and a row on each line.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wholerecord.intake.csv.columns import Columns
from wholerecord.intake.reading import Fault, Reason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its values by column name, stripped, and the line it begins on."""

    number: int
    values: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"line {self.number}"


def text_of(body: bytes, columns: Columns) -> str | Fault:
    """The table as text: by its byte order mark, else as the map says."""
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), columns.encoding)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        return Fault(reason=Reason.NOT_TEXT, place=f"byte {error.start}", detail=encoding)
    except (LookupError, UnicodeError):  # a codec that is not of text, as `base64`
        return Fault(reason=Reason.NOT_TEXT, detail=encoding)


def lines_of(text: str, columns: Columns, *, any_header: bool = False) -> Iterator[Line | Fault]:
    """Each row below the header, or why it cannot be read; first a fault alone for a bad header.

    With `any_header` the rows of a table whose header is not the map's are given all the same.
    """
    if columns.fixed:
        yield from _fixed(text, columns)
        return
    header: list[str] = []
    for row in _rows(text, columns.delimiter):
        if isinstance(row, Fault):
            yield row
            return
        place, values = row
        if not header:
            header = [value.strip() for value in values]
            wrong = None if any_header else wrong_header(header, columns)
            if wrong:
                yield wrong
                return
        elif len(values) != len(header):
            said = f"{len(values)} values under {len(header)} columns"
            yield Fault(reason=Reason.BAD_VALUE, place=f"line {place}", detail=said)
        else:
            stripped = (value.strip() for value in values)
            yield Line(number=place, values=dict(zip(header, stripped, strict=True)))


def header_of(text: str, columns: Columns) -> list[str]:
    """The names of the table's columns: its first row, or what a fixed-width map says they are."""
    if columns.fixed:
        return list(columns.fixed)
    first = next(_rows(text, columns.delimiter), None)
    return [value.strip() for value in first[1]] if isinstance(first, tuple) else []


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]] | Fault]:
    """Each row that is not empty, with the line it begins on; last what could not be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(f"line {begins}", str(error))
            return
        place, begins = begins, reader.line_num + 1
        if any(value.strip() for value in values):
            yield place, values


def _fixed(text: str, columns: Columns) -> Iterator[Line | Fault]:
    """Each line cut where the map says; what stands outside of its columns parks the line."""
    spans = {name: (first - 1, first - 1 + n) for name, (first, n) in columns.fixed.items()}
    gaps = _gaps(sorted(spans.values()))
    for number, line in enumerate(io.StringIO(text), start=1):
        said = line.rstrip("\r\n\x1a\0")
        if not said.strip():
            continue
        if any(said[first:last].strip() for first, last in gaps):
            detail = "text outside of the map's columns"
            yield Fault(reason=Reason.BAD_VALUE, place=f"line {number}", detail=detail)
            continue
        values = {name: said[first:last].strip() for name, (first, last) in spans.items()}
        yield Line(number=number, values=values)


def _gaps(spans: list[tuple[int, int]]) -> list[tuple[int, int | None]]:
    """Where no column stands: before, between and after `spans`."""
    starts = [0, *(last for _, last in spans)]
    ends = [*(first for first, _ in spans), None]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if b is None or a < b]


def wrong_header(header: list[str], columns: Columns) -> Fault | None:
    """Why this header is not the map's, naming the column; None when it is.

    A header that knows none of the map's columns is most likely a row of people: it is not quoted.
    """
    mapped = columns.mapped
    if not mapped & set(header):
        detail = "the first line names none of the map's columns"
        return Fault(reason=Reason.MISSING_COLUMN, place="line 1", detail=detail)
    for name in header:
        if name not in mapped and name not in columns.ignore:
            return Fault(reason=Reason.UNKNOWN_COLUMN, place="line 1", detail=name[:60])
        if header.count(name) > 1:
            return Fault(
                reason=Reason.UNKNOWN_COLUMN, place="line 1", detail=f"{name[:60]}, a second time"
            )
    missing = sorted(mapped - set(header) - set(columns.optional))
    if missing:
        return Fault(reason=Reason.MISSING_COLUMN, place="line 1", detail=missing[0])
    return None


def _broken(place: str, error: str) -> Fault:
    if "end of data" in error:
        return Fault(reason=Reason.CUT_SHORT, place=place, detail="a quoted value never ends")
    if "field larger" in error:
        return Fault(reason=Reason.TOO_LARGE, place=place)
    detail = "quotes are not as RFC 4180; nothing after this line was read"
    return Fault(reason=Reason.BAD_VALUE, place=place, detail=detail)

"""Finding a release's files and reading their tables, line by line."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from wholerecord.terms.content import BadRelease

_DATE = re.compile(r"(20\d{6})")
#: A cell longer than this is not a name, a code or a definition.
_LONGEST = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a release is to be read from. `version` and `system` are "" when they were not given."""

    paths: tuple[Path, ...]
    version: str = ""
    system: str = ""

    def files(self, pattern: str) -> list[Path]:
        """The files whose name matches `pattern` whole, letter case aside, sorted by their path."""
        wanted = re.compile(pattern, re.IGNORECASE)
        found = [
            file
            for path in self.paths
            for file in (path.rglob("*") if path.is_dir() else (path,))
            if file.is_file() and wanted.fullmatch(file.name)
        ]
        return sorted(set(found))

    def wanted(self, pattern: str, what: str) -> list[Path]:
        """The same; at least one.

        Raises:
            BadRelease: there is none.
        """
        if not (found := self.files(pattern)):
            raise BadRelease(f"Missing: {what}.")
        return found

    def dated(self, files: Sequence[Path]) -> str:
        """The version: as given, else the newest date in the files' names, else "not said"."""
        found = [date for file in files for date in _DATE.findall(file.name)]
        return self.version or max(found, default="not said")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """A text file's lines with their numbers, without their ends; UTF-8, or else Windows-1252.

    Raises:
        BadRelease: it is neither, or a line is endless.
    """
    try:
        with path.open(encoding=_encoding(path), newline="\n") as file:
            n = 0
            while line := file.readline(_LONGEST):
                n += 1
                if len(line) == _LONGEST:
                    raise BadRelease(f"{path.name} line {n} is longer than a table's line is.")
                yield n, line.rstrip("\r\n")
    except UnicodeDecodeError:
        raise BadRelease(f"{path.name} is not text.") from None


def table(path: Path, *columns: str) -> Iterator[list[str]]:
    """The cells of a tab-separated table with a heading, in the order of `columns`.

    Raises:
        BadRelease: a column is missing, or a line has too few cells.
    """
    rows = lines(path)
    heading = [cell.strip().lower() for cell in next(rows, (1, ""))[1].split("\t")]
    at = _places(path, heading, columns)
    width = len(heading)
    for n, line in rows:
        cells = line.split("\t")
        if len(cells) != width:
            if line:
                raise BadRelease(f"{path.name} line {n}: {len(cells)} cells, not {width}.")
            continue
        yield [cells[place] for place in at]


def csv_table(path: Path, *, heading: bool = True) -> Iterator[dict[str, str]]:
    """The rows of a comma- or tab-separated table by their column's name in small letters.

    Without a heading the names are the columns' numbers from 1.
    """
    text = (line for _, line in lines(path))
    first = next(text, "")
    delimiter = "\t" if "\t" in first else ","
    try:
        rows = csv.reader(_back(first, text), delimiter=delimiter, strict=True)
        named = next(rows, list[str]()) if heading else []
        names = [name.strip().lower() for name in named]
        for row in rows:
            if row:
                yield dict(zip(names or map(str, range(1, len(row) + 1)), row, strict=False))
    except csv.Error as error:
        raise BadRelease(f"{path.name}: {error}.") from None


def column(path: Path, row: dict[str, str], *names: str) -> str:
    """The cell under the first of these names that the table has.

    Raises:
        BadRelease: it has none of them.
    """
    for name in names:
        if name in row:
            return row[name].strip()
    raise BadRelease(f"{path.name} has no column {' or '.join(names)}.")


def elements(path: Path, *names: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each element of these names with its children's texts, one at a time.

    Raises:
        BadRelease: it is not XML, or it declares a document type.
    """
    try:
        with path.open("rb") as file:
            yield from _walk(path, file, names)
    except etree.XMLSyntaxError as error:
        raise BadRelease(f"{path.name} is not XML, line {error.lineno}.") from None


def _walk(
    path: Path, file: BinaryIO, names: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, str]]]:
    walk = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    first = True
    for event, element in walk:
        if first and element.getroottree().docinfo.internalDTD is not None:
            raise BadRelease(f"{path.name} declares a document type.")
        first = False
        name = element.tag.rpartition("}")[2]
        if event == "end" and name in names:
            yield name, {each.tag.rpartition("}")[2]: (each.text or "") for each in element}
            element.clear()


def _places(path: Path, heading: list[str], columns: Sequence[str]) -> list[int]:
    missing = [name for name in columns if name.lower() not in heading]
    if missing:
        raise BadRelease(f"{path.name} has no column {', '.join(missing)}.")
    return [heading.index(name.lower()) for name in columns]


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is; TRUD's older tables are Windows-1252."""
    with path.open("rb") as file:
        if file.read(3) == b"\xef\xbb\xbf":
            return "utf-8-sig"
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _back(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest

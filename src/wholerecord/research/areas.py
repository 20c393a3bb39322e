"""Which small area, and how deprived, a postcode is in: a look-up that the site loads as a CSV.

A row is for a postcode, or for its first part where the whole is not there. Sources a site has:
ONS Postcode Directory (columns `pcds`, `lsoa21`), English indices of deprivation 2019, File 7
(decile 1 is the most deprived). Neither is shipped.
"""

import csv
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from wholerecord.errors import Incorrect

_COLUMNS = ("postcode", "area", "deprivation")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{2})?")
_AREA = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .'()&-]{0,59}")
#: Bytes of the file: every postcode of the United Kingdom is below a tenth of it.
_LONGEST = 1_000_000_000
_INWARD = 3


class BadAreas(Incorrect):
    """The look-up of areas cannot be loaded as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """The look-up. `version` is "" for none, and changes whenever any row does."""

    version: str = ""
    rows: Mapping[str, tuple[str, int | None]] = field(
        default_factory=dict[str, tuple[str, int | None]]
    )

    def of(self, postcode: str) -> tuple[str | None, int | None]:
        """The area and decile of a postcode; without a look-up its district.

        >>> Areas().of("LS2 9JT"), Areas().of("")
        (('LS2', None), (None, None))
        """
        whole = postcode.replace(" ", "").upper()
        district = whole[:-_INWARD]
        found = self.rows.get(whole) or self.rows.get(district)
        return found or (district or None, None)


def read_areas(raw: bytes) -> Areas:
    """The look-up in a CSV with the columns postcode, area and deprivation (1 to 10, or blank).

    Raises:
        BadAreas: it is something else; the message names the line and the remedy.
    """
    if len(raw) > _LONGEST:
        raise BadAreas("It is longer than 1 GB: leave out columns that are not needed.")
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadAreas(f"Line {line}: it is not UTF-8 text.") from None
    reader = csv.DictReader(lines, restval="")
    rows: dict[str, tuple[str, int | None]] = {}
    try:
        missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadAreas(f"Line 1: there is no column `{missing[0]}`: name all of {_COLUMNS}.")
        for row in reader:
            postcode, area, decile = _row(reader.line_num, row)
            if rows.setdefault(postcode, (area, decile)) != (area, decile):
                raise BadAreas(f"Line {reader.line_num}: this postcode stands in two areas.")
    except csv.Error as error:
        raise BadAreas(f"Line {reader.line_num}: {error}.") from None
    if not rows:
        raise BadAreas("It has no rows.")
    return Areas(version=sha256(raw).hexdigest()[:16], rows=rows)


def load_areas(raw: bytes, file: Path) -> Areas:
    """The look-up, kept as `file` in place of the one before: whole, or not at all.

    Raises:
        BadAreas: see `read_areas`.
    """
    areas = read_areas(raw)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_suffix(".new")
    with beside.open("wb") as written:
        written.write(raw)
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)
    return areas


def loaded_areas(file: Path) -> Areas:
    """The look-up that the site loaded, or the empty one.

    Raises:
        BadAreas: the file was changed by another hand and cannot be read.
    """
    try:
        return read_areas(file.read_bytes())
    except FileNotFoundError:
        return Areas()


def _row(line: int, row: Mapping[str, str]) -> tuple[str, str, int | None]:
    postcode = row["postcode"].replace(" ", "").upper()
    area, decile = row["area"].strip(), row["deprivation"].strip()
    if not _POSTCODE.fullmatch(postcode):
        raise BadAreas(f"Line {line}: `postcode` is a postcode or the first part of one.")
    if not _AREA.fullmatch(area):
        raise BadAreas(f"Line {line}: `area` is a code or name of 60 letters at most.")
    if decile and (not decile.isascii() or not decile.isdigit() or not 1 <= int(decile) <= 10):
        raise BadAreas(f"Line {line}: `deprivation` is a decile, 1 (most deprived) to 10.")
    return postcode, area, int(decile) if decile else None

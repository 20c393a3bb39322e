"""One row's values as its map says to read them."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wholerecord.intake.csv.columns import Columns

_CLOCK = ("%H", "%I", "%X", "%c")
_ZONE = ("%z", "%Z")


class BadValue(ValueError):
    """A value is not as its column requires. Says the column, never the value."""


class Values:
    """A row's values by column name; a column that is not in the table is empty."""

    def __init__(self, columns: Columns, values: Mapping[str, str]) -> None:
        self._columns = columns
        self._values = values

    def text(self, column: str) -> str:
        """The value as it stands, "" where there is none."""
        said = self._values.get(column, "")
        return "" if said in self._columns.blank else said

    def date(self, column: str) -> str:
        """The value as a FHIR date or dateTime, "" where there is none.

        Raises:
            BadValue: it is not of the map's format.
        """
        said = self.text(column)
        if not said:
            return ""
        columns = self._columns
        declared = columns.date_formats.get(column, columns.date_format)
        read = _date(said, declared) if len(said) <= _LONGEST else ""
        if not read:
            raise BadValue(column)
        return read

    def one_of(self, column: str, meanings: Mapping[str, str]) -> str:
        """The meaning of the value; the value itself where no meanings are declared.

        Raises:
            BadValue: meanings are declared, and none for this value.
        """
        said = self.text(column)
        if not said or not meanings:
            return said
        if said not in meanings:
            raise BadValue(column)
        return meanings[said]


#: Characters of a date; what is longer is none, and is not remembered.
_LONGEST = 100


@lru_cache(maxsize=8192)
def _date(said: str, format: str) -> str:
    try:
        read = datetime.strptime(said, format)  # noqa: DTZ007 - the zone is put on below
    except ValueError:
        return ""
    if not any(part in format for part in _CLOCK):
        return f"{read:%Y-%m-%d}".rjust(10, "0")
    if not any(part in format for part in _ZONE):
        # A council's or a trust's clock is the wall clock in England, as is the NHS's.
        try:
            read = read.replace(tzinfo=ZoneInfo("Europe/London"))
        except ZoneInfoNotFoundError:  # no time zone data here: claim no more than the day
            return f"{read:%Y-%m-%d}".rjust(10, "0")
    return read.isoformat()

'''What a column map says: which column means what. It is declared once for a source, as JSON.

    >>> Columns.parse(b"""{
    ...   "date_format": "%d/%m/%Y",
    ...   "person": {"number": "Person ID", "nhs_number": "NHS No", "family": "Surname",
    ...              "given": "Forename", "born": "Date of birth", "sex": "Gender",
    ...              "sex_codes": {"1": "male", "2": "female"}, "postcode": "Postcode"},
    ...   "rows": [{"shape": "service", "title": "Service", "start": "From", "end": "To",
    ...             "details": {"Setting": "Where"}}],
    ...   "optional": ["To"],
    ...   "ignore": ["Row number"]
    ... }""").rows[0].shape
    'service'

A fixed-width table has no header: `fixed` says where each column stands in a line, as its first
character (counted from 1) and its length.

    >>> Columns.parse(b"""{
    ...   "fixed": {"Person": [1, 6], "Test": [7, 4], "Result": [11, 2]},
    ...   "person": {"number": "Person"},
    ...   "rows": [{"shape": "observation", "code": "Test", "value": "Result"}]
    ... }""").fixed["Test"]
    (7, 4)

What else the source declares may stand beside it (`hl7v2`, `letters`, `devices`, `made_by`): a
source that sends tables and messages has one declaration.

    >>> maps_tables(b'{"hl7v2": {}}'), maps_tables(b'{"hl7v2": {}, "person": {}, "rows": []}')
    (False, True)

Every column of a table must be in the map (as something, or in `ignore`), and every column of the
map must be in the table unless it is in `optional`: a column that is moved or renamed stops the
table, and cannot silently change what it means. The first user is adult social care client-level
data (services, requests for support, assessed needs, carers).
'''

import codecs
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from wholerecord.intake.csv.template import Row

#: The longest line a fixed-width table may declare, characters.
_LONGEST = 65_536
#: The longest date format, characters, and a day to try one with.
_LONGEST_FORMAT, _SOME_DAY = 100, datetime(2001, 2, 3, 16, 5, 6, tzinfo=UTC)


class NotColumns(ValueError):
    """The column map declared for the source is not one."""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The columns that say who a row is about. `number` is the source's own number for them."""

    number: str
    nhs_number: str = ""
    family: str = ""
    given: str = ""
    prefix: str = ""
    born: str = ""
    died: str = ""
    sex: str = ""
    sex_codes: dict[str, str] = {}
    address: list[str] = []
    postcode: str = ""
    phone: str = ""
    email: str = ""


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column map. Dates are read by `date_format`, or by a column's own in `date_formats`.

    `encoding` is what the text is in where it has no byte order mark. Formats are as strptime's.
    `blank` are values that say nothing in any column, as `NULL`. `about` says, for people, what
    tables this map is for. `made_by` is `software` for tables that software drafted. `hl7v2`,
    `letters` and `devices` are read by their own readers.
    """

    person: Person
    rows: list[Row]
    encoding: str = "utf-8"
    delimiter: str = ","
    date_format: str = "%Y-%m-%d"
    date_formats: dict[str, str] = {}
    optional: list[str] = []
    ignore: list[str] = []
    fixed: dict[str, tuple[int, int]] = {}
    blank: list[str] = []
    about: str = ""
    made_by: Literal["", "software"] = ""
    hl7v2: msgspec.Raw = msgspec.Raw()
    letters: msgspec.Raw = msgspec.Raw()
    devices: msgspec.Raw = msgspec.Raw()

    @classmethod
    def parse(cls, declared: bytes) -> "Columns":
        """Read a map.

        Raises:
            NotColumns: it is not one; the message says where.
        """
        try:
            columns = msgspec.json.decode(declared, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotColumns(str(error)) from None
        try:
            codecs.lookup(columns.encoding)
        except LookupError:
            raise NotColumns("`encoding` is not one that is known") from None
        if len(columns.delimiter) != 1 or columns.delimiter in '"\r\n':
            raise NotColumns("`delimiter` must be one character")
        for written in (columns.date_format, *columns.date_formats.values()):
            if not _is_read(written):
                raise NotColumns("a date format is not one by which strptime reads a date")
        return _placed(columns)

    @property
    def mapped(self) -> set[str]:
        """Every column that means something."""
        person = self.person
        named = {
            person.number,
            person.nhs_number,
            person.family,
            person.given,
            person.prefix,
            person.born,
            person.died,
            person.sex,
            person.postcode,
            person.phone,
            person.email,
            *person.address,
        }
        return (named | {column for row in self.rows for column in row.columns}) - {""}


class _Tables(msgspec.Struct, frozen=True):
    """The parts of a declaration that make it a column map."""

    person: msgspec.Raw = msgspec.Raw()
    rows: msgspec.Raw = msgspec.Raw()


@lru_cache(maxsize=256)
def maps_tables(declared: bytes) -> bool:
    """Whether a source's declaration is of tables, be it a good one; False for other things."""
    if not declared:
        return False
    try:
        found = msgspec.json.decode(declared, type=_Tables)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True  # what is wrong with it is said of the table
    return bool(bytes(found.person) or bytes(found.rows))


def _is_read(format: str) -> bool:
    """Whether strptime reads what is written in this format, a day of its own."""
    if len(format) > _LONGEST_FORMAT:
        return False
    try:
        datetime.strptime(f"{_SOME_DAY:{format}}", format)  # noqa: DTZ007 - only tried
    except (ValueError, re.error):  # the latter of a directive that stands there twice
        return False
    return True


def _placed(columns: Columns) -> Columns:
    """The map, if its fixed columns can be told apart and are all the columns it names."""
    if not columns.fixed:
        return columns
    ends = 0
    for first, length in sorted(columns.fixed.values()):
        if first <= ends or length < 1 or first + length > _LONGEST:
            raise NotColumns("`fixed` columns must begin after 0, hold something and not overlap")
        ends = first + length - 1
    if set(columns.fixed) != columns.mapped | set(columns.ignore):
        raise NotColumns("`fixed` must place every column that is mapped or ignored, and no other")
    return columns

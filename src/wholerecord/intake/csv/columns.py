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

Every column of a table must be in the map (as something, or in `ignore`), and every column of the
map must be in the table unless it is in `optional`: a column that is moved or renamed stops the
table, and cannot silently change what it means. The first user is adult social care client-level
data (services, requests for support, assessed needs, carers).
'''

import codecs
from typing import Literal

import msgspec

Shape = Literal["service", "request", "need", "flag", "observation", "condition", "carer"]


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


class Coded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one value of a column means: a code in the map's `system`, and its words."""

    code: str
    display: str = ""
    system: str = ""


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use a row template only for rows whose column has one of these values."""

    column: str
    values: list[str]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row says, as one resource.

    `shape` chooses the resource: `service` a CarePlan, `request` a ServiceRequest, `need` and
    `condition` a Condition, `flag` a Flag, `observation` an Observation, `carer` a RelatedPerson.
    `title` is the column with its words; `code` the column whose values `codes` translates into
    `system`. `category` is one of ours (`social-care`), or FHIR's `problem-list-item`. `id` are the
    columns that together name the thing, so that it can be corrected by a later table. `status` is
    a column whose values `statuses` translates to the resource's own. `details` are label ->
    column, kept as notes. A template whose title and code are both empty in a row says nothing of
    that row; a row of which no template says anything is parked.
    """

    shape: Shape
    id: list[str] = []
    when: When | None = None
    category: str = "social-care"
    title: str = ""
    code: str = ""
    system: str = ""
    codes: dict[str, Coded] = {}
    start: str = ""
    end: str = ""
    recorded: str = ""
    status: str = ""
    statuses: dict[str, str] = {}
    value: str = ""
    unit: str = ""
    provider: str = ""
    worker: str = ""
    phone: str = ""
    details: dict[str, str] = {}

    @property
    def columns(self) -> set[str]:
        """Every column this template reads."""
        named = {
            self.title,
            self.code,
            self.start,
            self.end,
            self.recorded,
            self.status,
            self.value,
            self.unit,
            self.provider,
            self.worker,
            self.phone,
        }
        when = {self.when.column} if self.when else set[str]()
        return (named | when | set(self.id) | set(self.details.values())) - {""}


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column map. Dates are read by `date_format`, or by a column's own in `date_formats`.

    `encoding` is what the text is in where it has no byte order mark. Formats are as strptime's.
    """

    person: Person
    rows: list[Row]
    encoding: str = "utf-8"
    delimiter: str = ","
    date_format: str = "%Y-%m-%d"
    date_formats: dict[str, str] = {}
    optional: list[str] = []
    ignore: list[str] = []

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
        return columns

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

"""What a map would make of a table, before anything is filed: `preview(body, columns)`. Pure.

A map is right when nothing of the table is left over: every column is in it, every coded value has
a translation, every date is of its format, and every row says something of a person.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from wholerecord.intake.csv.columns import Columns
from wholerecord.intake.csv.person import patient_of
from wholerecord.intake.csv.shapes import resource_of
from wholerecord.intake.csv.table import Line, header_of, lines_of, text_of
from wholerecord.intake.csv.template import Row
from wholerecord.intake.csv.values import BadValue, Values
from wholerecord.intake.reading import Fault

#: Different values of one column that are told apart; the rest are counted together.
_APART = 200
OTHERS = "(other values)"


@dataclass(slots=True, kw_only=True)
class Preview:
    """What would become of a table.

    `first` are the first rows: the line and the resources it makes. `columns` are those of the
    table that the map does not name, with how many rows have a value there; `missing` those of the
    map that the table has not. `values` are column -> value -> rows, of values without a meaning
    in the map. `dates` are column -> shape of the value -> rows: 9 stands for a digit, A for a
    letter, since a date can be a date of birth. `rows` counts them all, and `unread` those that
    would be parked, by why. `fault` is why no row can be read at all.
    """

    rows: int = 0
    made: Counter[str] = field(default_factory=Counter[str])
    first: list[tuple[int, list[dict[str, Any]]]] = field(
        default_factory=list[tuple[int, list[dict[str, Any]]]]
    )
    columns: dict[str, int] = field(default_factory=dict[str, int])
    missing: list[str] = field(default_factory=list[str])
    values: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    dates: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    unread: Counter[str] = field(default_factory=Counter[str])
    fault: Fault | None = None

    @property
    def whole(self) -> bool:
        """Whether the map leaves nothing over."""
        return not (
            self.fault or self.columns or self.missing or self.values or self.dates or self.unread
        )


def preview(body: bytes, columns: Columns, *, first: int = 5) -> Preview:
    """What the map would make of the table, the first rows in full."""
    found = Preview()
    text = text_of(body, columns)
    if isinstance(text, Fault):
        found.fault = text
        return found
    header = header_of(text, columns)
    known = columns.mapped | set(columns.ignore)
    found.columns = {name: 0 for name in header if name not in known}
    found.missing = sorted(columns.mapped - set(header) - set(columns.optional))
    for name in {name for name in header if header.count(name) > 1}:
        found.columns[f"{name} (a second time)"] = 0
    for line in lines_of(text, columns, any_header=True):
        found.rows += 1
        if isinstance(line, Fault):
            found.unread[f"{line.reason.value}: {line.detail}"] += 1
        else:
            _look(found, line, columns, first)
    if not found.rows and not found.missing:
        found.unread["no row below the header"] += 1
    return found


def _look(found: Preview, line: Line, columns: Columns, first: int) -> None:
    values = Values(columns, line.values)
    for name in found.columns:
        found.columns[name] += bool(values.text(name))
    strange = _strange(found, columns, values)
    number = values.text(columns.person.number)
    if not number:
        found.unread["no number of the person"] += 1
        return
    if strange:
        found.unread["a value that the map does not know"] += 1
        return
    try:
        patient = patient_of(columns.person, values, number)
        made = [resource_of(row, values, patient["id"]) for row in columns.rows]
    except BadValue as error:
        found.unread[f"a value that cannot be read: {error}"] += 1
        return
    said = [one for one in made if one]
    if not said and any(values.text(name) for row in columns.rows for name in row.columns):
        found.unread["no template of the map says anything of it"] += 1
        for row in columns.rows:
            if row.when and values.text(row.when.column) not in row.when.values:
                _count(found.values[row.when.column], values.text(row.when.column))
    found.made.update(one["resourceType"] for one in said)
    if len(found.first) < first:
        found.first.append((line.number, [patient, *said]))


def _strange(found: Preview, columns: Columns, values: Values) -> bool:
    """Count every value of the row that has no meaning, not only the first."""
    person = columns.person
    strange = _uncoded(found, values, person.sex, set(person.sex_codes))
    strange |= _undated(found, values, {person.born, person.died})
    for row in columns.rows:
        if row.when and values.text(row.when.column) not in row.when.values:
            continue
        strange |= _uncoded(found, values, row.code, set(row.codes))
        strange |= _uncoded(found, values, row.status, set(row.statuses))
        strange |= _uncoded(found, values, row.value, set(row.values))
        strange |= _undated(found, values, _dates_of(row))
    return strange


def _dates_of(row: Row) -> set[str]:
    return {row.start, row.end, row.recorded}


def _uncoded(found: Preview, values: Values, column: str, meanings: set[str]) -> bool:
    said = values.text(column)
    if not said or not meanings or said in meanings:
        return False
    _count(found.values[column], said[:60])
    return True


def _undated(found: Preview, values: Values, names: set[str]) -> bool:
    strange = False
    for name in sorted(names - {""}):
        try:
            values.date(name)
        except BadValue:
            _count(found.dates[name], _shape(values.text(name)))
            strange = True
    return strange


def _shape(said: str) -> str:
    """How a value is written, without what it says."""
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in said[:40])


def _count(counter: Counter[str], said: str) -> None:
    counter[said if said in counter or len(counter) < _APART else OTHERS] += 1

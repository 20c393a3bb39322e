"""A table read by its source's column map: `read(kept) -> Reading | Unreadable`. Pure."""

from wholerecord.intake.csv.columns import Columns, NotColumns
from wholerecord.intake.csv.person import patient_of
from wholerecord.intake.csv.shapes import resource_of
from wholerecord.intake.csv.table import Line, lines_of, text_of
from wholerecord.intake.csv.values import BadValue, Values
from wholerecord.intake.reading import (
    Fault,
    Kept,
    PatientReading,
    Reading,
    Reason,
    Unreadable,
)
from wholerecord.record import PatientKey, Saying, canonical

#: Faults of a header are faults of the whole table.
_WHOLE = frozenset({Reason.UNKNOWN_COLUMN, Reason.MISSING_COLUMN})


def read(kept: Kept) -> Reading | Unreadable:
    """What a table says: of each row, its person and what its templates make of it.

    A row with a value that is not as the map says is a fault; the other rows are filed.
    """
    if not kept.columns:
        return Unreadable(fault=Fault(reason=Reason.NO_COLUMNS))
    try:
        columns = Columns.parse(kept.columns)
    except NotColumns as error:
        detail = f"the column map is not valid: {error}"
        return Unreadable(fault=Fault(reason=Reason.NO_COLUMNS, detail=detail))
    text = text_of(kept.body, columns)
    if isinstance(text, Fault):
        return Unreadable(fault=text)
    if not text.strip():
        return Unreadable(fault=Fault(reason=Reason.EMPTY))
    return _read(kept.source, text, columns)


def _read(source: str, text: str, columns: Columns) -> Reading | Unreadable:
    people: dict[str, dict[Saying, None]] = {}  # ordered, and each saying once
    seen: set[tuple[str, bytes]] = set()
    faults: list[Fault] = []
    for line in lines_of(text, columns):
        if isinstance(line, Fault):
            if line.reason in _WHOLE:
                return Unreadable(fault=line)
            faults.append(line)
            continue
        number = line.values.get(columns.person.number, "")
        said = _sayings(columns, line, number)
        if isinstance(said, Fault):
            faults.append(said)
            continue
        for saying in said:
            # The same person stands on many rows; what a row adds is said once.
            if saying.kind == "Patient" and (number, saying.body) in seen:
                continue
            seen.add((number, saying.body))
            people.setdefault(number, {})[saying] = None
    return Reading(
        patients=tuple(
            PatientReading(about=PatientKey(source, number), sayings=tuple(sayings))
            for number, sayings in people.items()
        ),
        faults=tuple(faults),
    )


def _sayings(columns: Columns, line: Line, number: str) -> list[Saying] | Fault:
    if not number:
        return Fault(reason=Reason.NO_PATIENT, place=line.place, detail=columns.person.number)
    values = Values(columns, line.values)
    try:
        patient = patient_of(columns.person, values, number)
        made = [resource_of(row, values, patient["id"]) for row in columns.rows]
    except BadValue as error:
        return Fault(reason=Reason.BAD_VALUE, place=line.place, detail=str(error))
    if not any(made) and any(values.text(name) for row in columns.rows for name in row.columns):
        detail = "none of the map's rows says anything of it"
        return Fault(reason=Reason.BAD_VALUE, place=line.place, detail=detail)
    return [
        Saying(kind=one["resourceType"], body=canonical(one), place=line.place)
        for one in (patient, *made)
        if one is not None
    ]

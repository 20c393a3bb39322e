"""New rows woven into a table's file: group of rows by group, each read, changed and written once.

The file is sorted, and so are the new rows. So nothing is sorted anew: of each row group the rows
of those who changed are left out, and the new rows that belong there are put in their places. It
takes memory for some row groups and the new rows. One thread makes the next group while another
writes.
"""

from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wholerecord.research.arrow import pa, pq
from wholerecord.research.snapshot import Part, part_of
from wholerecord.research.tables import Table, schema_of
from wholerecord.research.writing import GROUP

Numbers = NDArray[np.int64]
#: Bits of a key that are the person's number; those above are the place of the code.
_PERSON = 40
#: Groups made before they are written.
_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weft:
    """The new rows of a table, sorted as it is, and whose old rows go: True at their numbers."""

    rows: Any
    changed: NDArray[np.bool_]


def weave(table: Table, before: Path, weft: Weft, file: Path) -> Part:
    """Write the file of a table: that of before without who changed, and the new rows."""
    schema = _schema(table)
    rows = 0
    with (
        pq.ParquetWriter(file, schema, compression="zstd", store_schema=False) as writer,
        ThreadPoolExecutor(1) as other,
    ):
        groups = _groups(table, before, weft, schema)
        waiting = [other.submit(next, groups, None)]
        while waiting:
            made = waiting.pop(0).result()
            if made is None:
                break
            while len(waiting) < _AHEAD:
                waiting.append(other.submit(next, groups, None))
            writer.write_table(made, row_group_size=GROUP)
            rows += made.num_rows
    return part_of(table.name, file, rows=rows)


def _groups(table: Table, before: Path, weft: Weft, schema: Any) -> Iterator[Any]:
    """The rows of the new file in their order, about a row group at a time."""
    words = [one.name for one in table.columns if one.type == "VARCHAR"]
    with pq.ParquetFile(before, read_dictionary=words) as old:
        new = _Sorted(weft.rows.cast(schema), coded="code" in table.names)
        small: list[Any] = []
        for n in range(old.num_row_groups):
            read = old.read_row_group(n, columns=list(table.names))
            held = pa.Table.from_arrays(
                [column.cast(schema.types[i]) for i, column in enumerate(read.columns)],
                schema=schema,
            )
            small.append(_woven(held, new.until(held), weft.changed, coded=new.coded))
            if sum(each.num_rows for each in small) * 2 >= GROUP:
                yield _one(small)
                small = []
        yield _one([*small, new.rest()])


class _Sorted:
    """New rows that are given out in their order."""

    def __init__(self, rows: Any, *, coded: bool) -> None:
        self.coded = coded
        self._rows, self._given = rows, 0
        self._names = sorted(_names(rows)) if coded else [""]
        self._keys: Any = _keys(rows, self._names, coded=coded)

    def until(self, group: Any) -> Any:
        """Those that stand before the group's last row, and were not given out yet."""
        if not group.num_rows:
            return self._rows.slice(0, 0)
        person = group.column("person")[-1].as_py()
        code = (group.column("code")[-1].as_py() or _LAST) if self.coded else ""
        place = bisect_left(self._names, code)
        if place < len(self._names) and self._names[place] == code:
            end = int(self._keys.searchsorted(place << _PERSON | person, side="right"))
        else:
            end = int(self._keys.searchsorted(place << _PERSON))
        begun, self._given = self._given, max(end, self._given)
        return self._rows.slice(begun, self._given - begun)

    def rest(self) -> Any:
        """All that were not given out."""
        begun, self._given = self._given, self._rows.num_rows
        return self._rows.slice(begun)


#: What a blank code sorts as: blanks stand last.
_LAST = "\U0010ffff"


def _woven(held: Any, new: Any, changed: NDArray[np.bool_], *, coded: bool) -> Any:
    """A group's rows without who changed, with new rows in their places."""
    people: Numbers = held.column("person").to_numpy()
    gone = people < len(changed)
    gone[gone] = changed[people[gone]]
    if gone.any():
        held = held.filter(pa.array(~gone))
    if not new.num_rows:
        return held
    both = _one([held, new])
    names = sorted({*_names(held), *_names(new)}) if coded else [""]
    order = np.argsort(_keys(both, names, coded=coded), kind="stable")
    return both.take(pa.array(order))


def _one(tables: list[Any]) -> Any:
    """The tables as one, of one chunk."""
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _names(rows: Any) -> set[str]:
    """Every code that stands in the rows."""
    found: set[str] = set()
    for chunk in rows.column("code").chunks:
        found.update(each or _LAST for each in chunk.unique().to_pylist())
    return found


def _keys(rows: Any, names: list[str], *, coded: bool) -> Numbers:
    """A number for each row by which it stands: the place of its code among names, its person."""
    people: Numbers = rows.column("person").to_numpy()
    if not coded:
        return people
    places = {name: n for n, name in enumerate(names)}
    keys: list[Numbers] = []
    for chunk in rows.column("code").chunks:
        known = [places.get(each or _LAST, 0) for each in chunk.dictionary.to_pylist()]
        blank = places.get(_LAST, 0)
        which = chunk.indices.fill_null(len(known)).to_numpy()
        keys.append(np.array([*known, blank], dtype=np.int64)[which])
    return (np.concatenate(keys) if keys else people[:0]) << _PERSON | people


def _schema(table: Table) -> Any:
    """The table's columns, with words as places in a dictionary."""
    coded = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [one.with_type(coded) if one.type == pa.string() else one for one in schema_of(table)]
    )

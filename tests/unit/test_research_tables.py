"""The tables studies read, and where a snapshot of them stands."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.research.merging import gathering, write_merged
from wholerecord.research.snapshot import (
    BrokenSnapshot,
    Manifest,
    NoSnapshot,
    Snapshot,
    begin,
    finish,
    latest_snapshot,
    part_of,
    snapshots,
)
from wholerecord.research.tables import TABLES, schema_of
from wholerecord.research.weaving import Weft, weave


def made(folder: Path, name: str, day: int) -> Snapshot:
    """A snapshot of empty tables."""
    making = begin(folder, name)
    parts = []
    for table in TABLES.values():
        file = making / f"{table.name}.parquet"
        pq.write_table(pa.Table.from_pylist([], schema=schema_of(table)), file)
        parts.append(part_of(table.name, file, rows=0))
    manifest = Manifest(
        name=name,
        as_of=datetime(2026, 11, day, tzinfo=UTC),
        versions={"tables": "1"},
        people=0,
        folded=0,
        parts=tuple(parts),
    )
    return finish(making, manifest)


def test_each_table_has_the_person_first_and_no_column_for_free_text():
    assert set(TABLES) == {
        "person",
        "condition",
        "medication",
        "observation",
        "encounter",
        "procedure",
        "immunisation",
        "allergy",
        "care_plan",
        "service",
        "referral",
    }
    for table in TABLES.values():
        assert table.names[0] == "person"
        assert set(table.sorted_by) <= set(table.names)
        assert not {"title", "words", "name", "note", "text"} & set(table.names)


def test_the_engine_reads_back_each_type_as_it_is_declared(tmp_path):
    snapshot = made(tmp_path, "one", 1)
    for table in TABLES.values():
        file = str(snapshot.file(table))
        with duckdb.connect() as engine:
            read = engine.read_parquet(file)
            found = list(zip(read.columns, map(str, read.types), strict=True))
        assert found == [(column.name, column.type) for column in table.columns]


def test_the_newest_snapshot_is_the_latest_whatever_its_name(tmp_path):
    made(tmp_path, "b", 1)
    made(tmp_path, "a", 2)
    assert [one.manifest.name for one in snapshots(tmp_path)] == ["a", "b"]
    assert latest_snapshot(tmp_path).path == tmp_path / "a"


def test_what_is_still_being_made_is_no_snapshot(tmp_path):
    begin(tmp_path, "half")
    assert snapshots(tmp_path) == ()
    with pytest.raises(NoSnapshot):
        latest_snapshot(tmp_path)


def test_a_file_that_was_altered_or_lost_is_named(tmp_path):
    snapshot = made(tmp_path, "one", 1)
    assert list(snapshot.faults()) == []
    with snapshot.file("condition").open("ab") as file:
        file.write(b"!")
    snapshot.file("person").unlink()
    assert list(snapshot.faults()) == ["person.parquet is missing", "condition.parquet was altered"]


@pytest.mark.parametrize(
    "manifest",
    [b"{", b"\xff", b'{"name": 3}', b"[]"],
)
def test_a_manifest_that_cannot_be_read_is_said_so(tmp_path, manifest):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_bytes(manifest)
    with pytest.raises(BrokenSnapshot):
        Snapshot.read(tmp_path / "one")


def test_a_manifest_never_names_a_file_outside_its_folder(tmp_path):
    snapshot = made(tmp_path, "one", 1)
    manifest = snapshot.path / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"person.parquet", b"../person.parquet"))
    with pytest.raises(BrokenSnapshot):
        Snapshot.read(snapshot.path)


def arrow(table: str, *rows: tuple[Any, ...]) -> Any:
    """Rows of a table, as they come from where they were made."""
    return pa.table(list(zip(*rows, strict=True)), schema=schema_of(TABLES[table]))


#: Small enough that a file has many row groups.
SMALL = 4
ROWS = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(["a", "b", "ß", "c/d", "z"]), st.integers(0, 3)),
    max_size=60,
)


def sorted_rows(rows: list[tuple[int, str, int]]) -> list[tuple[Any, ...]]:
    """As they stand in a file: by code, person and day."""
    made_ = [(who, code, "s", date(2024, 1, 1 + day), "") for who, code, day in rows]
    return sorted(made_, key=lambda row: (row[1], row[0], row[3]))


@settings(deadline=None, max_examples=40)
@given(old=ROWS, new=ROWS, gone=st.sets(st.integers(1, 40)))
def test_what_is_woven_in_is_what_sorting_all_of_it_anew_gives(tmp_path_factory, old, new, gone):
    folder = tmp_path_factory.mktemp("woven")
    table, changed = TABLES["allergy"], {*gone, *(who for who, *_ in new)}
    before = arrow("allergy", *sorted_rows(old)) if old else schema_of(table).empty_table()
    rows = arrow("allergy", *sorted_rows(new)) if new else schema_of(table).empty_table()
    pq.write_table(before, folder / "before.parquet", row_group_size=SMALL)
    flags = np.zeros(max(changed, default=0) + 1, dtype=np.bool_)
    flags[list(changed)] = True
    part = weave(table, folder / "before.parquet", Weft(rows=rows, changed=flags), folder / "f")
    found = [tuple(row.values()) for row in pq.read_table(folder / "f").to_pylist()]
    kept = [row for row in sorted_rows(old) if row[0] not in changed]
    assert found == sorted([*kept, *sorted_rows(new)], key=lambda row: (row[1], row[0], row[3]))
    assert part.rows == len(found)


def test_few_people_who_changed_are_woven_in_and_the_files_say_the_same(tmp_path):
    """People of 24 months: weaving and sorting anew give the same rows in the same order."""
    numbers = range(1, 41)
    people = [(n, "female", *[None] * 6) for n in numbers]
    ill = [(n, f"c{n % 3}", "s", date(2024, 1, 1 + n % 28), None, "active") for n in numbers]
    ill.sort(key=lambda row: (row[1], row[0]))
    first = begin(tmp_path, "a")
    with gathering(first) as new:
        rows = {"person": arrow("person", *people), "condition": arrow("condition", *ill)}
        new.add(numbers, rows)
        parts = write_merged(new, None, first)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    manifest = Manifest(name="a", as_of=at, versions={}, people=40, folded=40, parts=parts)
    before = finish(first, manifest)
    second = begin(tmp_path, "b")
    with gathering(second) as new:
        changed = {
            "person": arrow("person", (7, "male", *[None] * 6)),
            "condition": arrow("condition", (7, "c0", "s", date(2020, 1, 1), None, "resolved")),
        }
        new.add([7], changed)
        again = {part.table: part for part in write_merged(new, before, second)}
    told = [tuple(row.values()) for row in pq.read_table(second / "condition.parquet").to_pylist()]
    kept = [row for row in ill if row[0] != 7]
    wanted = [*kept, (7, "c0", "s", date(2020, 1, 1), None, "resolved")]
    assert told == sorted(wanted, key=lambda row: (row[1], row[0]))
    assert again["condition"].rows == 40
    assert again["person"].rows == 40
    with duckdb.connect() as engine:
        types = engine.read_parquet(str(second / "person.parquet")).types
        assert types == engine.read_parquet(str(before.file("person"))).types


def test_a_table_in_which_nobody_changed_is_the_file_it_was(tmp_path):
    first = begin(tmp_path, "a")
    with gathering(first) as new:
        allergy = arrow("allergy", (1, "x", "s", None, ""))
        new.add([1], {"person": arrow("person", (1, "female", *[None] * 6)), "allergy": allergy})
        new.add([2], {"person": arrow("person", (2, "male", *[None] * 6))})
        parts = write_merged(new, None, first)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    manifest = Manifest(name="a", as_of=at, versions={}, people=2, folded=2, parts=parts)
    before = finish(first, manifest)
    second = begin(tmp_path, "b")
    with gathering(second) as new:
        new.add([2], {"person": arrow("person", (2, "other", *[None] * 6))})
        again = write_merged(new, before, second)
    by_name = {part.table: part for part in again}
    assert before.file("allergy").samefile(second / by_name["allergy"].file)
    assert by_name["allergy"] in parts
    assert by_name["person"] not in parts
    third = begin(tmp_path, "c")
    with gathering(third) as new:
        new.add([1], {})  # who is nobody any longer had an allergy
        gone = write_merged(new, before, third)
    assert [part.rows for part in gone if part.table in {"allergy", "person"}] == [1, 0]

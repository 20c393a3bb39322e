"""The tables studies read, and where a snapshot of them stands."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

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


def test_a_table_in_which_nobody_changed_is_the_file_it_was(tmp_path):
    first = begin(tmp_path, "a")
    with gathering(first) as new:
        new.add(1, {"person": [(1, "female", *[None] * 6)], "allergy": [(1, "x", "s", None, "")]})
        new.add(2, {"person": [(2, "male", *[None] * 6)]})
        parts = write_merged(new, None, first)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    manifest = Manifest(name="a", as_of=at, versions={}, people=2, folded=2, parts=parts)
    before = finish(first, manifest)
    second = begin(tmp_path, "b")
    with gathering(second) as new:
        new.add(2, {"person": [(2, "other", *[None] * 6)]})
        again = write_merged(new, before, second)
    by_name = {part.table: part for part in again}
    assert before.file("allergy").samefile(second / by_name["allergy"].file)
    assert by_name["allergy"] in parts
    assert by_name["person"] not in parts
    third = begin(tmp_path, "c")
    with gathering(third) as new:
        new.add(1, {})  # who is nobody any longer had an allergy
        gone = write_merged(new, before, third)
    assert [part.rows for part in gone if part.table in {"allergy", "person"}] == [1, 0]

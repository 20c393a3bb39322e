"""The made-up people that studies are measured on."""

import duckdb

from benchmarks.research_people import make


def test_the_same_seed_makes_the_same_rows_and_each_table_is_sorted(tmp_path):
    one, two = (make(tmp_path / name, 60, seed=3) for name in ("one", "two"))
    assert list(one.faults()) == []
    assert one.manifest.parts[0].rows == 60
    with duckdb.connect() as engine:
        for part in one.manifest.parts:
            rows = engine.read_parquet(str(one.file(part.table))).fetchall()
            again = engine.read_parquet(str(two.file(part.table))).fetchall()
            assert sorted(rows, key=repr) == sorted(again, key=repr), part.table
            if part.table != "person":
                keys = [(row[1], row[0], row[3]) for row in rows]
                assert keys == sorted(keys), part.table


def test_nobody_is_said_to_have_fallen_ill_before_birth_or_after_death(tmp_path):
    made = make(tmp_path, 400, seed=4)
    with duckdb.connect() as engine:
        who = {
            row[0]: (row[2], row[3])
            for row in engine.read_parquet(str(made.file("person"))).fetchall()
        }
        for person, _, _, at, *_ in engine.read_parquet(str(made.file("condition"))).fetchall():
            born, died = who[person]
            assert born <= at
            assert died is None or at <= died

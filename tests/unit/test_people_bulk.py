"""The two engines weigh every pair alike: Splink on DuckDB, and this program in real time."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from benchmarks.people_region import COLUMNS, TRUTH, TUNING, Region
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.gather import Gathered, gather
from wholerecord.people.judge import judge
from wholerecord.people.model import Model, load, save
from wholerecord.people.rows import from_row
from wholerecord.people.traits import traits
from wholerecord.people.weigh import weigh

#: Patients with everything a source can get wrong, so that every level is met.
ODD = [
    {"given": "Ann", "family": "Smith", "born": "1950-03-12", "sex": "female"},
    {"given": "Smith", "family": "Ann", "born": "1950-12-03", "postcode": "LS2 9JT"},
    {"given": "A", "family": "Smyth-Jones", "born": "1950-03", "past_postcode": "LS2 9JT"},
    {"given": "Ann Bea", "family": "Jones", "previous_family": "Smith", "born": "1950"},
    {"given": "Bea", "family": "Khan", "born": "1950-03-13", "postcode": "LS2 9AB"},
    {"given": "Ann Cleo", "family": "Smith", "born": "1950-01-01", "nhs_number": "9990000018"},
    {"given": "Baby", "family": "Smith", "born": "1951-03-12", "nhs_number": "9990000018"},
    {"given": "Иван", "family": "Иванов", "born": "1980-03-12", "nhs_number": "9990000019"},
    {"given": "Ivan", "family": "Ivanova", "born": "1980-03-27", "nhs_number": "9990000019"},
    {"given": "nAn", "family": "O'Néill", "born": "nonsense", "phone": "+44 (0)7000 900123"},
    {"given": "王", "family": "李", "born": "1950-03-12", "phone": "07000900123"},
    {"given": "", "family": "", "email": "a@example.org", "practice": "A81001"},
    {"given": "Unknown", "family": "Male", "email": "A@EXAMPLE.ORG", "practice": "A81002"},
    {"given": "Jo", "family": "Li", "nhs_number": "9990000026", "nhs_status": "01"},
    {"given": "Jo", "family": "Lee", "nhs_number": "9990000018", "nhs_status": "01"},
    {"given": "Jo", "family": "Lee", "source": "x", "local_number": "1", "postcode": "ZZ99 3VZ"},
    {"given": "Joe", "family": "Lee", "source": "x", "local_number": "2", "born": "2024-13-45"},
]


@cache
def rows() -> tuple[dict[str, str], ...]:
    region = Region(TUNING).records(1500)
    made = [dict(zip((*COLUMNS, *TRUTH), row, strict=True)) for row in region]
    return (*made, *({**row, "id": f"odd-{n}"} for n, row in enumerate(ODD)))


@pytest.fixture(scope="module")
def bulk() -> Iterator[Bulk]:
    prepared = Bulk()
    prepared.take(list(rows()))
    yield prepared
    prepared.connection.close()


def of(id: str) -> dict[str, str]:
    return next(row for row in rows() if row["id"] == id)


def test_both_engines_weigh_every_pair_alike(bulk: Bulk):
    model = load()
    said = {row["id"]: from_row(row) for row in rows()}
    bulk.pairs(model, least=-1000)

    scored = bulk.connection.table("pairs").fetchall()

    assert len(scored) > 1500
    for one, other, bits, veto, _ in scored:
        assert sum(part.weight for part in weigh(said[one], said[other])) == pytest.approx(
            bits, abs=1e-6
        )
        assert judge(traits(said[one]), traits(said[other])).veto == veto


def test_both_engines_weigh_what_no_blocking_would_compare_alike():
    odd = [row for row in rows() if row["id"].startswith("odd")]
    every = Bulk(blocking=(("always",),))
    every.take(odd)
    every.connection.execute("ALTER TABLE people ADD COLUMN always INTEGER DEFAULT 1")
    every.pairs(load(), least=-1000)

    scored = every.connection.table("pairs").fetchall()

    assert len(scored) == len(list(combinations(odd, 2)))
    for one, other, bits, veto, _ in scored:
        a, b = from_row(of(one)), from_row(of(other))
        assert sum(part.weight for part in weigh(a, b)) == pytest.approx(bits, abs=1e-6)
        assert judge(traits(a), traits(b)).veto == veto


def test_two_people_with_verified_numbers_are_never_gathered_by_a_third():
    pairs = [("a", "c", 50.0), ("b", "c", 60.0)]

    gathered = gather(["a", "b", "c", "d"], pairs, numbers={"a": "1", "b": "2"}, apart=[])

    assert gathered == Gathered(clusters=(("a",), ("b", "c"), ("d",)), refused=(("a", "c", 50.0),))


def test_a_vetoed_pair_is_never_gathered_by_a_third_in_any_order():
    pairs = [("a", "c", 50.0), ("b", "c", 60.0), ("c", "d", 40.0)]
    for order in (pairs, pairs[::-1]):
        gathered = gather(["a", "b", "c", "d"], order, numbers={}, apart=[("a", "b")])

        assert gathered.clusters == (("a",), ("b", "c", "d"))
        assert gathered.refused == (("a", "c", 50.0),)


def test_a_saved_model_is_the_model(tmp_path):
    save(load(), tmp_path / "model.json")

    assert isinstance(load(tmp_path / "model.json"), Model)
    assert load(tmp_path / "model.json") == load()

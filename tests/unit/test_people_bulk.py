"""Both engines weigh every pair alike: DuckDB in bulk and this program in real time; and Splink."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from benchmarks.people_region import COLUMNS, TRUTH, TUNING, Region
from tests.unit.splink_scores import splink_scores
from wholerecord.people import Demographics, Outcome
from wholerecord.people.bulk import hear
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.gather import Gathered, gather
from wholerecord.people.bulk.match import Matched, match
from wholerecord.people.compare import compare
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
    {
        "given": "Cora",
        "family": "Hill",
        "born": "2024-03-12",
        "birth_order": "1",
        "relative": "Ann Hill",
    },
    {
        "given": "Cora",
        "family": "Hill",
        "born": "2024-03-12",
        "birth_order": "2",
        "relative": "Anne Hill",
    },
    {
        "given": "Baby",
        "family": "Hill",
        "born": "2024-03-12",
        "birth_order": "two",
        "relative": "Ann Dean",
    },
    {
        "given": "Dora",
        "family": "Hill",
        "born": "2024-03-12",
        "birth_order": "1",
        "relative": "Bob Hill",
    },
    {
        "given": "Dora",
        "family": "Hill",
        "born": "2024-03-12",
        "birth_order": "12",
        "relative": "Bob",
    },
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


def hold_against(one: Demographics, other: Demographics, *found: float | bool) -> None:
    bits, veto, _, certain, look = found
    verdict = judge(traits(one), traits(other))
    assert sum(part.weight for part in weigh(one, other)) == pytest.approx(bits, abs=1e-6)
    assert verdict.veto == veto
    assert (verdict.outcome is Outcome.CERTAIN) == (certain and not veto)
    if veto:
        assert (verdict.outcome is Outcome.POSSIBLE) == look


def test_both_engines_weigh_every_pair_alike(bulk: Bulk):
    model = load()
    said = {row["id"]: from_row(row) for row in rows()}
    bulk.pairs(model, least=-1000)

    scored = bulk.connection.table("pairs").fetchall()

    assert len(scored) > 1500
    for one, other, *found in scored:
        hold_against(said[one], said[other], *found)


def test_splink_compares_the_same_pairs_and_weighs_them_alike(bulk: Bulk):
    bulk.pairs(load(), least=-1000)
    found = bulk.connection.table("pairs").fetchall()

    theirs = splink_scores(bulk, load())

    assert {(one, other): bits for one, other, bits, *_ in found} == pytest.approx(theirs, abs=1e-6)


def test_what_cannot_weigh_enough_is_left_out_and_nothing_else(bulk: Bulk):
    bulk.pairs(load(), least=-1000)
    every = bulk.connection.table("pairs").filter("match_weight >= 12").fetchall()

    bulk.pairs(load(), least=12)

    assert sorted(bulk.connection.table("pairs").fetchall()) == sorted(every)


def test_both_engines_weigh_what_no_blocking_would_compare_alike():
    odd = [row for row in rows() if row["id"].startswith("odd")]
    every = Bulk(blocking=(("1",),))
    every.take(odd)
    every.pairs(load(), least=-1000)

    scored = every.connection.table("pairs").fetchall()

    assert len(scored) == len(list(combinations(odd, 2)))
    for one, other, *found in scored:
        hold_against(from_row(of(one)), from_row(of(other)), *found)


def test_two_people_with_verified_numbers_are_never_gathered_by_a_third():
    gathered = gather([1, 2, -1, -1], [(1, 2, 60.0), (0, 2, 50.0)], apart=[])

    assert gathered == Gathered(first=(0, 1, 1, 3), refused=((0, 2, 50.0),))


def test_a_vetoed_pair_is_never_gathered_by_a_third():
    pairs = [(1, 2, 60.0), (0, 2, 50.0), (2, 3, 40.0)]

    gathered = gather([-1] * 4, pairs, apart=[(0, 1)])

    assert gathered == Gathered(first=(0, 1, 1, 1), refused=((0, 2, 50.0),))


def test_the_veto_of_somebody_joined_before_still_holds():
    pairs = [(0, 1, 60.0), (2, 3, 55.0), (1, 2, 50.0)]
    for apart in ([(0, 3)], [(3, 0)]):
        assert gather([-1] * 4, pairs, apart=apart).first == (0, 0, 2, 2)


def test_the_order_of_a_file_does_not_count():
    said = list(rows()[:600])

    one, other = matched(said), matched(said[::-1])

    assert one == other
    assert len(groups(one.persons)) < 600


def test_people_are_found_and_those_who_cannot_be_told_are_for_people_to_look_at():
    said = [row for row in rows() if not row["id"].startswith("odd")]

    found = matched(said)

    truth = {row["id"]: row["person"] for row in said}
    right = {frozenset(one) for one in pairs_of(truth)}
    joined = {frozenset(one) for one in pairs_of(found.persons)}
    assert len(joined & right) > 0.95 * len(right)
    assert len(joined - right) <= 0.001 * len(right)
    assert found.review
    assert all(found.persons[one] != found.persons[other] for one, other, _ in found.review)


def test_a_table_heard_a_little_at_a_time_is_heard_whole(monkeypatch):
    said = list(rows()[:200])
    at_once = matched(said)
    monkeypatch.setattr(hear, "_AT_ONCE", 7)

    assert matched(said) == at_once


def test_names_exchanged_and_misspelt_are_seen_as_exchanged_by_both():
    one = {"id": "1", "family": "Bailey", "given": "Eliza", "born": "1991-01-09"}
    other = {"id": "2", "family": "Eliza", "given": "Bayley", "born": "1991-01-09"}
    levels = compare(traits(from_row(one)), traits(from_row(other)))

    assert (levels.family, levels.given) == ("swapped", "swapped")
    with Bulk(blocking=(("born",),)) as bulk:
        bulk.take([one, other])
        bulk.pairs(load(), least=-1000)
        [(_, _, *found)] = bulk.connection.table("pairs").fetchall()
    hold_against(from_row(one), from_row(other), *found)


def test_what_a_crowd_shares_makes_no_pair():
    one = {"family": "Unknown", "phone": "07000 900123", "email": "ward@example.org"}
    said = [{**one, "id": f"{n}", "given": "Male"} for n in range(101)]
    with Bulk() as crowd, Bulk() as fewer:
        crowd.take(said)
        crowd.pairs(load(), least=-1000)
        fewer.take(said[:100])
        fewer.pairs(load(), least=-1000)

        assert crowd.count("pairs") == 0
        assert fewer.count("pairs") == 100 * 99 / 2


def matched(said: list[dict[str, str]]) -> Matched:
    with Bulk() as prepared:
        prepared.take(said)
        return match(prepared, load())


def groups(persons: dict[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each, person in persons.items():
        found.setdefault(person, set()).add(each)
    return {frozenset(each) for each in found.values()}


def pairs_of(persons: dict[str, str]) -> set[tuple[str, ...]]:
    return {pair for group in groups(persons) for pair in combinations(sorted(group), 2)}


def test_a_saved_model_is_the_model(tmp_path):
    save(load(), tmp_path / "model.json")

    assert isinstance(load(tmp_path / "model.json"), Model)
    assert load(tmp_path / "model.json") == load()

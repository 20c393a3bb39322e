"""People met one after another, in any order, against the same people matched in bulk."""

import random
from functools import cache
from itertools import combinations

import pytest

from benchmarks.people_realtime import Linked
from benchmarks.people_region import COLUMNS, REPORTING, TRUTH, Region
from wholerecord.people import Demographics
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.match import match
from wholerecord.people.judge import judge
from wholerecord.people.model import load
from wholerecord.people.rows import from_row
from wholerecord.people.traits import traits
from wholerecord.record import PatientId

Pair = tuple[PatientId, PatientId]


@cache
def rows() -> tuple[dict[str, str], ...]:
    region = Region(REPORTING).records(1200)
    return tuple(dict(zip((*COLUMNS, *TRUTH), row, strict=True)) for row in region)


@cache
def said() -> dict[PatientId, Demographics]:
    return {PatientId(n): from_row(row) for n, row in enumerate(rows())}


@cache
def met(seed: int) -> Linked:
    """Everybody, met in an order of their own."""
    linked, order = Linked(), sorted(said())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    for patient in order:
        linked.come(patient, said()[patient])
    return linked


def together(linked: Linked) -> set[Pair]:
    """The pairs that are one person."""
    return {pair for each in linked.members.values() for pair in combinations(sorted(each), 2)}


@cache
def in_bulk() -> set[Pair]:
    with Bulk() as bulk:
        bulk.take(list(rows()))
        found = match(bulk, load())
    persons: dict[str, list[PatientId]] = {}
    for n, row in enumerate(rows()):
        persons.setdefault(found.persons[row["id"]], []).append(PatientId(n))
    return {pair for each in persons.values() for pair in combinations(each, 2)}


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_nobody_is_joined_to_whom_a_rule_forbids(seed):
    for one, other in together(met(seed)):
        assert not judge(traits(said()[one]), traits(said()[other])).veto


@pytest.mark.parametrize("seed", range(1, 4))
def test_orders_differ_little_and_only_about_who_is_truly_one(seed):
    """Who fits two persons is joined to one of them, and people are asked about the other."""
    one, other = together(met(0)), together(met(seed))

    assert len(one ^ other) <= 0.05 * len(one)
    assert all(rows()[a]["person"] == rows()[b]["person"] for a, b in one ^ other)


@pytest.mark.parametrize("seed", range(4))
def test_whom_real_time_joins_in_any_order_bulk_joins(seed):
    """But where bulk found the two to be with others who cannot be one, and asks."""
    joined = together(met(seed))

    assert len(joined - in_bulk()) <= 0.01 * len(joined)
    assert len(in_bulk()) >= len(joined)

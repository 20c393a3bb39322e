"""People met one after another, in any order, against the same people matched in bulk."""

import random
from functools import cache
from itertools import combinations

import pytest

from benchmarks.people_realtime import Linked
from benchmarks.people_region import COLUMNS, REPORTING, TRUTH, Region
from wholerecord.people import Demographics, Outcome
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.keyed import BEDSIDE, BLOCKING
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
def in_bulk(use: str) -> set[Pair]:
    with Bulk(blocking=BEDSIDE if use == "bedside" else BLOCKING) as bulk:
        bulk.take(list(rows()))
        found = match(bulk, load(), use=use)
    persons: dict[str, list[PatientId]] = {}
    for n, row in enumerate(rows()):
        persons.setdefault(found.persons[row["id"]], []).append(PatientId(n))
    return {pair for each in persons.values() for pair in combinations(each, 2)}


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_nobody_is_joined_to_whom_a_rule_forbids(seed):
    for one, other in together(met(seed)):
        assert not judge(traits(said()[one]), traits(said()[other])).veto


@cache
def islands() -> dict[PatientId, int]:
    """Which patients certain pairs connect, by numbers."""
    everybody = met(0)
    found: dict[PatientId, int] = {}
    for patient in said():
        reached = [patient]
        while reached:
            if (one := reached.pop()) in found:
                continue
            found[one] = patient
            near = everybody.sharing(said()[one]) - found.keys()
            reached += [other for other in near if certain(one, other)]
    return found


def certain(one: PatientId, other: PatientId) -> bool:
    return judge(traits(said()[one]), traits(said()[other])).outcome is Outcome.CERTAIN


@cache
def on_one() -> set[Pair]:
    """The pairs on one island."""
    by: dict[int, list[PatientId]] = {}
    for patient, island in islands().items():
        by.setdefault(island, []).append(patient)
    return {pair for each in by.values() for pair in combinations(sorted(each), 2)}


@cache
def troubled() -> set[int]:
    """The islands on which a rule forbids a pair."""
    vetoed = (
        one for one, other in on_one() if judge(traits(said()[one]), traits(said()[other])).veto
    )
    return {islands()[one] for one in vetoed}


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_whom_certain_pairs_connect_are_one_person(seed):
    """But on an island where a rule forbids a pair, which is for people: there are few."""
    joined = {(a, b) for a, b in together(met(seed)) if islands()[a] not in troubled()}
    connected = {(a, b) for a, b in on_one() if islands()[a] not in troubled()}

    assert joined == connected
    assert len(connected) > 0.97 * len(on_one())


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_nobody_is_joined_whom_no_certain_pairs_connect(seed):
    assert together(met(seed)) <= on_one()


@pytest.mark.parametrize("seed", range(4))
def test_where_a_rule_forbids_a_pair_people_are_asked_in_any_order(seed):
    """Of every island that is left in parts somebody is asked about two of its parts."""
    register = met(seed)
    asked = {frozenset((register.person[who], person)) for who, person in register.open()}
    for island in troubled():
        parts = {register.person[who] for who, of in islands().items() if of == island}
        linked = {frozenset(pair) for pair in combinations(parts, 2)}
        assert linked & asked or len(parts) == 1


@pytest.mark.parametrize("seed", range(1, 4))
def test_orders_differ_hardly_and_only_about_who_is_truly_one(seed):
    one, other = together(met(0)), together(met(seed))

    assert len(one ^ other) <= 0.015 * len(one)
    assert all(rows()[a]["person"] == rows()[b]["person"] for a, b in one ^ other)


@pytest.mark.parametrize("seed", range(4))
def test_whom_real_time_joins_in_any_order_bulk_joins(seed):
    """But where bulk found the two to be with others who cannot be one, and asks."""
    joined = together(met(seed))

    assert len(joined - in_bulk("bulk")) <= 0.01 * len(joined)
    assert len(in_bulk("bulk")) >= len(joined)


@pytest.mark.parametrize("seed", range(4))
def test_met_in_any_order_they_are_whom_the_same_rules_make_of_the_whole_table(seed):
    """But on an island where a rule forbids a pair: there bulk takes the strongest first."""
    differ = together(met(seed)) ^ in_bulk("bedside")

    assert {islands()[patient] for pair in differ for patient in pair} <= troubled()
    assert len(differ) <= 0.015 * len(on_one())

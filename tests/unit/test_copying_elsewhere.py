"""Records folded and made rows of in another process: what goes there and comes back."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from benchmarks.fold import person
from tests.unit.test_policy_in_force import world
from wholerecord.access import Refused, counting
from wholerecord.access.copying import Copying, FoldingEnded, Material, copied, make_of
from wholerecord.consent import Purpose
from wholerecord.fold.policy import POLICY, folded_by
from wholerecord.research.moving import read_rows, write_rows
from wholerecord.research.refresh import COPIER
from wholerecord.research.rows import NO_AREAS, rows_of

SAID = person(20)
NOTHING: frozenset[str] = frozenset()
ROWS = partial(write_rows, NO_AREAS)


def materials(*numbers: int) -> list[Material]:
    return [Material(number=n, statements=SAID, rulings=(), withheld=NOTHING) for n in numbers]


def test_what_is_made_there_is_what_is_made_here():
    made = partial(make_of, materials(1, 2), POLICY, folded_by(POLICY), ROWS)
    there = read_rows(pickle.loads(pickle.dumps(made))())  # noqa: S301 - our own
    record = copied(SAID, (), NOTHING, POLICY)
    for name, table in there.items():
        wanted = [row for n in (1, 2) for row in rows_of(n, record)[name]]
        assert [tuple(row.values()) for row in table.to_pylist()] == wanted
    assert {"person", "observation"} <= there.keys()
    assert read_rows(None) == {}


def test_a_process_that_folds_otherwise_makes_nothing():
    with pytest.raises(FoldingEnded, match="another terminology"):
        make_of(materials(1), POLICY, "another fold", len)


async def test_people_who_are_copied_elsewhere_are_those_who_are_copied_here(
    monkeypatch: pytest.MonkeyPatch,
):
    way, _ = await world()
    door = way.door(COPIER)

    async def rows(pool: ThreadPoolExecutor | None) -> list[object]:
        numbers: dict[str, int] = {}
        copying = Copying(
            number=lambda whose: numbers.setdefault(whose, len(numbers)), make=ROWS, pool=pool
        )
        found = await door.copied(Purpose.RESEARCH, "views", {"gone": "x"}, copying)
        assert not isinstance(found, Refused)
        return [(some.states, some.made) async for some in found]

    here = await rows(None)
    assert here[0] == ((("gone", ""),), None)
    assert len(here) > 1
    monkeypatch.setattr(counting, "_WORTH", 1)
    monkeypatch.setattr(counting, "_BATCH", 1)
    with ThreadPoolExecutor(2) as pool:
        there = await rows(pool)
    assert [whose for states, _ in there for whose in states] == [
        whose for states, _ in here for whose in states
    ]

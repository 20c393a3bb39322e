"""Open counts: the noise, what it costs, who may publish, and what anybody reads."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp
from pathlib import Path

import pytest

from tests.unit.test_board_pages import counted, get
from wholerecord.access import Doorway
from wholerecord.app import RegisteredCounts
from wholerecord.consent import Purpose
from wholerecord.research.openly.budget import Spent
from wholerecord.research.openly.noise import noised, off
from wholerecord.research.openly.publish import (
    BadEpsilon,
    MayNotPublish,
    Publishing,
    publish,
)
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id, make_key, read_key
from wholerecord.research.study.submit import Place

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WANTED = Publishing(project="open", actor="ann", epsilon=1_000_000)


async def ready(folder: Path) -> Place:
    """A place with a hundred people, and a planning project of Ann's."""
    way, snapshots = await counted(folder / "s")
    place = Place(way=way, book=way.store, snapshots=snapshots, keys=folder)  # type: ignore[arg-type] - it is one
    make_key(place.key_file("open"))
    await place.book.add_project(
        Project(
            id="open",
            title="Open counts",
            legal_basis="section 251",
            controller="RXA",
            purposes=frozenset({Purpose.PLANNING}),
            ends=date(2026, 12, 31),
            people=frozenset({"ann"}),
            key=key_id(read_key(place.key_file("open"))),
        )
    )
    return place


def test_one_person_more_changes_how_likely_an_answer_is_by_no_more_than_it_cost():
    epsilon, times = 1_000_000, 20_000
    without = Counter(noised([10] * times, epsilon=epsilon))
    with_one = Counter(noised([11] * times, epsilon=epsilon))
    for answer in range(9, 13):
        ratio = with_one[answer] / without[answer]
        assert exp(-1) * 0.8 < ratio < exp(1) * 1.25, answer


def test_a_number_is_as_often_within_its_bounds_as_it_says():
    for epsilon in (1_000_000, 100_000):
        drawn = noised([1000] * 5_000, epsilon=epsilon)
        within = sum(abs(each - 1000) <= off(epsilon) for each in drawn)
        assert within / 5_000 > 0.93
    assert min(noised([0] * 1000, epsilon=100_000)) == 0


async def test_anybody_reads_what_was_published_and_it_stands_on_the_register(tmp_path: Path):
    place = await ready(tmp_path)
    at = (place.way, place.snapshots)
    assert "Nothing has been published yet" in await get(at, "/counts/open", "")
    n, made = await publish(place, place.way.store, WANTED, now=NOW)  # type: ignore[arg-type] - it is one
    assert n == 1
    assert len({len(table.cells) for table in made.tables}) == 1
    page = await get(at, "/counts/open", "")
    assert "People with Diabetes" in page
    assert "off by 27 at most" in page
    [line] = await RegisteredCounts(place.way.store).register()  # type: ignore[arg-type] - it is one
    assert line.answered == "9 tables with noise; epsilon 1."
    assert line.purpose == "planning"


async def test_nothing_is_counted_when_the_budget_is_spent(tmp_path: Path):
    place = await ready(tmp_path)
    store = place.way.store
    await publish(place, store, replace(WANTED, epsilon=600_000), now=NOW)  # type: ignore[arg-type] - it is one
    with pytest.raises(Spent):
        await publish(place, store, replace(WANTED, epsilon=600_000), now=NOW)  # type: ignore[arg-type] - it is one
    assert len(await store.queries()) == 1  # type: ignore[attr-defined] - it has
    await publish(place, store, replace(WANTED, epsilon=400_000), now=NOW)  # type: ignore[arg-type] - it is one


@pytest.mark.parametrize(
    ("wanted", "now", "told"),
    [
        (replace(WANTED, actor="bob"), NOW, "is not named"),
        (replace(WANTED, project="no"), NOW, "no project of that id"),
        (WANTED, NOW + timedelta(days=90), "ended on"),
    ],
)
async def test_who_may_not_publish_spends_nothing(tmp_path: Path, wanted, now, told):
    place = await ready(tmp_path)
    with pytest.raises(MayNotPublish, match=told):
        await publish(place, place.way.store, wanted, now=now)  # type: ignore[arg-type] - it is one
    assert not await place.way.store.spendings()  # type: ignore[attr-defined] - it has


async def test_a_missing_key_or_too_little_epsilon_publishes_nothing(tmp_path: Path):
    place = await ready(tmp_path)
    with pytest.raises(BadEpsilon):
        await publish(place, place.way.store, replace(WANTED, epsilon=9), now=NOW)  # type: ignore[arg-type] - it is one
    place.key_file("open").unlink()
    with pytest.raises(MayNotPublish, match="key of project open is missing"):
        await publish(place, place.way.store, WANTED, now=NOW)  # type: ignore[arg-type] - it is one


async def test_publishing_is_an_opening(tmp_path: Path):
    place = await ready(tmp_path)
    await publish(place, place.way.store, WANTED, now=NOW)  # type: ignore[arg-type] - it is one
    way: Doorway = place.way
    [look] = await way.store.openings()
    assert (look.actor, look.part, look.allowed) == ("ann", "open counts of s1", True)

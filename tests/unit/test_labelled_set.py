"""The labelled set: what is true of it is known, and how joining is scored."""

import pytest

from benchmarks.labelled.__main__ import measured
from benchmarks.labelled.current import line
from benchmarks.labelled.joining import WAYS
from benchmarks.labelled.rates import SOURCES
from benchmarks.labelled.region import TUNING, region
from benchmarks.labelled.scores import Score, add
from benchmarks.labelled.telling import END, Telling
from wholerecord.fold.current import lapsed


@pytest.fixture(scope="module")
def people() -> list[Telling]:
    return region(TUNING, 80)


def test_a_seed_always_tells_the_same_history(people):
    again = region(TUNING, 3)
    assert [one.statements for one in again] == [one.statements for one in people[:3]]
    assert [one.truth for one in again] == [one.truth for one in people[:3]]


def test_the_fold_joins_better_than_every_baseline_but_of_visits(people):
    fold, *baselines = [measured(people, way) for way in WAYS]
    for kind, score in fold.items():
        if kind == "cancer recurrence":  # of the four among so few people, two are coded plainly
            continue
        assert score.b_cubed[2] > 0.94, kind
        assert score.apart > 0.95, kind
        if kind == "encounter":  # one hospital and no code twice a day: a day is enough there
            continue
        assert all(score.b_cubed[2] >= other[kind].b_cubed[2] for other in baselines), kind


def test_what_is_joined_wrongly_costs_precision_and_what_is_left_apart_costs_recall(people):
    telling = people[0]
    truth = [thing.n for thing in telling.truth]
    perfect: dict[str, Score] = {label: Score() for label in {t.label for t in telling.things}}
    add(perfect, telling, truth)
    assert {score.pairs for score in perfect.values()} == {(1.0, 1.0, 1.0)}
    for joined, place in (([0] * len(truth), 0), (list(range(len(truth))), 1)):
        scores: dict[str, Score] = {label: Score() for label in perfect}
        add(scores, telling, joined)
        assert min(score.pairs[place] for score in scores.values()) < 0.5
        assert {score.pairs[1 - place] for score in scores.values()} == {1.0}


def test_what_is_still_taken_is_never_marked_and_what_ended_long_ago_mostly_is():
    each = [(lapsed(entry, END), over) for entry, over in (line(TUNING, n) for n in range(120))]
    assert not any(marked for marked, over in each if not over)
    assert any(marked for marked, over in each if over > 365)


def test_every_rate_names_its_source_or_says_that_it_is_assumed():
    assert all(len(source) > 9 for source in SOURCES.values())

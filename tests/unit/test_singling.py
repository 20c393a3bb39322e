"""Whom two known things single out, rare codes as wider ones, and days told less exactly."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.research.singling.grain import LOST, Grain, finest
from wholerecord.research.singling.pairs import singled_out
from wholerecord.research.singling.rare import rolled_up
from wholerecord.research.singling.wider import wider
from wholerecord.research.tables import CONCEPT
from wholerecord.terms import CONCEPTS

ICD10, READ2 = "http://hl7.org/fhir/sid/icd-10", "http://read.info/readv2"
OPCS4 = "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"


def numbers(*said: int) -> np.ndarray:
    return np.array(said, dtype=np.int64)


def shares(rows: list[tuple[int, int]]) -> tuple[float, float]:
    """Slowly: the least and most that the share can be, whichever pairs are drawn."""
    have: dict[int, set[int]] = {}
    for who, what in rows:
        have.setdefault(who, set()).add(what)
    least = most = 0
    two = [who for who, what in have.items() if len(what) > 1]
    for who in two:
        alone = [
            not any(set(pair) <= what for other, what in have.items() if other != who)
            for pair in combinations(have[who], 2)
        ]
        least, most = least + all(alone), most + any(alone)
    return (least / len(two), most / len(two)) if two else (0.0, 0.0)


@pytest.mark.parametrize(
    ("rows", "share", "with_two"),
    [
        ([], 0.0, 0),
        ([(1, 1), (2, 1)], 0.0, 0),
        ([(1, 1), (1, 2)], 1.0, 1),
        ([(1, 1), (1, 2), (2, 1), (2, 2)], 0.0, 2),
        # Each of the two is common, and both together only one person's.
        ([(1, 1), (1, 2), (2, 1), (3, 2), (2, 3), (3, 3)], 1.0, 3),
        # Said twice is had once.
        ([(1, 1), (1, 1), (2, 1), (2, 1)], 0.0, 0),
    ],
)
def test_who_alone_has_both_of_two_things_is_singled_out(rows, share, with_two):
    found = singled_out(numbers(*(who for who, _ in rows)), numbers(*(what for _, what in rows)))
    assert (found.share, found.with_two) == (share, with_two)


ROWS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5)), max_size=40)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.randoms(use_true_random=False))
def test_pairs_are_what_the_slow_reference_says_in_any_order(rows, draw):
    least, most = shares(rows)
    found = singled_out(numbers(*(who for who, _ in rows)), numbers(*(what for _, what in rows)))
    assert least - 1e-9 <= found.share <= most + 1e-9
    draw.shuffle(rows)
    again = singled_out(numbers(*(who for who, _ in rows)), numbers(*(what for _, what in rows)))
    assert again == found


def test_a_draw_of_many_says_how_sure_it_is():
    people = np.repeat(np.arange(400), 2)
    things = np.where(np.arange(800) % 2, people % 20, 100 + people // 20)
    found = singled_out(people, things)  # every pair is one person's
    assert (found.share, found.most) == (1.0, 1.0)
    half = singled_out(people, np.where(people < 200, things, 7 + np.arange(800) % 2))
    assert half.share == 0.5
    assert 0.5 < half.most < 0.56


@pytest.mark.parametrize(
    ("system", "code", "above"),
    [
        (ICD10, "I63.9", (ICD10, "I63")),
        (ICD10, "I639", (ICD10, "I63")),
        (ICD10, "I63", (ICD10, "I00-I99")),
        (ICD10, "T98", (ICD10, "S00-T98")),
        (ICD10, "I00-I99", None),
        (ICD10, "D49", None),  # no chapter of ICD-10 has it
        (READ2, "G64z1", (READ2, "G64z.")),
        (READ2, "G6...", (READ2, "G....")),
        (OPCS4, "W37.1", (OPCS4, "W37")),
        (OPCS4, "W37", (OPCS4, "W")),
        ("urn:x", "1", None),
        ("http://snomed.info/sct", "422504002", (CONCEPT, "ischaemic-stroke")),
        (CONCEPT, "ischaemic-stroke", (CONCEPT, "stroke")),
        (CONCEPT, "no such concept", None),
    ],
)
def test_the_next_wider_code_is_that_of_the_codes_own_hierarchy(system, code, above):
    assert wider(system, code) == above


def test_every_way_up_ends():
    begun = [(CONCEPT, each) for each in CONCEPTS]
    begun += [(ICD10, "A00.0"), (READ2, "G64z1"), (OPCS4, "W37.1")]
    for code in begun:
        seen = set()
        at = code
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = wider(*at)


CODES = ("E11.0", "E11.1", "E11", "E10.1", "E10", "I63.9", "I64", "no code of any system")


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(CODES), st.frozensets(st.integers(0, 9), min_size=1)),
       st.integers(1, 6))  # fmt: skip
def test_whatever_is_told_has_enough_people_and_what_has_enough_is_told_as_it_is(have, rare):
    given_ = [((ICD10, code), who) for code, who in have.items()]
    told = rolled_up(given_, rare=rare)
    assert told == rolled_up(reversed(given_), rare=rare)
    after: dict[tuple[str, str], set[int]] = {}
    for code, who in given_:
        up = told.codes.get(code, code)
        if len(who) >= rare:
            assert up == code
        if up is not None:
            after.setdefault(up, set()).update(who)
    assert all(len(who) >= rare for who in after.values())


def days_of(*said: str) -> np.ndarray:
    return np.array(said, dtype="datetime64[D]")


def test_periods_are_those_of_the_calendar():
    days = days_of(
        "1999-12-31", "2000-01-01", "2000-01-31", "2000-03-31", "2000-04-01", "2005-01-01"
    )
    kinds = {
        grain: [int(one != other) for one, other in pairwise(grain.periods(days).tolist())]
        for grain in Grain
    }
    assert kinds[Grain.DAY] == [1, 1, 1, 1, 1]
    assert kinds[Grain.MONTH] == [1, 0, 1, 1, 1]
    assert kinds[Grain.QUARTER] == [1, 0, 0, 1, 1]
    assert kinds[Grain.YEAR] == [1, 0, 0, 0, 1]
    assert kinds[Grain.FIVE_YEARS] == [1, 0, 0, 0, 1]
    assert kinds[Grain.EVER] == [0, 0, 0, 0, 0]


def test_days_that_single_out_nobody_are_told_as_they_were():
    people = np.repeat(np.arange(50), 2)
    told = finest(people, numbers(*[1, 2] * 50), days_of(*["2024-01-01", "2024-02-02"] * 50))
    assert told
    assert (told.grain, told.least, told.lost) == (Grain.DAY, 1, 0.0)
    assert "Nothing was made wider" in told.says()


def test_no_more_than_a_quarter_of_the_rows_is_left_out_for_pairs():
    draw = np.random.default_rng(5)
    people = np.repeat(np.arange(3_000), 4)
    codes = draw.integers(0, 12, len(people))
    days = np.datetime64("2015-01-01") + draw.integers(0, 3650, len(people)).astype(
        "timedelta64[D]"
    )
    told = finest(people, codes, days)
    assert told
    assert told.left.most <= 0.05 < told.asked.share
    assert told.lost <= LOST
    assert finest(people, codes, days, before=len(people)) is None


def test_nothing_at_all_is_told_exactly():
    told = finest(numbers(), numbers(), days_of())
    assert told
    assert told.grain is Grain.DAY

"""Models and pictures of released tables: what they are made of, and when there is none."""

import random
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from math import exp, log

import pytest

from wholerecord.cli.study_after import released_table
from wholerecord.cli.study_sending import NotReleased
from wholerecord.consent import Purpose
from wholerecord.errors import NotFound
from wholerecord.research.study.book import Case, Ran, Told
from wholerecord.research.study.factors import CellOf, TableOf
from wholerecord.research.study.models import NoModel, model_of
from wholerecord.research.study.plot import plot_of
from wholerecord.research.study.protect import Shown, protect, shown
from wholerecord.research.study.release import State

NAMES = ("ill", "age", "sex")
#: Log odds: intercept, the two older bands, and men.
TRUE = (-2.0, 0.7, 1.4, 0.4)
AGES, SEXES = ("18 to 39", "40 to 64", "65 and over"), ("female", "male")


def exact(people: int) -> dict[tuple[str, ...], int]:
    """How many people there are of each kind, drawn by what is true of them."""
    drawn = random.Random(4)  # noqa: S311 - a test
    found = {(ill, age, sex): 0 for ill in ("no", "yes") for age in AGES for sex in SEXES}
    for _ in range(people):
        age, sex = drawn.randrange(3), drawn.randrange(2)
        odds = TRUE[0] + (0.0, TRUE[1], TRUE[2])[age] + TRUE[3] * sex
        ill = drawn.random() < 1 / (1 + exp(-odds))
        found["yes" if ill else "no", AGES[age], SEXES[sex]] += 1
    return found


def table(numbers: dict[tuple[str, ...], int], names: tuple[str, ...] = NAMES) -> Shown:
    rows = tuple((key, shown(number)) for key, number in sorted(numbers.items()))
    total = sum(number for _, number in rows if number is not None)
    return Shown(name="ill", names=names, rows=rows, total=total, left_out=True)


def test_a_model_finds_what_is_true_of_people_from_rounded_numbers_alone():
    found = model_of(table(exact(6_000)), "ill", "yes")
    terms = {(term.name, term.value): term for term in found.terms}
    assert [*terms] == [
        ("intercept", ""), ("age", AGES[1]), ("age", AGES[2]), ("sex", "male")
    ]  # fmt: skip
    for term, true in zip(found.terms, TRUE, strict=True):
        assert abs(term.log_odds - true) < 4 * term.error
        assert abs(term.log_odds - true) < 0.3
    assert found.freedom == 2
    ratio, low, high = terms["sex", "male"].ratio
    assert low < ratio < high


def test_rounding_moves_a_coefficient_by_less_than_its_own_error():
    numbers = exact(6_000)
    rounded = model_of(table(numbers), "ill", "yes")
    plain = Shown(name="ill", names=NAMES, rows=tuple(sorted(numbers.items())), total=0,
                  left_out=False)  # fmt: skip
    for one, other in zip(rounded.terms, model_of(plain, "ill", "yes").terms, strict=True):
        assert abs(one.log_odds - other.log_odds) < one.error / 2


def test_one_thing_alone_gives_its_odds_ratio_and_is_refused_as_the_table_itself():
    numbers = {("yes", "a"): 50, ("no", "a"): 100, ("yes", "b"): 100, ("no", "b"): 50}
    with pytest.raises(NoModel, match="read the table"):
        model_of(table(numbers, ("ill", "x")), "ill", "yes")


def test_a_cross_of_two_things_gives_the_odds_ratio_of_each():
    numbers = {
        (ill, x, y): round(400 * (share if ill == "yes" else 1 - share))
        for x, y, share in (("a", "c", 0.2), ("a", "d", 0.5), ("b", "c", 0.2), ("b", "d", 0.5))
        for ill in ("yes", "no")
    }
    found = model_of(table(numbers), "ill", "yes")
    assert [round(term.log_odds, 2) for term in found.terms] == [
        round(log(0.2 / 0.8), 2), 0.0, round(log(4), 2)
    ]  # fmt: skip
    assert abs(found.deviance) < 1e-6


FEW = {key: number // 60 for key, number in exact(6_000).items()}
ALIKE = {
    (ill, x, x): 200 if ill == "yes" else 300 for ill in ("yes", "no") for x in ("a", "b", "c")
}


@pytest.mark.parametrize(
    ("numbers", "outcome", "value", "told"),
    [
        (exact(600), "nothing", "yes", "is by ill, age, sex"),
        (exact(600), "ill", "perhaps", "never 'perhaps'"),
        (FEW, "ill", "yes", "10 people for each of 4"),
        (ALIKE, "ill", "yes", "coefficient for each group"),
    ],
)
def test_what_no_model_can_be_made_of_is_said_and_why(numbers, outcome, value, told):
    with pytest.raises(NoModel, match=told):
        model_of(table(numbers), outcome, value)


def test_a_group_in_which_everybody_has_the_outcome_has_no_coefficient():
    numbers = dict(exact(6_000))
    del numbers["no", AGES[2], "male"], numbers["no", AGES[2], "female"]
    with pytest.raises(NoModel, match="everybody or nobody"):
        model_of(table(numbers), "ill", "yes")


def protected(flip: int) -> Shown:
    """A table as it is released, in which one person more or less has the condition."""
    keys = sorted(exact(1))
    cells, place = list[CellOf](), 0
    for n, key in enumerate(keys):
        size = 40 + 10 * n + (flip if n == 0 else 0)
        people = ((1 << size) - 1) << place
        place += 200
        cells.append(CellOf(key=key, factors=frozenset({people}), people=people))
    values = tuple(tuple(sorted({key[n] for key in keys})) for n in range(3))
    return protect(TableOf(name="ill", names=NAMES, values=values, cells=tuple(cells)))


def test_a_model_tells_of_nobody_more_than_its_table():
    """One person more changes no rounded number here: so no coefficient, not in its last digit."""
    assert protected(0).rows == protected(1).rows
    assert model_of(protected(0), "ill", "yes") == model_of(protected(1), "ill", "yes")


def test_a_picture_has_a_bar_for_each_number_that_is_shown_and_none_for_the_others():
    rows = ((("<b>", "1"), 100), (("few", "2"), None), (("more", "3"), 50))
    said = plot_of(Shown(name="a & b", names=("x", "y"), rows=rows, total=150, left_out=True))
    root = ET.fromstring(said)  # noqa: S314 - our own
    bars = root.findall("{http://www.w3.org/2000/svg}rect")
    assert [float(bar.attrib["width"]) for bar in bars] == [380.0, 190.0]
    words = [text.text for text in root.findall("{http://www.w3.org/2000/svg}text")]
    assert "7 or fewer" in words
    assert "<b>, 1" in words
    assert words[0] == "a & b: people by x, y"


def case(state: State, *, released: bool) -> Case:
    day = datetime(2026, 11, 22, tzinfo=UTC)
    ran = Ran(state=state, snapshot="s", told=Told(tables=(table(exact(600)),)))
    return Case(n=1, at=day, project="p", actor="ann", purpose=Purpose.RESEARCH, code="c",
                ran=ran, released=day if released else None, checks=())  # fmt: skip


def test_nothing_is_made_of_a_table_that_waits():
    assert released_table(case(State.RELEASED, released=True), "ill").name == "ill"
    with pytest.raises(NotReleased):
        released_table(case(State.WAITING, released=False), "ill")
    with pytest.raises(NotFound, match="released 'ill'"):
        released_table(case(State.RELEASED, released=True), "well")

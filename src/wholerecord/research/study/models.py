"""Models of what was released: odds by several things at once, from a table's own numbers.

A model is made of the rounded numbers of a released table and of nothing else: so it tells nothing
that the table did not, however many models are made. A number that is not shown counts as half of
what it may be. A model that has as many coefficients as the table has groups is the table again,
and is refused; so is one with too few people behind a coefficient.

Source: McCullagh and Nelder, Generalized Linear Models (1989), chapter 4: logistic regression of
grouped counts; UK Data Service, Handbook on Statistical Disclosure Control for Outputs (2019),
section on regression: no saturated models, and ten residual degrees of freedom of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

import numpy as np

from wholerecord.errors import Incorrect
from wholerecord.research.disclose import SMALL
from wholerecord.research.study.protect import Shown

#: People there must be for each coefficient, on either side of the outcome.
PER_COEFFICIENT = 10
#: What a number that is not shown counts as.
_HIDDEN = SMALL / 2
_STEPS, _STILL = 50, 1e-9
_ALGEBRA: Any = np.linalg
#: Beyond it a coefficient is no estimate but a group that is all of one kind.
_FAR = 12.0
_NORMAL = 1.96


class NoModel(Incorrect):
    """No model can be made of this table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A value of a thing, against its first: log odds, their standard error, and the odds' ratio.

    `low` and `high` are the ratio's bounds (95 %). The intercept has no value and no ratio.
    """

    name: str
    value: str
    log_odds: float
    error: float

    @property
    def ratio(self) -> tuple[float, float, float]:
        """The odds' ratio, and its bounds (95 %)."""
        around = _NORMAL * self.error
        return exp(self.log_odds), exp(self.log_odds - around), exp(self.log_odds + around)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A logistic model. `people` as the table shows them; `hidden` numbers count as half.

    `freedom` is how many more groups than coefficients there are.
    """

    table: str
    outcome: str
    terms: tuple[Term, ...]
    people: int
    hidden: int
    freedom: int
    deviance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """Who is alike in all but the outcome: what they are alike in, and how many of how many."""

    values: tuple[tuple[str, ...], ...]
    yes: Any
    all: Any
    hidden: int


def model_of(table: Shown, outcome: str, value: str) -> Model:
    """The odds of `outcome` being `value`, by everything else that a released table is by.

    Raises:
        NoModel: the table does not have it, has too few people, or the model would be saturated.
    """
    if outcome not in table.names:
        raise NoModel(f"{table.name!r} is by {', '.join(table.names) or 'nothing'}.")
    place = table.names.index(outcome)
    others = tuple(name for n, name in enumerate(table.names) if n != place)
    groups = _groups(table, place, value)
    levels = tuple(
        tuple(sorted({values[n] for values in groups.values})) for n in range(len(others))
    )
    matrix, terms = _design(groups, others, levels)
    freedom = len(groups.values) - matrix.shape[1]
    if freedom < 1:
        raise NoModel("It would have a coefficient for each group: read the table instead.")
    fewest = min(float(groups.yes.sum()), float((groups.all - groups.yes).sum()))
    if fewest < PER_COEFFICIENT * matrix.shape[1]:
        raise NoModel(
            f"It needs {PER_COEFFICIENT} people for each of {matrix.shape[1]} coefficients, with"
            " the outcome and without."
        )
    found, errors, deviance = _fitted(matrix, groups)
    return Model(
        table=table.name,
        outcome=f"{outcome} is {value}",
        terms=tuple(
            Term(name=name, value=level, log_odds=float(each), error=float(error))
            for (name, level), each, error in zip(terms, found, errors, strict=True)
        ),
        people=sum(number for _, number in table.rows if number is not None),
        hidden=groups.hidden,
        freedom=freedom,
        deviance=deviance,
    )


def _groups(table: Shown, place: int, value: str) -> _Groups:
    counts: dict[tuple[str, ...], list[float]] = {}
    hidden = 0
    for key, number in table.rows:
        group = counts.setdefault(key[:place] + key[place + 1 :], [0.0, 0.0])
        hidden += number is None
        people = _HIDDEN if number is None else float(number)
        group[0] += people if key[place] == value else 0.0
        group[1] += people
    if not any(key[place] == value for key, _ in table.rows):
        raise NoModel(f"{table.names[place]!r} is never {value!r} in what was released.")
    values = tuple(sorted(counts))
    return _Groups(
        values=values,
        yes=np.array([counts[each][0] for each in values]),
        all=np.array([counts[each][1] for each in values]),
        hidden=hidden,
    )


def _design(
    groups: _Groups, others: tuple[str, ...], levels: tuple[tuple[str, ...], ...]
) -> tuple[Any, list[tuple[str, str]]]:
    """A line for each group: 1, and whether each thing has each value but its first."""
    terms = [("intercept", "")]
    terms += [
        (name, level) for name, said in zip(others, levels, strict=True) for level in said[1:]
    ]
    place: Mapping[str, int] = {name: n for n, name in enumerate(others)}
    lines = [
        [1.0, *(float(values[place[name]] == level) for name, level in terms[1:])]
        for values in groups.values
    ]
    return np.array(lines), terms


def _fitted(matrix: Any, groups: _Groups) -> tuple[Any, Any, float]:
    """Coefficients, their standard errors, and the deviance, by weighted least squares."""
    found: Any = np.zeros(matrix.shape[1])
    odds, information = _at(matrix, groups, found)
    for _ in range(_STEPS):
        if _ALGEBRA.matrix_rank(information) < matrix.shape[1]:
            raise NoModel("Two of the things that the table is by say the same: leave one out.")
        step: Any = _ALGEBRA.solve(information, matrix.T @ (groups.yes - groups.all * odds))
        found = found + step
        odds, information = _at(matrix, groups, found)
        if float(np.abs(step).max()) < _STILL:
            break
    if float(np.abs(found).max()) > _FAR:
        raise NoModel("In some group everybody or nobody has the outcome: make its bands wider.")
    errors = [sqrt(each) for each in _ALGEBRA.inv(information).diagonal().tolist()]
    return found, np.array(errors), _deviance(groups, odds)


def _at(matrix: Any, groups: _Groups, found: Any) -> tuple[Any, Any]:
    """The share of each group with the outcome by these coefficients, and what is known of them."""
    odds: Any = 1 / (1 + np.exp(-np.clip(matrix @ found, -_FAR, _FAR)))
    weights = groups.all * odds * (1 - odds)
    return odds, matrix.T @ (weights[:, None] * matrix)


def _deviance(groups: _Groups, odds: Any) -> float:
    no = groups.all - groups.yes
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(groups.yes > 0, groups.yes * np.log(groups.yes / (groups.all * odds)), 0.0)
        rest = np.where(no > 0, no * np.log(no / (groups.all * (1 - odds))), 0.0)
    return float(2 * (yes + rest).sum())

"""Which boards there are: a fixed list, so that nobody can choose two that single somebody out.

Each is a share of some people: `among` whom it is asked, and `of` whom it holds, in the nodes of
the study language. Numbers and windows are a demonstration's until a clinical safety officer signs.
Source: Barnett and others, Lancet 2012 (two or more long-term conditions); those of gaps and of
waiting stand beside them.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from wholerecord.research.board.asked import (
    YEAR,
    Measure,
    Measured,
    any_of,
    at_least,
    by_day,
    coded,
    everybody,
    has,
    since,
)
from wholerecord.research.board.gaps import GAPS
from wholerecord.research.board.waiting import WAITING
from wholerecord.research.study.nodes import (
    Age,
    Among,
    Band,
    Cell,
    Compare,
    Count,
    Exists,
    Expression,
    Not,
    Of,
    Rows,
    Value,
)
from wholerecord.terms import CONCEPTS

_AGES, _QUINTILES = (0, 18, 40, 65, 80), (1, 3, 5, 7, 9)
#: The long-term conditions that are counted together, as far as our own concepts have them.
_LASTING = (
    *("hypertension", "diabetes", "asthma", "copd", "ckd", "heart-failure", "atrial-fibrillation"),
    *("stroke", "depression", "dementia", "epilepsy", "osteoarthritis", "hypothyroidism"),
)
_PREVALENT = ("diabetes", "hypertension", "copd", "asthma", "ckd", "heart-failure", "dementia",
              "depression")  # fmt: skip
_INCIDENT = ("diabetes", "stroke", "atrial-fibrillation", "dementia")


def dimensions(on: date) -> tuple[tuple[str, Expression], ...]:
    """What every board is broken down by; the last says whom nothing was told of in a year."""
    tables = ("encounter", "observation", "medication")
    told = [Exists(since(Rows(table), on)) for table in tables]
    return (
        ("Age", Band(Age(Value(on)), _AGES)),
        ("Sex", Of("sex")),
        ("Deprivation, deciles (1 is the most deprived)", Band(Of("deprivation"), _QUINTILES)),
        ("Area", Of("area")),
        ("Anything told in the last year", any_of(told)),
    )


def _prevalence(condition: str) -> Measure:
    title = CONCEPTS[condition].title

    def asked(on: date) -> Measured:
        return Measured(among=everybody(), of=has(condition, on))

    return Measure(
        id=f"prevalence-{condition}",
        group="Prevalence",
        title=f"People with {title}",
        among="everybody alive",
        asked=asked,
    )


def _incidence(condition: str) -> Measure:
    title = CONCEPTS[condition].title

    def asked(on: date) -> Measured:
        rows = coded("condition", condition)
        before = Exists(by_day(rows, on - YEAR))
        return Measured(among=Not(before), of=Exists(since(rows, on)))

    return Measure(
        id=f"incidence-{condition}",
        group="New in the last year",
        title=f"People first known to have {title} in the last year",
        among="everybody alive who was not known to have it a year ago",
        asked=asked,
    )


def _several(n: int, word: str) -> Measure:
    def asked(on: date) -> Measured:
        return Measured(among=everybody(), of=at_least(n, [has(each, on) for each in _LASTING]))

    return Measure(
        id=f"conditions-{n}",
        group="Several conditions",
        title=f"People with {word} or more of {len(_LASTING)} long-term conditions",
        among="everybody alive",
        asked=asked,
    )


def _use(id: str, title: str, setting: str, days: int) -> Measure:
    def asked(on: date) -> Measured:
        rows = since(Rows("encounter", Among(Cell("setting"), frozenset({setting}))), on)
        return Measured(among=everybody(), of=Compare(">=", Count(rows), Value(days)))

    return Measure(
        id=f"use-{id}", group="Use of services", title=title, among="everybody alive", asked=asked
    )


def _all() -> tuple[Measure, ...]:
    return (
        *map(_prevalence, _PREVALENT),
        *map(_incidence, _INCIDENT),
        _several(2, "two"),
        _several(3, "three"),
        _use("emergency", "People with an emergency visit in the last year", "emergency", 1),
        _use("often", "People with emergency visits on 3 days or more in a year", "emergency", 3),
        _use("inpatient", "People admitted to hospital in the last year", "inpatient", 1),
        _use("gp", "People with a GP contact in the last year", "GP", 1),
        *GAPS,
        *WAITING,
    )  # fmt: skip


#: Every board by its id.
MEASURES: Mapping[str, Measure] = MappingProxyType({one.id: one for one in _all()})

"""Which boards there are: a fixed list, so that nobody can choose two that single somebody out.

Each is a share of some people: `among` whom it is asked, and `of` whom it holds, in the nodes of
the study language. Numbers and windows are a demonstration's until a clinical safety officer signs.
Sources: NICE NG28 1.6.1 (HbA1c at least six-monthly; a year is a gap), NICE NG136 1.4.19 (blood
pressure every year), NICE CKS Anticoagulation, oral (renal function at least every year), NICE
NG203 (eGFR at least every year from stage 3), NICE CG185 (lithium levels at least six-monthly; a
year is a gap); Barnett and others, Lancet 2012 (two or more long-term conditions).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from wholerecord.research.study.nodes import (
    Age,
    Among,
    Band,
    Both,
    Cell,
    Compare,
    Count,
    Either,
    Exists,
    Expression,
    Known,
    Not,
    Of,
    Pick,
    Rows,
    Value,
)
from wholerecord.terms import CONCEPTS, is_a

_YEAR, _FORTNIGHT = timedelta(days=365), timedelta(days=14)
_AGES, _QUINTILES = (0, 18, 40, 65, 80), (1, 3, 5, 7, 9)
#: The long-term conditions that are counted together, as far as our own concepts have them.
_LASTING = (
    *("hypertension", "diabetes", "asthma", "copd", "ckd", "heart-failure", "atrial-fibrillation"),
    *("stroke", "depression", "dementia", "epilepsy", "osteoarthritis", "hypothyroidism"),
)
_PREVALENT = ("diabetes", "hypertension", "copd", "asthma", "ckd", "heart-failure", "dementia",
              "depression")  # fmt: skip
_INCIDENT = ("diabetes", "stroke", "atrial-fibrillation", "dementia")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The two expressions of a board as of one day."""

    among: Expression
    of: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A board: its group in the list, its title, what its share is of, and how it is asked."""

    id: str
    group: str
    title: str
    among: str
    asked: Callable[[date], Measured]


def dimensions(on: date) -> tuple[tuple[str, Expression], ...]:
    """What every board is broken down by; the last says whom nothing was told of in a year."""
    tables = ("encounter", "observation", "medication")
    told = [Exists(_since(Rows(table), on)) for table in tables]
    return (
        ("Age", Band(Age(Value(on)), _AGES)),
        ("Sex", Of("sex")),
        ("Deprivation, deciles (1 is the most deprived)", Band(Of("deprivation"), _QUINTILES)),
        ("Area", Of("area")),
        ("Anything told in the last year", _any(told)),
    )


def alive(on: date) -> Expression:
    """Whether somebody was born and not dead on a day, as far as it is known."""
    dead = Compare("<=", Of("died"), Value(on))
    born = Either(Not(Known(Of("born"))), Compare("<=", Of("born"), Value(on)))
    return Both(Either(Not(Known(Of("died"))), Not(dead)), born)


def _codes(*wide: str) -> frozenset[str]:
    """Our concepts that are a kind of any of these."""
    return frozenset(
        one.id for one in CONCEPTS.values() if any(is_a(one, CONCEPTS[each]) for each in wide)
    )


def _coded(table: str, *wide: str) -> Rows:
    return Rows(table, Among(Cell("code"), _codes(*wide)))


def _more(rows: Rows, where: Expression) -> Rows:
    return Rows(rows.table, where if rows.where is None else Both(rows.where, where))


def _by(rows: Rows, on: date) -> Rows:
    return _more(rows, Compare("<=", Cell("at"), Value(on)))


def _since(rows: Rows, on: date, ago: timedelta = _YEAR) -> Rows:
    return _by(_more(rows, Compare(">", Cell("at"), Value(on - ago))), on)


def _has(condition: str, on: date) -> Expression:
    """Whether somebody has it: told by the day, with no end before it."""
    over = Both(Known(Cell("ended")), Compare("<=", Cell("ended"), Value(on)))
    return Exists(_more(_by(_coded("condition", condition), on), Not(over)))


def _any(parts: Sequence[Expression]) -> Expression:
    found = parts[0]
    for part in parts[1:]:
        found = Either(found, part)
    return found


def _at_least(n: int, parts: Sequence[Expression]) -> Expression:
    """Whether so many of the parts are true."""
    if n == 1:
        return _any(parts)
    found: Expression | None = None
    for place in range(len(parts) - n + 1):
        here = Both(parts[place], _at_least(n - 1, parts[place + 1 :]))
        found = here if found is None else Either(found, here)
    return Value(False) if found is None else found  # noqa: FBT003 - fewer parts than asked


def _everybody() -> Expression:
    return Value(True)  # noqa: FBT003 - holds for everybody


def _prevalence(condition: str) -> Measure:
    title = CONCEPTS[condition].title

    def asked(on: date) -> Measured:
        return Measured(among=_everybody(), of=_has(condition, on))

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
        rows = _coded("condition", condition)
        before = Exists(_by(rows, on - _YEAR))
        return Measured(among=Not(before), of=Exists(_since(rows, on)))

    return Measure(
        id=f"incidence-{condition}",
        group="New in the last year",
        title=f"People first known to have {title} in the last year",
        among="everybody alive who was not known to have it a year ago",
        asked=asked,
    )


def _several(n: int, word: str) -> Measure:
    def asked(on: date) -> Measured:
        return Measured(among=_everybody(), of=_at_least(n, [_has(each, on) for each in _LASTING]))

    return Measure(
        id=f"conditions-{n}",
        group="Several conditions",
        title=f"People with {word} or more of {len(_LASTING)} long-term conditions",
        among="everybody alive",
        asked=asked,
    )


def _use(id: str, title: str, setting: str, days: int) -> Measure:
    def asked(on: date) -> Measured:
        rows = _since(Rows("encounter", Among(Cell("setting"), frozenset({setting}))), on)
        return Measured(among=_everybody(), of=Compare(">=", Count(rows), Value(days)))

    return Measure(
        id=f"use-{id}", group="Use of services", title=title, among="everybody alive", asked=asked
    )


def _gap(
    id: str, title: str, among: str, has: Callable[[date], Expression], *tests: str
) -> Measure:
    def asked(on: date) -> Measured:
        return Measured(among=has(on), of=Not(Exists(_since(_coded("observation", *tests), on))))

    return Measure(id=f"gap-{id}", group="Gaps and waiting", title=title, among=among, asked=asked)


def _takes(medicine: str, on: date) -> Expression:
    rows = _since(_coded("medication", medicine), on)
    return Exists(
        _more(rows, Not(Among(Cell("status"), frozenset({"stopped", "entered-in-error"}))))
    )


def _waiting() -> Measure:
    def asked(on: date) -> Measured:
        emergency = Among(Cell("setting"), frozenset({"emergency"}))
        rows = _since(Rows("encounter", emergency), on - _FORTNIGHT)
        last = Pick(rows, last=True, column="at")
        after = Rows("encounter", Compare(">", Cell("at"), last))
        return Measured(among=Exists(rows), of=Not(Exists(_by(after, on))))

    return Measure(
        id="waiting-emergency",
        group="Gaps and waiting",
        title="People whom nobody has seen since an emergency visit more than 14 days ago",
        among="everybody alive with an emergency visit in the year before that",
        asked=asked,
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
        _gap("hba1c", "People with diabetes and no HbA1c in the last year",
             "everybody alive with diabetes", lambda on: _has("diabetes", on), "hba1c"),
        _gap("blood-pressure", "People with hypertension and no blood pressure in the last year",
             "everybody alive with hypertension", lambda on: _has("hypertension", on),
             "blood-pressure", "systolic"),
        _gap("renal", "People on an anticoagulant and no renal function in the last year",
             "everybody alive with an anticoagulant in the last year",
             lambda on: _takes("anticoagulants", on), "creatinine", "egfr"),
        _gap("ckd", "People with chronic kidney disease and no renal function in the last year",
             "everybody alive with chronic kidney disease", lambda on: _has("ckd", on),
             "creatinine", "egfr"),
        _gap("lithium", "People on lithium and no lithium level in the last year",
             "everybody alive with lithium in the last year", lambda on: _takes("lithium", on),
             "lithium-level"),
        _waiting(),
    )  # fmt: skip


#: Every board by its id.
MEASURES: Mapping[str, Measure] = MappingProxyType({one.id: one for one in _all()})

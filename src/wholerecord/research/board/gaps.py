"""Boards of monitoring gaps: who should have been checked and was not, and how long ago they were.

Windows are a demonstration's until a clinical safety officer signs them. Sources: NICE NG28 1.6.1
(HbA1c at least six-monthly; a year is a gap), NICE NG136 1.4.19 (blood pressure every year), NICE
CKS Anticoagulation, oral (renal function at least every year), NICE NG203 (eGFR at least every year
from stage 3), NICE CG185 (lithium levels at least six-monthly; a year is a gap), NICE NG145 (TSH
every year on levothyroxine), BSR and BHPR guideline on DMARDs, 2017 (full blood count at least
every twelve weeks on methotrexate). Fifteen months is the window that the Quality and Outcomes
Framework counted by until 2013, and that long-term comparisons still use.
"""

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType

from wholerecord.research.board.asked import (
    YEAR,
    Measure,
    Measured,
    Spread,
    by_day,
    coded,
    has,
    since,
    takes,
)
from wholerecord.research.study.nodes import Band, Days, Exists, Expression, Not, Pick, Value

#: Days that are as long as these many months, and their bands in words.
_BANDS = (0, 183, 365, 457)
_IN_WORDS = MappingProxyType(
    {
        "0 to 182": "Less than 6 months ago",
        "183 to 364": "6 to 12 months ago",
        "365 to 456": "12 to 15 months ago",
        "457 and over": "More than 15 months ago",
        "not known": "Never, as far as it is told",
    }
)


def _last(tests: tuple[str, ...]) -> Spread:
    """When the last of these tests was."""

    def by(on: date) -> Expression:
        last = Pick(by_day(coded("observation", *tests), on), last=True, column="at")
        return Band(Days(last, Value(on)), _BANDS)

    return Spread(name="The last one", by=by, said=lambda name: _IN_WORDS.get(name, name))


def _gap(
    id: str,
    title: str,
    among: str,
    who: Callable[[date], Expression],
    *tests: str,
    within: timedelta = YEAR,
) -> Measure:
    def asked(on: date) -> Measured:
        tested = Exists(since(coded("observation", *tests), on, within))
        return Measured(among=who(on), of=Not(tested))

    return Measure(
        id=f"gap-{id}",
        group="Monitoring gaps",
        title=title,
        among=among,
        asked=asked,
        spread=_last(tests),
        cautions=(
            "A test that no source told of looks like a gap: see “Anything told in the last year”.",
        ),
    )


GAPS: tuple[Measure, ...] = (
    _gap("hba1c", "People with diabetes and no HbA1c in the last year",
         "everybody alive with diabetes", lambda on: has("diabetes", on), "hba1c"),
    _gap("blood-pressure", "People with hypertension and no blood pressure in the last year",
         "everybody alive with hypertension", lambda on: has("hypertension", on),
         "blood-pressure", "systolic"),
    _gap("renal", "People on an anticoagulant and no renal function in the last year",
         "everybody alive with an anticoagulant in the last year",
         lambda on: takes("anticoagulants", on), "creatinine", "egfr"),
    _gap("ckd", "People with chronic kidney disease and no renal function in the last year",
         "everybody alive with chronic kidney disease", lambda on: has("ckd", on),
         "creatinine", "egfr"),
    _gap("lithium", "People on lithium and no lithium level in the last year",
         "everybody alive with lithium in the last year", lambda on: takes("lithium", on),
         "lithium-level"),
    _gap("thyroid", "People on levothyroxine and no TSH in the last year",
         "everybody alive with levothyroxine in the last year",
         lambda on: takes("levothyroxine", on), "tsh"),
    _gap("methotrexate", "People on methotrexate and no blood count in the last twelve weeks",
         "everybody alive with methotrexate in the last year",
         lambda on: takes("methotrexate", on), "white-cells", within=timedelta(weeks=12)),
)  # fmt: skip

"""A measure as ordinary tables: one for each interval, its first and last day put in."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from wholerecord.research.study.nodes import (
    NODES,
    Both,
    Edge,
    Expression,
    Known,
    Measure,
    Study,
    Table,
    Value,
)


def tables_of(study: Study) -> tuple[Table, ...]:
    """Every table of a study, those of its measures after the others.

    The table of a measure's interval is called `NAME START` and is by `among` and `of`.
    """
    return (
        *study.tables,
        *(
            _table(measure, measure_start(measure, n), measure_start(measure, n + 1))
            for measure in study.measures
            for n in range(measure.intervals)
        ),
    )


def measure_start(measure: Measure, n: int) -> date:
    """The first day of the measure's interval `n`, from 0; a day that a month lacks is its last."""
    months = measure.start.year * 12 + measure.start.month - 1 + n * measure.months
    for day in range(measure.start.day, 27, -1):
        try:
            return date(months // 12, months % 12 + 1, day)
        except ValueError:
            continue
    return date(months // 12, months % 12 + 1, min(measure.start.day, 28))


def _table(measure: Measure, start: date, end: date) -> Table:
    edges: Mapping[bool, Value] = {False: Value(start), True: Value(end)}
    among, of = put_in(measure.among, edges), put_in(measure.of, edges)
    return Table(
        name=f"{measure.name} {start}",
        by=(_surely(among), _surely(Both(among, of))),
        names=("asked", "so"),
    )


def _surely(said: Expression) -> Expression:
    """Whether it is so: what is not known is not so."""
    return Both(Known(said), said)


def put_in(said: Any, edges: Mapping[bool, Value]) -> Any:
    """The expression with an interval's edges in their places."""
    if isinstance(said, Edge):
        return edges[said.end]
    changed = {
        field.name: put_in(part, edges)
        for field in fields(said)
        if isinstance(part := getattr(said, field.name), NODES)
    }
    return replace(said, **changed) if changed else said

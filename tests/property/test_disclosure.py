"""What is shown of a table never tells what is not."""

import os
from dataclasses import astuple
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.research import Disclosed, Table, disclose
from wholerecord.research.disclose import span

LONG = settings(max_examples=5000 if os.environ.get("WHOLERECORD_SOAK") else 200, deadline=None)
numbers = st.integers(0, 12) | st.integers(0, 100_000)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=columns, max_size=columns).map(tuple)
    return Table(
        rows=tuple(f"row {n}" for n in range(rows)),
        columns=tuple(f"column {n}" for n in range(columns)),
        cells=tuple(draw(st.lists(row, min_size=rows, max_size=rows))),
        apart=draw(numbers),
    )


def numbers_of(shown: Disclosed) -> list[int]:
    every = chain(*shown.cells, shown.row_totals, shown.column_totals, (shown.total, shown.apart))
    return [number for number in every if number is not None]


@LONG
@given(tables())
def test_every_number_shown_is_large_and_rounded(table: Table):
    for number in numbers_of(disclose(table)):
        assert number > 7
        assert number % 5 == 0


@LONG
@given(tables())
def test_every_number_shown_is_within_two_of_the_truth(table: Table):
    shown = disclose(table)

    for exact, seen in zip(table.cells, shown.cells, strict=True):
        assert all(s is None or abs(s - e) <= 2 for e, s in zip(exact, seen, strict=True))
    for exact, total in zip(table.cells, shown.row_totals, strict=True):
        assert total is None or abs(total - sum(exact)) <= 2
    assert shown.total is None or abs(shown.total - sum(map(sum, table.cells))) <= 2


@LONG
@given(tables(), st.data())
def test_a_suppressed_cell_could_be_any_number_from_0_to_7(table: Table, data: st.DataObject):
    """The strongest bound there is: whatever it were, the same would be shown."""
    other = Table(
        rows=table.rows,
        columns=table.columns,
        cells=tuple(
            tuple(data.draw(st.integers(0, 7)) if cell <= 7 else cell for cell in row)
            for row in table.cells
        ),
        apart=data.draw(st.integers(0, 7)) if table.apart <= 7 else table.apart,
    )

    assert astuple(disclose(table)) == astuple(disclose(other))


@LONG
@given(tables())
def test_the_range_of_a_total_holds_the_truth(table: Table):
    shown = disclose(table)

    for exact, seen, total in zip(table.cells, shown.cells, shown.row_totals, strict=True):
        low, to, high = span(seen, total).replace(",", "").partition(" to ")
        if to:
            assert int(low) <= sum(exact) <= int(high)

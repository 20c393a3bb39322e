"""Counting people with a condition, and what of the count may be shown."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from wholerecord.errors import Incorrect
from wholerecord.fold import Coding, Condition, Entry, Kind, Record, Said, Who
from wholerecord.nhs import PartialDate
from wholerecord.people import Demographics
from wholerecord.record import MessageId, PatientId
from wholerecord.research import Count, Table, Tally, disclose, tally
from wholerecord.research.count import age, band_names

SNOMED = "http://snomed.info/sct"
STROKE, ISCHAEMIC, ASTHMA = "230690007", "422504002", "195967001"
COUNT = Count(title="Stroke", codes=((SNOMED, STROKE),), as_of=date(2024, 6, 30))


def condition(
    code: str = STROKE,
    *,
    certainty: str = "confirmed",
    status: str = "active",
    when: str | None = "2020-01-01",
) -> Entry:
    said = Said(
        patient=PatientId(1),
        t=1,
        n=1,
        source="hospital",
        kind="Condition",
        id="c1",
        message=MessageId(1),
        place="",
        received=datetime(2024, 1, 1, tzinfo=UTC),
        recorded=None,
        when=None,
        words="",
        codes=(Coding(system=SNOMED, code=code),),
        status="",
    )
    return Entry(
        kind=Kind.CONDITION,
        title="",
        code=Coding(system=SNOMED, code=code),
        when=PartialDate.parse(when),
        until=None,
        status=status,
        said_by=(said,),
        why="",
        detail=Condition(certainty=certainty),
    )


def record(*entries: Entry, born: str = "1950-03-12", sex: str = "female", **who: object) -> Record:
    best = Demographics(born=PartialDate.parse(born), sex=sex, **who)  # type: ignore[arg-type]
    return Record(
        t={},
        who=Who(best=best, said_by=()),
        entries=entries,
        negatives=(),
        superseded=(),
        parked=(),
        statements=len(entries),
        labels=frozenset[str]().union(*(one.labels for one in entries)),
        policy="",
    )


def counted(*records: Record, count: Count = COUNT) -> Table:
    adding = Tally(count)
    for each in records:
        adding.add(each)
    return adding.table()


def people(table: Table) -> int:
    return table.apart + sum(map(sum, table.cells))


def test_a_person_is_counted_once_in_their_band_and_column():
    table = counted(record(condition(), condition(ISCHAEMIC)), record(condition(), sex="male"))

    assert table.rows == ("0 to 17", "18 to 39", "40 to 64", "65 to 79", "80 and over")
    assert table.columns == ("female", "male")
    assert table.cells == ((0, 0), (0, 0), (0, 0), (1, 1), (0, 0))
    assert table.apart == 0


@pytest.mark.parametrize(
    ("entry", "is_counted"),
    [
        (condition(), True),
        (condition(status="resolved"), True),
        (condition(ISCHAEMIC), True),
        (condition(when=None), True),
        (condition(ASTHMA), False),
        (condition(certainty="suspected"), False),
        (condition(certainty="family"), False),
        (condition(certainty="refuted"), False),
        (condition(status="refuted"), False),
        (condition(when="2024-07-01"), False),
    ],
    ids=[
        "active",
        "resolved",
        "a kind of it",
        "no date",
        "another condition",
        "suspected",
        "a relative's",
        "refuted",
        "ruled wrong",
        "after the day asked about",
    ],
)
def test_only_what_was_confirmed_by_the_day_is_counted(entry: Entry, is_counted: bool):
    assert people(counted(record(entry))) == is_counted


def test_the_dead_and_the_unborn_of_the_day_are_not_counted():
    assert people(counted(record(condition(), dead=True))) == 0
    died = PartialDate.parse("2024-06-30")
    assert people(counted(record(condition(), dead=True, died=died))) == 0
    later = PartialDate.parse("2024-07-01")
    assert people(counted(record(condition(), dead=True, died=later))) == 1
    assert people(counted(record(condition(), born="2024-07-01"))) == 0


@pytest.mark.parametrize(
    ("born", "sex"),
    [("", "female"), ("1950-03-12", ""), ("1950-03-12", "other"), ("1959", "male")],
)
def test_whoever_has_no_place_in_the_table_is_counted_apart(born: str, sex: str):
    table = counted(record(condition(), born=born, sex=sex))

    assert (people(table), table.apart) == (1, 1)


def test_a_year_of_birth_is_enough_where_it_leaves_one_band():
    assert counted(record(condition(), born="1955")).cells[3] == (1, 0)
    assert counted(record(condition(), born="1959-06")).cells[3] == (1, 0)
    assert counted(record(condition(), born="1959-07")).cells[2] == (1, 0)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1959, 6, 30), date(2024, 6, 30), 65),
        (date(1959, 7, 1), date(2024, 6, 30), 64),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
    ],
)
def test_ages_are_whole_calendar_years(born: date, on: date, years: int):
    assert age(born, on) == years


async def test_records_are_counted_as_they_come():
    async def coming() -> AsyncIterator[Record]:
        yield record(condition())
        yield record(condition(ASTHMA))

    assert people(await tally(COUNT, coming())) == 1


@pytest.mark.parametrize("bands", [(), (18, 0), (0, 0), (-1, 5)])
def test_bands_that_make_no_table_are_refused(bands: tuple[int, ...]):
    with pytest.raises(Incorrect):
        Count(title="", codes=((SNOMED, STROKE),), as_of=date(2024, 6, 30), bands=bands)


def test_a_count_of_nothing_is_refused():
    with pytest.raises(Incorrect):
        Count(title="", codes=(), as_of=date(2024, 6, 30))


def test_one_band_is_everybody():
    assert band_names((0,)) == ("0 and over",)


def test_small_numbers_and_every_sum_with_one_are_not_shown():
    shown = disclose(
        Table(rows=("a", "b"), columns=("f", "m"), cells=((12, 7), (1003, 8)), apart=0)
    )

    assert shown.cells == ((10, None), (1005, 10))
    assert shown.row_totals == (None, 1010)
    assert shown.column_totals == (1015, None)
    assert shown.total is None
    assert shown.apart is None


def test_totals_are_of_the_exact_numbers():
    shown = disclose(Table(rows=("a",), columns=("f", "m"), cells=((12, 12),), apart=8))

    assert shown.cells == ((10, 10),)
    assert shown.row_totals == (25,)
    assert shown.total == 25
    assert shown.apart == 10

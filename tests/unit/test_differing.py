"""In what the sources of one entry differ: said beside it, and only where they do."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.portal_records import entry, said, when
from wholerecord.care.differing import differing, in_words
from wholerecord.fold import Coding, Condition, Kind, Medicine
from wholerecord.nhs import PartialDate

_SNOMED = "http://snomed.info/sct"
_STROKE = Coding(system=_SNOMED, code="230690007", display="Stroke")
_ISCHAEMIC = Coding(system=_SNOMED, code="422504002", display="Ischaemic stroke")


def _told(*dates, kind=Kind.CONDITION, detail=None, codes=()):
    """An entry that source `s0` dates the first of `dates`, `s1` the second, and so on."""
    each = [replace(said(f"s{n}", n=n), when=PartialDate.parse(at)) for n, at in enumerate(dates)]
    for n, code in enumerate(codes):
        each[n] = replace(each[n], codes=(code,))
    return entry(kind, "Stroke", detail or Condition(), by=tuple(each))


def _dates(*dates):
    return [
        [reading for reading, _ in one.readings]
        for one in differing(_told(*dates))
        if one.part == "date"
    ]


def test_two_sources_with_two_dates_are_told_with_who_says_which():
    (found,) = differing(_told("2026-06-09T09:42:00Z", "2026-06-18", "2026-06-09"))
    assert found.part == "date"
    assert found.readings == (("9 Jun 2026", ("s0", "s2")), ("18 Jun 2026", ("s1",)))


def test_dates_that_can_be_one_day_do_not_differ():
    assert _dates("2026-06-09T09:42:00Z", "2026-06-09", "2026-06", "2026", None) == []


def test_a_day_and_a_moment_of_that_day_in_another_zone_do_not_differ():
    assert _dates("2026-06-09", "2026-06-08T23:30:00Z") == []
    assert _dates("2026-06-09", "2026-06-07T23:30:00Z") == [["9 Jun 2026", "7 Jun 2026"]]


def test_a_vague_date_between_two_others_hides_no_difference():
    assert _dates("2026-06", "2026-06-09", "2026-06-18") == [
        ["Jun 2026", "9 Jun 2026", "18 Jun 2026"]
    ]


def test_one_source_that_dates_it_twice_differs_from_nobody():
    one = _told("2026-06-09", "2026-06-18")
    assert not differing(replace(one, said_by=tuple(replace(s, source="gp") for s in one.said_by)))


def test_codes_of_different_meaning_are_told_and_codes_nobody_knows_are_not():
    unknown = Coding(system=_SNOMED, code="999000000000", display="Something")
    (found,) = differing(_told(None, None, None, codes=(_ISCHAEMIC, _STROKE, unknown)))
    assert found.part == "code"
    assert [sources for _, sources in found.readings] == [("s0",), ("s1",)]
    assert differing(_told(None, None, codes=(_STROKE, _STROKE))) == ()


def test_what_is_told_of_at_many_moments_is_not_held_to_one():
    medicine = _told("2026-06-09", "2026-07-09", kind=Kind.MEDICINE, detail=Medicine(substance="x"))
    assert differing(medicine) == ()


def test_in_words_for_a_line():
    both = differing(_told("2026-06-09", "2026-06-18", codes=(_ISCHAEMIC, _STROKE)))
    assert in_words(both) == "Dates and codes differ"
    assert in_words(()) == ""


_DATE = st.dates(min_value=when("2026-06-01").day, max_value=when("2026-06-04").day).flatmap(
    lambda day: st.sampled_from(
        (f"{day}", f"{day:%Y-%m}", f"{day:%Y}", f"{day}T00:30:00Z", f"{day}T23:30:00+01:00", None)
    )
)


@given(st.lists(_DATE, min_size=2, max_size=5), st.randoms())
def test_whether_dates_differ_does_not_hang_on_the_order_of_sources(dates, draw):
    shuffled = list(dates)
    draw.shuffle(shuffled)
    assert bool(_dates(*dates)) == bool(_dates(*shuffled))


@given(st.lists(_DATE, min_size=2, max_size=5))
def test_dates_differ_just_where_two_of_them_do(dates):
    pairs = [(one, other) for one in dates for other in dates]
    assert bool(_dates(*dates)) == any(_dates(one, other) for one, other in pairs)

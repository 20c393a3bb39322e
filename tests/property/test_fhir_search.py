"""Laws of FHIR search: what a value is found by, and what narrowing may never do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fhir_world import AROUND, UCUM, WORLD, ids
from wholerecord.errors import Incorrect
from wholerecord.fhir.search import dates
from wholerecord.fhir.search.read import read
from wholerecord.fhir.search.select import select
from wholerecord.fhir.search.world import World

naive = (datetime(1900, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001 - what Hypothesis takes
moments = st.datetimes(*naive).map(lambda moment: moment.replace(microsecond=0))
formats = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"])


def stretch(moment, pattern):
    return dates.span(moment.strftime(pattern).rjust(4, "0"))


@given(moments, formats)
def test_a_date_spans_the_moment_it_was_cut_from(moment, pattern):
    span = stretch(moment, pattern)
    micro = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(
        microseconds=1
    )
    assert span.low <= micro < span.high


@given(moments, formats, moments, formats)
def test_prefixes_say_of_two_dates_what_they_mean(one, cut, other, other_cut):
    held, asked = one.strftime(cut), other.strftime(other_cut)
    world = World.of([{"resourceType": "Patient", "id": "p", "birthDate": held}])

    def fits(prefix):
        return bool(ids(f"Patient?birthdate={prefix}{asked}", world))

    assert fits("eq") is not fits("ne")
    assert fits("eq") <= fits("ge")
    assert fits("eq") <= fits("le")
    assert fits("sa") <= fits("gt")
    assert fits("gt") <= fits("ge")
    assert fits("eb") <= fits("lt")
    assert fits("lt") <= fits("le")
    assert not (fits("sa") and fits("le"))
    assert not (fits("eb") and fits("ge"))
    assert fits("ge") or fits("le")


amounts = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3
)


@given(amounts, amounts)
def test_an_amount_is_found_by_itself_in_every_unit(value, other):
    quantity = {"value": value, "system": UCUM, "code": "mmol/L"}
    world = World.of([{"resourceType": "Observation", "id": "o", "valueQuantity": quantity}])

    def fits(prefix, number, unit):
        return bool(ids(f"Observation?value-quantity={prefix}{number}|{UCUM}|{unit}", world))

    assert fits("", f"{value:f}", "mmol/L")
    assert fits("", f"{value * 1000:f}", "umol/L")
    assert fits("gt", f"{other * 1000:f}", "umol/L") is (value > other)
    assert fits("le", f"{other:f}", "mmol/L") is (value <= other)
    assert not fits("", f"{value:f}", "mg/L")


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_text_is_found_by_itself_and_by_its_beginning(text):
    world = World.of([{"resourceType": "Patient", "id": "p", "name": [{"family": text}]}])
    written = text.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|").replace("$", "\\$")

    def found(name, value):
        return bool(select(read("Patient", [(name, value)], AROUND), world))

    assert found("family:exact", written)
    assert found("family", written)
    assert found("family:contains", written)


names = st.sampled_from(
    ["code", "subject", "date", "_id", "_lastUpdated", "patient.family", "code:not", "_has:X", "é:"]
)


@given(st.lists(st.tuples(names | st.text(max_size=12), st.text(max_size=20)), max_size=6))
def test_any_query_is_read_or_refused_and_a_further_parameter_only_narrows(pairs):
    for kind in ("Observation", "Condition", "Patient"):
        try:
            whole = [held.id for held in select(read(kind, pairs, AROUND), WORLD)]
            fewer = [held.id for held in select(read(kind, pairs[:-1], AROUND), WORLD)]
        except Incorrect:
            continue
        assert set(whole) <= set(fewer)


@given(st.sets(st.integers(0, 9)), st.sampled_from(["asc", "desc"]))
def test_sorting_loses_and_repeats_nothing(numbers, way):
    resources = [
        {"resourceType": "Patient", "id": f"p{n}"} | ({"birthDate": f"200{n}"} if n % 3 else {})
        for n in numbers
    ]
    key = "-birthdate" if way == "desc" else "birthdate"
    found = ids(f"Patient?_sort={key}", World.of(resources))
    known = [int(one[1]) for one in found if int(one[1]) % 3]
    assert known == sorted(known, reverse=way == "desc")
    assert sorted(found) == sorted(f"p{n}" for n in numbers)
    assert [int(one[1]) % 3 > 0 for one in found] == sorted(
        (n % 3 > 0 for n in numbers), reverse=True
    )


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_number_is_read_or_refused(number: Decimal):
    try:
        ids(f"RiskAssessment?probability={number}")
    except Incorrect:
        return
    assert number.is_finite()

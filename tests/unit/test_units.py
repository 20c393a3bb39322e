"""UCUM units: what a code means, and exact conversion."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.terms.loading import read_release
from wholerecord.terms.units import comparable, convert, unit
from wholerecord.terms.units.table import METRIC, PLAIN

ESSENCE = Path(__file__).parents[3] / "shared" / "data" / "terminology" / "ucum"


@pytest.mark.parametrize(
    ("value", "given", "wanted", "result"),
    [
        ("120", "mm[Hg]", "kPa", "15.99864"),
        ("37.0", "Cel", "[degF]", "98.6"),
        ("98.6", "[degF]", "Cel", "37"),
        ("36.6", "Cel", "K", "309.75"),
        ("140", "g/L", "g/dL", "14"),
        ("5", "10*9/L", "/nL", "5"),
        ("60", "mL/min/{1.73_m2}", "mL/s", "1"),
        ("3", "[iU]/L", "m[IU]/mL", "3"),
        ("30", "U/L", "ukat/L", "0.5"),
        ("11", "[stone_av]", "kg", "69.85322498"),
        ("1.5", "mg/d", "ug/h", "62.5"),
        ("0.0045", "mol/L", "mmol/L", "4.5"),
        ("26", "kg/m2", "g/(cm2)", "2.6"),
    ],
)
def test_a_value_is_converted_exactly(value, given, wanted, result):
    found = convert(Decimal(value), given, wanted)
    assert found.value == Decimal(result)
    assert found.exact


def test_what_no_decimal_can_write_says_that_it_is_rounded():
    found = convert(Decimal(72), "kg", "[lb_av]")
    assert (found.value, found.exact) == (Decimal("158.732828773112"), False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mmol/L", "mg/dL"),  # needs the substance
        ("mmol/mol", "%"),  # HbA1c: another scale, not another unit
        ("meq/L", "mmol/L"),  # needs the charge
        ("[iU]/L", "U/L"),
        ("kg", "m"),
        ("Cel", "K/s"),
        ("mmHg", "mm[Hg]"),  # not UCUM's
    ],
)
def test_what_does_not_compare_is_not_converted(one, other):
    assert not comparable(one, other)
    assert convert(Decimal(1), one, other) is None


@pytest.mark.parametrize(
    "code",
    ["", "mmHg", "m//s", "m.", ".m", "(m", "m)", "m2s", "{", "0", "kk", "m99", "\u00b5g", "1e5",
     "()", "m" * 101, "/", "//m", "m/", "mg dl", "(" * 90, "k[in_i]", "m{a{b}}"],
)  # fmt: skip
def test_what_is_no_ucum_code_is_no_unit(code):
    assert unit(code) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1E-999999", "1" * 60])
def test_a_value_that_nothing_measured_has_is_not_converted(value):
    assert convert(Decimal(value), "kg", "g") is None


@given(st.text(max_size=40) | st.from_regex(r"[mkgsLold/.()\[\]{}0-9*+-]{0,30}", fullmatch=True))
def test_any_text_is_a_unit_or_none(code):
    found = unit(code)
    assert found is None or found.factor > 0


CODES = st.sampled_from(["mg/dL", "g/L", "kg/m3", "ug/mL", "ng/uL", "g%"])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**6), CODES, CODES)
def test_there_and_back_is_the_same_value(value, one, other):
    there = convert(value, one, other)
    if there is not None:
        assert there.exact
        assert convert(there.value, other, one).value == value


@pytest.mark.shared_data
def test_our_table_agrees_with_what_ucum_publishes():
    if not ESSENCE.is_dir():
        pytest.skip("shared/data/terminology/ucum is not here")
    terms = read_release("ucum", [ESSENCE]).terms
    for symbol, (number, of) in {**METRIC, **PLAIN}.items():
        facts = terms[symbol].facts
        assert (facts.get("metric") == "yes") is (symbol in METRIC), symbol
        ours, theirs = unit(of) if of != "1" else unit("1"), unit(facts["unit"])
        assert theirs is not None, symbol
        assert ours.powers == theirs.powers, symbol
        factor = ours.factor * type(ours.factor)(number)
        assert factor == theirs.factor * type(ours.factor)(facts["value"]), symbol

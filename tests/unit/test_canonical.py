"""JSON without loss."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.record import NotJson, canonical, read_json


@pytest.mark.parametrize("written", ["4.50", "0.10", "100", "1.0", "-0.00"])
def test_a_decimal_keeps_the_precision_it_was_written_with(written):
    assert canonical(read_json(b'{"value":%s}' % written.encode())) == (
        b'{"value":%s}' % written.encode()
    )


def test_the_order_of_keys_does_not_matter():
    assert canonical(read_json(b'{"b":1,"a":{"d":2,"c":3}}')) == b'{"a":{"c":3,"d":2},"b":1}'


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", ""),
        (b"{", ""),
        (b'{"a":1}x', "byte 8"),
        (b"\xff\xfe{}", "byte 0"),
        (b'{"a":1,"a":1}', ""),
        (b'{"a":{"b":1,"b":2}}', ""),
        (b"[" * 200_000, ""),
        (b'{"a":"\xff"}', None),
    ],
)
def test_bytes_that_do_not_mean_one_thing_are_not_read(raw, place):
    with pytest.raises(NotJson) as caught:
        read_json(raw)
    if place is not None:
        assert caught.value.place == place


def test_a_key_said_twice_is_said_to_be_so():
    with pytest.raises(NotJson, match="same key twice"):
        read_json(b'{"a":1,"b":"x:y","a":2}')


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_what_is_written_reads_as_the_same(value):
    again = read_json(canonical(value))
    assert again == value
    assert canonical(again) == canonical(value)


def test_a_decimal_is_exact():
    assert read_json(b"0.1") + read_json(b"0.2") == Decimal("0.3")


def test_a_number_beyond_any_decimal_is_not_json():
    with pytest.raises(NotJson):
        read_json(b'{"value": 1e' + b"9" * 40 + b"}")

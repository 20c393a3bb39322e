"""Code lists as OpenCodelists gives them, and files that are not."""

import pytest

from wholerecord.research.study.codelist import read_codes
from wholerecord.research.study.nodes import StudyWrong


@pytest.mark.parametrize(
    ("raw", "column", "codes"),
    [
        (b"code,term\n44054006,Type 2\n", None, {"44054006"}),
        (b"\xef\xbb\xbfcode,term\r\n44054006,Type 2\r\n\r\n", None, {"44054006"}),
        (b'term,code\n"Diabetes, type 2", C10F. \n', None, {"C10F."}),
        (b"dmd_type,dmd_id,dmd_name\nAMP,123,x\n", None, {"123"}),
        (b"snomed,x\n1,2\n3,4\n", "snomed", {"1", "3"}),
    ],
)
def test_the_codes_of_a_list(raw, column, codes):
    assert read_codes("a.csv", raw, column).codes == codes


@pytest.mark.parametrize(
    ("raw", "column", "told"),
    [
        (b"snomed,x\n1,2\n", None, "line 1: there is no column `code`; it has snomed, x"),
        (b"code,x\n1,2\n", "icd", "line 1: there is no column 'icd'; it has code, x"),
        (b"", None, "it has nothing"),
        (b"code\n", None, "has no codes in it"),
        (b"code\n1\n\xff\n", None, "line 3: it is not UTF-8 text"),
        (b"code\n4.4E+07\n", None, "line 2: a spreadsheet has rounded the code"),
        (b"code\n" + b"1" * 50, None, "line 2: what stands there is not a code"),
        (b"code\n" + b'"' + b"1" * 200_000, None, "field larger than field limit"),
        (b"code\n" + b"1\n" * 100_001, None, "more than 100000 codes"),
    ],
)
def test_a_file_that_is_no_list_is_told_with_its_line(raw, column, told):
    with pytest.raises(StudyWrong, match=r"a\.csv") as caught:
        read_codes("a.csv", raw, column)
    assert told in str(caught.value)

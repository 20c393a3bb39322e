"""Code lists, as OpenCodelists gives them: a CSV with a line for each code.

Source: OpenCodelists, "Download CSV": columns `code` and `term`; lists of dm+d have `dmd_id` and
`dmd_name` instead, and others `id` and `name`.
"""

import csv
from dataclasses import dataclass

from wholerecord.research.study.nodes import StudyWrong

_COLUMNS = ("code", "dmd_id", "id")
#: Codes in one list, and bytes of its file.
_MOST, _LONGEST = 100_000, 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """The codes of a list. A study asks whether a row's code is one of them."""

    codes: frozenset[str]


def read_codes(name: str, raw: bytes, column: str | None = None) -> CodeList:
    """The codes in a file. `column` is the one that holds them, where its name is unusual.

    Raises:
        StudyWrong: it is not such a file; the message names the line and what to do.
    """
    if len(raw) > _LONGEST:
        raise StudyWrong(f"{name} is longer than {_LONGEST // 1_000_000} MB.")
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StudyWrong(f"{name}, line {line}: it is not UTF-8 text.") from None
    reader = csv.reader(lines)
    try:
        header = [each.strip() for each in next(reader, None) or ()]
        place = _place(name, header, column)
        codes = [(reader.line_num, row[place].strip()) for row in reader if len(row) > place]
    except csv.Error as error:
        raise StudyWrong(f"{name}, line {reader.line_num}: {error}.") from None
    if len(codes) > _MOST:
        raise StudyWrong(f"{name} has more than {_MOST} codes.")
    for line, code in codes:
        if not code.isprintable() or len(code) > 40:
            raise StudyWrong(f"{name}, line {line}: what stands there is not a code.")
        if "E+" in code.upper() and code[:1].isdigit():
            raise StudyWrong(_spreadsheet(name, line))
    found = frozenset(code for _, code in codes if code)
    if not found:
        raise StudyWrong(f"{name} has no codes in it.")
    return CodeList(codes=found)


def _spreadsheet(name: str, line: int) -> str:
    return (
        f"{name}, line {line}: a spreadsheet has rounded the code (a number with E+): download"
        " the list again."
    )


def _place(name: str, header: list[str], column: str | None) -> int:
    for wanted in (column,) if column else _COLUMNS:
        if wanted in header:
            return header.index(wanted)
    has = ", ".join(header) or "nothing"
    wanted = f"no column {column!r}" if column else "no column `code`"
    raise StudyWrong(
        f"{name}, line 1: there is {wanted}; it has {has}. Say which one holds the codes:"
        f" codelist({name!r}, column=…)."
    )

"""ICD-10 and OPCS-4 from the tables of codes and titles that TRUD ships.

Source: NHS England, ICD-10 5th edition and OPCS-4 data files technical notes. A table has a heading
(CODE, DESCRIPTION, …), or has none and begins with code and title. A subcategory is a kind of its
category: `I63.9` of `I63`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from wholerecord.terms.content import ICD10, OPCS4, BadRelease, Content, Term
from wholerecord.terms.loading.files import Given, csv_table, lines

_SHAPE = {
    ICD10: re.compile(r"[A-Z]\d\d(\.\d{1,2})?"),
    OPCS4: re.compile(r"[A-Z]\d\d(\.\d)?"),
}
_TITLES = r".*\.(?:txt|tsv|csv)"


def read_icd10(given: Given) -> Content:
    """ICD-10's categories and subcategories.

    Raises:
        BadRelease: no table of codes and titles is given.
    """
    return _read(given, "icd10", ICD10, "ICD-10")


def read_opcs4(given: Given) -> Content:
    """OPCS-4's categories and subcategories.

    Raises:
        BadRelease: no table of codes and titles is given.
    """
    return _read(given, "opcs4", OPCS4, "OPCS-4")


def _read(given: Given, kind: str, system: str, title: str) -> Content:
    files = given.files(r".*codes.*titles.*\.(?:txt|tsv|csv)") or given.wanted(
        _TITLES, f"a table of {title} codes and titles"
    )
    titles: dict[str, str] = {}
    odd = 0
    for path in files:
        for code, said in _rows(path):
            bare = _bare(code, system)
            if bare:
                titles.setdefault(bare, said)
            else:
                odd += 1
    if not titles or odd > len(titles):
        raise BadRelease(f"{files[0].name} holds no {title} codes in its first columns.")
    return Content(
        kind=kind,
        system=system,
        version=given.dated(files),
        title=title,
        terms={code: _term(code, said, titles) for code, said in titles.items()},
        left_out=(f"{odd:,} rows whose code is not {title}'s",) if odd else (),
    )


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    first = next(lines(path), (1, ""))[1].lower()
    headed = "code" in re.split(r"[\t,]", first.replace('"', ""))
    for row in csv_table(path, heading=headed):
        code = row.get("code" if headed else "1", "")
        said = row.get("description", row.get("title", "")) if headed else row.get("2", "")
        if headed and "description" not in row and "title" not in row:
            raise BadRelease(f"{path.name} has no column description.")
        yield code.strip(), said.strip()


def _bare(code: str, system: str) -> str:
    """The code with its dot and without its marks, "" when it is none."""
    code = code.upper().rstrip("†*")
    if "." not in code and len(code) > 3:
        code = f"{code[:3]}.{code[3:]}"
    if system == ICD10:
        code = code.rstrip("DAX.-") if len(code) > 3 else code
    return code if _SHAPE[system].fullmatch(code) else ""


def _term(code: str, said: str, titles: dict[str, str]) -> Term:
    parent = next((up for up in (code[:5], code[:3]) if up != code and up in titles), "")
    return Term(
        code=code,
        title=said or code,
        words=(code.replace(".", ""),) if "." in code else (),
        tag="subcategory" if "." in code else "category",
        parents=(parent,) if parent else (),
    )

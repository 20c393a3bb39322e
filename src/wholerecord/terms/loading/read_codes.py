"""Read v2 and CTV3 as the maps to SNOMED CT that TRUD ships: what their codes mean today.

Source: NHS England, NHS Data Migration, cross map tables (`rcsctmap2`, `ctv3sctmap2`). Only a map
that is active counts, of an assured one first; of each code the newest.
"""

from pathlib import Path

from wholerecord.terms.content import CTV3, READ2, SNOMED, BadRelease, Content, Map, Term
from wholerecord.terms.loading.files import Given, csv_table


def read_readv2(given: Given) -> Content:
    """Read v2 codes, five characters, with the SNOMED CT concepts they map to.

    Raises:
        BadRelease: the table is missing or has not its columns.
    """
    return _read(given, "read2", READ2, "Read v2", "rcsctmap2.*")


def read_ctv3(given: Given) -> Content:
    """CTV3 codes with the SNOMED CT concepts they map to.

    Raises:
        BadRelease: the table is missing or has not its columns.
    """
    return _read(given, "ctv3", CTV3, "CTV3", "ctv3sctmap2.*")


#: What the columns are called, in either table.
_CODE = ("readcode", "ctv3_conceptid")
_CONCEPT = ("conceptid", "sct_conceptid")
_STATUS = ("mapstatus",)
_ASSURED = ("is_assured", "isassured")
_FROM = ("effectivedate",)
_TERM = ("termcode", "ctv3_termid")


def _read(given: Given, kind: str, system: str, title: str, name: str) -> Content:
    files = given.files(rf"{name}\.txt") or given.wanted(
        r".*\.(?:txt|csv)", f"the table {name.removesuffix('.*')}….txt"
    )
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    for path in files:
        for row in csv_table(path):
            code = _cell(path, row, _CODE)[:5]
            concept = _cell(path, row, _CONCEPT)
            if _cell(path, row, _STATUS) != "1" or not concept.isdecimal():
                continue
            assured = _cell(path, row, _ASSURED) == "1"
            preferred = _cell(path, row, _TERM) in {"00", ""} or kind == "ctv3"
            since = _cell(path, row, _FROM)
            mine = found.setdefault(code, {})
            mine[concept] = max(mine.get(concept, (False, "")), (assured and preferred, since))
    if not found:
        raise BadRelease(f"{files[0].name} holds no map that is active.")
    return Content(
        kind=kind,
        system=system,
        version=given.dated(files),
        title=title,
        terms={code: _term(code, concepts) for code, concepts in found.items()},
    )


def _cell(path: Path, row: dict[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if name in row:
            return row[name].strip()
    raise BadRelease(f"{path.name} has no column {' or '.join(names)}.")


def _term(code: str, concepts: dict[str, tuple[bool, str]]) -> Term:
    """The code with its maps, the assured first and of those the newest."""
    ordered = sorted(concepts, key=lambda one: (concepts[one], one), reverse=True)
    return Term(
        code=code,
        title=code,
        maps=tuple(
            Map(SNOMED, one, "equivalent" if concepts[one][0] else "relatedto", 1, n)
            for n, one in enumerate(ordered, 1)
        ),
    )

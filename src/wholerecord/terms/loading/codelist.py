"""A codelist as OpenCodelists writes it: a CSV whose columns are a code and its term.

Source: OpenCodelists and the OpenSAFELY documentation; lists of dm+d, SNOMED CT, ICD-10 and CTV3
name their columns differently, and the name says which system the codes are in.
"""

import re
from pathlib import Path

from wholerecord.terms.content import CTV3, ICD10, READ2, SNOMED, BadRelease, Content, Term
from wholerecord.terms.loading.files import Given, csv_table

#: Column of codes → its system, "" where the codes themselves must say.
_COLUMNS = {
    "code": "",
    "snomedcode": SNOMED,
    "snomed_id": SNOMED,
    "snomedid": SNOMED,
    "dmd_id": SNOMED,
    "dmd": SNOMED,
    "ctv3id": CTV3,
    "ctv3code": CTV3,
    "icd10_code": ICD10,
    "readcode": READ2,
    "id": "",
}
_TERMS = ("term", "dmd_name", "ctv3preferredtermdesc", "description", "name", "nm", "display")
_SNOMED = re.compile(r"[1-9]\d{5,17}")
_ICD10 = re.compile(r"[A-Z]\d\d(\.?\d{1,3})?X?")


def read_codelist(given: Given) -> Content:
    """The codes of one list; its name is the file's.

    Raises:
        BadRelease: there is not one file, it has no column of codes, or its system is not clear.
    """
    files = given.wanted(r".*\.csv", "a codelist (….csv)")
    if len(files) != 1:
        raise BadRelease(f"A codelist is one file; {len(files)} are given.")
    path = files[0]
    terms: dict[str, Term] = {}
    system = given.system
    for row in csv_table(path):
        name = _code_column(path, row)
        system = system or _COLUMNS[name]
        code = row[name].strip()
        if code:
            said = next((row[one].strip() for one in _TERMS if row.get(one)), code)
            terms[code] = Term(code=code, title=said)
    return Content(
        kind="codelist",
        system=system or _system_of(path, terms),
        version=given.dated(files) if given.version else path.stem,
        title=path.stem,
        terms=terms,
        facts={"list": path.stem},
    )


def _code_column(path: Path, row: dict[str, str]) -> str:
    for name in _COLUMNS:
        if name in row:
            return name
    raise BadRelease(f"{path.name} has no column of codes (code, dmd_id, CTV3ID, icd10_code, …).")


def _system_of(path: Path, terms: dict[str, Term]) -> str:
    if terms and all(_SNOMED.fullmatch(code) for code in terms):
        return SNOMED
    if terms and all(_ICD10.fullmatch(code) for code in terms):
        return ICD10
    raise BadRelease(f"{path.name} does not say which system its codes are in: give --system.")

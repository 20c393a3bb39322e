"""Organisations from ODS: the CSV reports (epraccur and its like), or JSON.

Source: NHS England, Organisation Data Service, "Standard 27-field format" and the ORD interface's
JSON; a FHIR Bundle of Organizations is read as well.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec

from wholerecord.terms.content import ODS, BadRelease, Content, Term
from wholerecord.terms.loading.files import Given, csv_table

#: Places of the 27-field format, counted from 1: code, name, postcode, opened, closed, status.
_CODE, _NAME, _POSTCODE, _CLOSED, _STATUS = "1", "2", "10", "12", "13"
_PARENT = "15"


def read_ods(given: Given) -> Content:
    """Organisations with name, postcode and whether they are open.

    Raises:
        BadRelease: no file is given, or a file is of none of the formats.
    """
    files = given.wanted(r".*\.(?:csv|json)", "an ODS report (….csv or ….json)")
    terms: dict[str, Term] = {}
    for path in files:
        rows = _from_json(path) if path.suffix.lower() == ".json" else _from_csv(path)
        terms.update((term.code, term) for term in rows)
    return Content(kind="ods", system=ODS, version=given.dated(files), title="ODS", terms=terms)


def _from_csv(path: Path) -> Iterator[Term]:
    for row in csv_table(path, heading=False):
        if len(row) < int(_STATUS):
            raise BadRelease(f"{path.name} has {len(row)} columns, not the 27 of an ODS report.")
        yield _organisation(
            row[_CODE],
            row[_NAME],
            row[_POSTCODE],
            is_open=row[_STATUS] in {"A", "ACTIVE", ""} and not row[_CLOSED],
            parent=row.get(_PARENT, ""),
        )


def _from_json(path: Path) -> Iterator[Term]:
    try:
        said = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        raise BadRelease(f"{path.name} is not JSON.") from None
    for one in _organisations(said):
        address = one.get("address")
        first: Any = cast("list[Any]", address)[0] if isinstance(address, list) and address else {}
        code = one.get("OrgId") or one.get("id") or ""
        name = one.get("Name") or one.get("name") or ""
        if not isinstance(code, str) or not isinstance(name, str) or not code:
            raise BadRelease(f"{path.name} has an organisation without a code.")
        status = one.get("Status", "Active" if one.get("active", True) else "Inactive")
        postcode = one.get("PostCode") or (
            cast("dict[str, Any]", first).get("postalCode", "") if isinstance(first, dict) else ""
        )
        yield _organisation(code, name, str(postcode), is_open=status == "Active", parent="")


def _organisations(said: Any) -> Iterator[dict[str, Any]]:
    match said:
        case {"Organisations": [*each]}:
            found = each
        case {"resourceType": "Bundle", "entry": [*entries]}:
            found = [
                cast("dict[str, Any]", one).get("resource")
                for one in entries
                if isinstance(one, dict)
            ]
        case [*each]:
            found = each
        case _:
            raise BadRelease("A JSON file of organisations is a list, ORD's answer or a Bundle.")
    for one in found:
        if not isinstance(one, dict):
            raise BadRelease("An organisation in a JSON file is not an object.")
        yield cast("dict[str, Any]", one)


def _organisation(code: str, name: str, postcode: str, *, is_open: bool, parent: str) -> Term:
    facts = {"postcode": postcode, "commissioner": parent}
    return Term(
        code=code.strip(),
        title=name.strip() or code,
        active=is_open,
        tag="organisation",
        facts={fact: said for fact, said in facts.items() if said},
    )

"""LOINC from its CSV files.

Source: Regenstrief Institute, LOINC Users' Guide, appendix A (LOINC Table Structure) and the
readme of the component hierarchy. Loinc.csv is needed; MapTo.csv and the hierarchy are taken
where they are.
"""

from wholerecord.terms.content import LOINC, Content, Map, Term
from wholerecord.terms.loading.files import Given, column, csv_table


def read_loinc(given: Given) -> Content:
    """LOINC's codes; a retired one says what to use instead, and groups are above their kinds.

    Raises:
        BadRelease: Loinc.csv is missing or has not its columns.
    """
    files = given.wanted(r"loinc(table)?\.csv", "Loinc.csv")
    instead = _instead(given)
    parents, groups = _hierarchy(given)
    terms = dict(groups)
    for path in files:
        for row in csv_table(path):
            code = column(path, row, "loinc_num")
            long = column(path, row, "long_common_name")
            title = row.get("displayname", "").strip() or long
            also = (long, row.get("shortname", ""), row.get("consumer_name", ""))
            terms[code] = Term(
                code=code,
                title=title or code,
                full=_six_parts(row),
                words=tuple(dict.fromkeys(one for one in also if one and one != title)),
                active=column(path, row, "status") in {"ACTIVE", "TRIAL", "DISCOURAGED"},
                tag=row.get("class", ""),
                parents=tuple(sorted(parents.get(code, ()))),
                facts={"units": units} if (units := row.get("example_ucum_units", "")) else {},
                maps=tuple(Map(LOINC, other, "relatedto") for other in instead.get(code, ())),
            )
    version = given.version or max(
        (row.get("versionlastchanged", "") for path in files for row in csv_table(path)),
        default="",
    )
    return Content(
        kind="loinc", system=LOINC, version=version or "not said", title="LOINC", terms=terms
    )


def _six_parts(row: dict[str, str]) -> str:
    parts = ("component", "property", "time_aspct", "system", "scale_typ", "method_typ")
    return ":".join(row.get(part, "") for part in parts).strip(":")


def _instead(given: Given) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in given.files(r"mapto\.csv"):
        for row in csv_table(path):
            found.setdefault(column(path, row, "loinc"), []).append(column(path, row, "map_to"))
    return found


def _hierarchy(given: Given) -> tuple[dict[str, set[str]], dict[str, Term]]:
    """Each code's groups, and the groups themselves (their codes begin with LP)."""
    parents: dict[str, set[str]] = {}
    groups: dict[str, Term] = {}
    for path in given.files(r"componenthierarchybysystem\.csv"):
        for row in csv_table(path):
            code, parent = column(path, row, "code"), column(path, row, "immediate_parent")
            if parent:
                parents.setdefault(code, set()).add(parent)
            if code.startswith("LP"):
                title = column(path, row, "code_text")
                groups[code] = Term(code=code, title=title, tag="group")
    known = groups.keys()
    groups = {
        code: Term(
            code=code,
            title=term.title,
            tag=term.tag,
            parents=tuple(sorted(parents.get(code, set()) & known)),
        )
        for code, term in groups.items()
    }
    return {code: above & known for code, above in parents.items()}, groups

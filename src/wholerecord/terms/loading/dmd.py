"""dm+d, the dictionary of medicines and devices, from NHSBSA's XML files.

Source: NHSBSA, dm+d technical specification of data files, release 2 version 3.1. A product is a
kind of what it is made from: AMP of VMP, VMP of VTM. Packs are not taken.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from wholerecord.terms.content import DMD, Content, Map, Term
from wholerecord.terms.loading.files import Given, elements

#: Prescribing status of a VMP whose products are not interchangeable: brands not bioequivalent.
_BY_BRAND = "0006"


def read_dmd(given: Given) -> Content:
    """The VTMs, VMPs, AMPs, ingredients, routes and forms of the files given.

    Raises:
        BadRelease: a file is missing or is not dm+d's XML.
    """
    files = {
        name: given.wanted(rf"f_{name}2_.*\.xml", f"f_{name}2_….xml (dm+d)")
        for name in ("vtm", "vmp", "amp", "ingredient", "lookup")
    }
    looked_up = _lookup(files["lookup"])
    terms = {term.code: term for term in _ingredients(files["ingredient"])}
    terms |= {code: Term(code=code, title=said, tag="route or form") for code, said in looked_up}
    terms |= {term.code: term for term in _vtms(files["vtm"])}
    terms |= {term.code: term for term in _vmps(files["vmp"], dict(looked_up))}
    terms |= {term.code: term for term in _amps(files["amp"])}
    before = [term for one in terms.values() for term in _previous(one) if term.code not in terms]
    terms |= {term.code: term for term in before}
    whole, left_out = _without_missing(terms)
    return Content(
        kind="dmd",
        system=DMD,
        version=given.dated([path for paths in files.values() for path in paths])
        if given.version
        else _week(files["vmp"]),
        title="dm+d",
        terms=whole,
        left_out=left_out,
    )


def _week(files: list[Path]) -> str:
    """The number at the end of the files' names: format, then day, month and year."""
    return max(path.stem.rpartition("_")[2] for path in files)


def _lookup(files: list[Path]) -> list[tuple[str, str]]:
    """Routes and forms; their codes are SNOMED CT's, longer than every other look-up's."""
    return [
        (info["CD"].strip(), info.get("DESC", "").strip())
        for path in files
        for _, info in elements(path, "INFO")
        if len(info.get("CD", "")) > 5
    ]


def _ingredients(files: list[Path]) -> Iterator[Term]:
    for path in files:
        for _, said in elements(path, "ING"):
            yield _term(said, "ISID", "substance", previous="ISIDPREV")


def _vtms(files: list[Path]) -> Iterator[Term]:
    for path in files:
        for _, said in elements(path, "VTM"):
            yield _term(said, "VTMID", "VTM", previous="VTMIDPREV")


def _vmps(files: list[Path], named: Mapping[str, str]) -> Iterator[Term]:
    for path in files:
        vmps: list[dict[str, str]] = []
        facts: dict[str, dict[str, str]] = {}
        for name, said in elements(path, "VMP", "DFORM", "DROUTE", "VPI"):
            if name == "VMP":
                vmps.append(said)
                continue
            of = facts.setdefault(said.get("VPID", ""), {})
            field, code = {
                "DFORM": ("form", said.get("FORMCD", "")),
                "DROUTE": ("route", said.get("ROUTECD", "")),
                "VPI": ("ingredient", said.get("ISID", "")),
            }[name]
            text = named.get(code, code)
            of[field] = f"{of[field]}; {text}" if field in of else text
        for said in vmps:
            more = facts.get(said.get("VPID", ""), {})
            if said.get("PRES_STATCD") == _BY_BRAND:
                more = {**more, "by_brand": "yes"}
            yield _term(said, "VPID", "VMP", "VTMID", previous="VPIDPREV", facts=more)


def _amps(files: list[Path]) -> Iterator[Term]:
    for path in files:
        for _, said in elements(path, "AMP"):
            yield _term(said, "APID", "AMP", "VPID", previous="")


def _term(
    said: Mapping[str, str],
    id: str,
    tag: str,
    parent: str = "",
    *,
    previous: str,
    facts: Mapping[str, str] | None = None,
) -> Term:
    code, name = said.get(id, "").strip(), said.get("NM", "").strip()
    full = said.get("DESC", "").strip()
    also = (said.get("ABBREVNM", "").strip(), said.get("NM_PREV", said.get("NMPREV", "")).strip())
    above = said.get(parent, "").strip() if parent else ""
    before = said.get(previous, "").strip() if previous else ""
    return Term(
        code=code,
        title=name or code,
        full=full if full != name else "",
        words=tuple(word for word in also if word),
        active="INVALID" not in said,
        tag=tag,
        parents=(above,) if above else (),
        facts={**(facts or {}), **({"previous": before} if before else {})},
    )


def _previous(term: Term) -> Iterator[Term]:
    """The identifier a thing had before, as a retired term that says what replaced it."""
    if before := term.facts.get("previous", ""):
        yield Term(
            code=before,
            title=term.title,
            active=False,
            tag=term.tag,
            maps=(Map(DMD, term.code, "equivalent"),),
        )


def _without_missing(terms: dict[str, Term]) -> tuple[dict[str, Term], tuple[str, ...]]:
    """Products whose parent is in none of the files lose it; how many, in words."""
    orphans = [one for one in terms.values() if any(up not in terms for up in one.parents)]
    for one in orphans:
        terms[one.code] = Term(
            code=one.code,
            title=one.title,
            full=one.full,
            words=one.words,
            active=one.active,
            tag=one.tag,
            facts=one.facts,
        )
    said = f"{len(orphans):,} products whose generic is in none of the files stand alone"
    return terms, (said,) if orphans else ()

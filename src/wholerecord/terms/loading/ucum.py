"""UCUM from `ucum-essence.xml`: prefixes, base units and units with their definitions.

Source: UCUM 2.1. A special unit (degrees Celsius, pH) is defined by a function, which is named.
"""

from lxml import etree

from wholerecord.terms.content import UCUM, BadRelease, Content, Term
from wholerecord.terms.loading.files import Given


def read_ucum(given: Given) -> Content:
    """Every prefix and unit; its definition is in its facts.

    Raises:
        BadRelease: the file is missing or is not UCUM's.
    """
    path = given.wanted(r".*ucum-essence.*\.xml", "ucum-essence.xml")[0]
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
    )
    try:
        tree = etree.parse(path, parser)
    except etree.XMLSyntaxError as error:
        raise BadRelease(f"{path.name} is not XML, line {error.lineno}.") from None
    if tree.docinfo.internalDTD is not None:
        raise BadRelease(f"{path.name} declares a document type.")
    root = tree.getroot()
    terms: dict[str, Term] = {}
    for element in root:
        kind, code = element.tag.rpartition("}")[2], element.get("Code", "")
        if kind in {"prefix", "base-unit", "unit"} and code:
            name = f"prefix {code}" if kind == "prefix" else code
            terms[name] = _term(name, kind, element)
    if not any(term.tag == "base-unit" for term in terms.values()):
        raise BadRelease(f"{path.name} holds no base unit: it is not UCUM's.")
    return Content(
        kind="ucum",
        system=UCUM,
        version=given.version or root.get("version", "not said"),
        title="UCUM",
        terms=terms,
    )


def _term(code: str, kind: str, element: etree._Element) -> Term:  # pyright: ignore[reportPrivateUsage]
    names: list[str] = []
    facts = {"metric": element.get("isMetric", ""), "special": element.get("isSpecial", "")}
    for child in element:
        match child.tag.rpartition("}")[2]:
            case "name" | "printSymbol":
                names.append("".join(str(text) for text in child.itertext()).strip())
            case "property":
                facts["property"] = child.text or ""
            case "value":
                facts["value"] = child.get("value", "")
                facts["unit"] = child.get("Unit", "")
            case _:
                continue
    return Term(
        code=code,
        title=names[0] if names else code,
        words=tuple(name for name in names[1:] if name),
        tag=kind,
        facts={fact: said for fact, said in facts.items() if said},
    )

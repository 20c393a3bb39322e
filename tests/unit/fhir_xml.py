"""FHIR in JSON written as FHIR in XML, the way the standard says: for tests only."""

from decimal import Decimal
from typing import Any
from xml.sax.saxutils import quoteattr


def as_xml(resource: Any) -> bytes:
    """A resource's tree as an XML document."""
    kind = resource["resourceType"]
    return f'<{kind} xmlns="http://hl7.org/fhir">{_parts(resource)}</{kind}>'.encode()


def _parts(said: Any) -> str:
    written = []
    for name, value in said.items():
        if name == "resourceType":
            continue
        if name.startswith("_"):
            if name[1:] not in said:
                written += [_one(name[1:], None, more) for more in _list(value)]
            continue
        more = _list(said.get(f"_{name}"))
        for n, one in enumerate(_list(value)):
            written.append(_one(name, one, more[n] if n < len(more) else None))
    return "".join(written)


def _one(name: str, value: Any, more: Any) -> str:
    if name == "div" and isinstance(value, str):
        return value
    if isinstance(value, dict):
        if "resourceType" in value:
            kind = value["resourceType"]
            return f"<{name}><{kind}>{_parts(value)}</{kind}></{name}>"
        attribute = name in {"extension", "modifierExtension"}
        url = f" url={quoteattr(value['url'])}" if attribute else ""
        inner = {key: part for key, part in value.items() if not (key == "url" and url)}
        own = f" id={quoteattr(inner.pop('id'))}" if isinstance(inner.get("id"), str) else ""
        return f"<{name}{own}{url}>{_parts(inner)}</{name}>"
    own = f" id={quoteattr(more['id'])}" if more and "id" in more else ""
    inner = "".join(_one("extension", one, None) for one in (more or {}).get("extension", ()))
    said = "" if value is None else f" value={quoteattr(_text(value))}"
    return f"<{name}{own}{said}>{inner}</{name}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, Decimal)) else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]

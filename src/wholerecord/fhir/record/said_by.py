"""Who said it, as the extension every resource carries; and the shape of resources here."""

from typing import Any

from wholerecord.fold import Said

_SAID_BY = "https://wholerecord.example/StructureDefinition/said-by"
HL7 = "http://terminology.hl7.org/CodeSystem"

Json = dict[str, Any]


def said_by(said: Said) -> Json:
    """One statement: its source, words, status, place and times."""
    parts = {
        "source": said.source,
        "resource": f"{said.kind}/{said.id}",
        "words": said.words,
        "status": said.status,
        "place": said.place,
    }
    extension = [{"url": name, "valueString": text} for name, text in parts.items() if text]
    extension.append({"url": "received", "valueInstant": said.received.isoformat()})
    if said.recorded:
        extension.append({"url": "recorded", "valueDateTime": said.recorded.text})
    return {"url": _SAID_BY, "extension": extension}


def without_empty(resource: Json) -> Json:
    """The resource without elements that say nothing: FHIR has no empty elements."""
    return {name: value for name, value in resource.items() if value not in ("", [], {}, None)}

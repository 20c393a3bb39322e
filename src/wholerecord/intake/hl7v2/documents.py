"""TXA with its OBX as a DocumentReference that holds the document.

Source: v2-to-FHIR segment maps TXA[DocumentReference], OBX[DocumentReference]; message map MDM_T02;
HL7 v2.5.1 chapter 9. A document is known by its number (TXA-12): an edit is a later version of it,
T11 takes it back, an addendum appends to its parent (TXA-13) and a replacement replaces it.
"""

import base64
from collections.abc import Sequence

from wholerecord.intake.hl7v2.attachment import attachment
from wholerecord.intake.hl7v2.datatypes import Json, Said, concept, staff
from wholerecord.intake.hl7v2.moments import instant
from wholerecord.intake.hl7v2.requests import say_requests
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Reason

#: Table 0271 Document Completion Status.
_DONE = {
    **dict.fromkeys(("DI", "DO", "IN", "IP", "PA"), "preliminary"),
    **dict.fromkeys(("AU", "LA"), "final"),
}
#: Table 0273 Document Availability Status.
_AVAILABLE = {"CA": "entered-in-error", "OB": "superseded", "UN": "entered-in-error"}
#: Events that add to a document, and that stand in its place.
_RELATES = {"T05": "appends", "T06": "appends", "T09": "replaces", "T10": "replaces"}
_KINDS = "http://terminology.hl7.org/CodeSystem/v2-0270"
_CONFIDENTIAL = "http://terminology.hl7.org/CodeSystem/v2-0272"
_DOCUMENTS = frozenset({"ED", "RP"})


def say_documents(telling: Telling, group: Sequence[Segment]) -> None:
    """File every document of a patient's segments."""
    at = [n for n, segment in enumerate(group) if segment.name == "TXA"]
    if not at:
        telling.fault(Reason.CUT_SHORT, "TXA", "no TXA segment says what the document is")
        return
    # An order before the document is what asked for it.
    say_requests(telling, group[: at[0]] if at else group)
    for start, end in zip(at, [*at[1:], len(group)], strict=True):
        under = [each for each in group[start:end] if each.name in {"OBX", "NTE"}]
        _say_document(telling, group[start], under)


def _say_document(telling: Telling, txa: Segment, under: Sequence[Segment]) -> None:
    number = txa.text(12) or txa.text(12, 3)
    parent = txa.text(13) or txa.text(13, 3)
    relation = _RELATES.get(telling.event, "") if parent and parent != number else ""
    title = txa.text(25) or txa.text(2, 2)
    known_by = number or f"in {telling.control}"
    telling.say(
        "DocumentReference",
        telling.unlike("DocumentReference", *telling.number, known_by),
        txa.place,
        {
            "masterIdentifier": {"value": number} if number else {},
            "identifier": [{"value": name} if (name := txa.text(16)) else {}]
            if txa.text(16)
            else [],
            "status": _status(telling.event, txa),
            "docStatus": _DONE.get(txa.text(17).upper(), ""),
            "type": concept(txa.first(2), _KINDS),
            "subject": telling.subject,
            "date": instant(txa.text(6)) or instant(txa.text(4)),
            "author": [
                said
                for field in (9, 5)
                for each in txa.repetitions(field)[:1]
                if (said := staff(each))
            ][:1],
            "authenticator": staff(txa.first(22)) or staff(txa.first(10)),
            "relatesTo": [_relation(telling, relation, parent)] if relation else [],
            "description": title,
            "securityLabel": _label(txa),
            "content": _contents(under, title, txa),
            "context": _context(telling, txa),
        },
    )


def _status(event: str, txa: Segment) -> str:
    if event == "T11":
        return "entered-in-error"
    return _AVAILABLE.get(txa.text(19).upper(), "current")


def _relation(telling: Telling, relation: str, parent: str) -> Json:
    target = fhir_id(*telling.number, parent, "")
    return {"code": relation, "target": {"reference": f"DocumentReference/{target}"}}


def _label(txa: Segment) -> list[Said]:
    said = concept(txa.first(18), _CONFIDENTIAL)
    return [said] if said else []


def _context(telling: Telling, txa: Segment) -> Json:
    said: Json = {}
    if telling.visit:
        said["encounter"] = [telling.encounter]
    if when := telling.moment(txa, 4):
        said["period"] = {"start": when}
    return said


def _contents(under: Sequence[Segment], title: str, txa: Segment) -> list[Json]:
    """Each embedded document, and all the text as one; only a title where there is neither."""
    said: list[Json] = []
    lines: list[str] = []
    for segment in under:
        if segment.name == "OBX" and segment.text(2).upper() in _DOCUMENTS:
            if one := attachment(segment):
                said.append({"attachment": one})
            continue
        field = 5 if segment.name == "OBX" else 3
        lines.append(_words(segment, field))
    text = "\n".join(lines).strip("\n")
    if text:
        data = base64.b64encode(text.encode()).decode()
        one: Json = {"contentType": "text/plain; charset=UTF-8", "data": data}
        said.insert(0, {"attachment": one | ({"title": title} if title else {})})
    return said or [{"attachment": {"title": title or txa.text(2) or "not named"}}]


def _words(segment: Segment, field: int) -> str:
    """A value as a line of the document: what is not text by its own name, as printed."""
    if segment.name == "NTE" or segment.text(2).upper() in {"", "ST", "TX", "FT"}:
        return segment.whole(field)
    name = segment.text(3, 2) or segment.text(3)
    value = " ".join(part for each in segment.repetitions(5) for part in each.texts())
    unit = segment.text(6)
    return f"{name}: {value} {unit}".strip(" :")

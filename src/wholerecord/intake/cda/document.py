"""The document itself as DocumentReference: its narrative as plain text, and what it embeds.

Source: CDA R2, header and `nonXMLBody`; FHIR R4 DocumentReference. `setId` names a document
through its versions, so that a replacement is a later version of it.
"""

import binascii
from base64 import b64decode

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import Json, identifier, plain, words_of
from wholerecord.intake.cda.look import every, first, inner, said
from wholerecord.intake.cda.sections import text_of_sections
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.fhir.ids import id_from
from wholerecord.intake.letters.resource import attachments, text_attachment
from wholerecord.intake.letters.text import text_in
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_UNREAD = "urn:wholerecord:entries-not-read"


def say_document(telling: Telling, root: Element) -> None:
    """File the document: always, whatever else of it could be read."""
    kind = telling.concept(first(root, "code"))
    title = plain(first(root, "title")) or words_of(kind)
    own = first(root, "id")
    numbers = [
        found
        for each in (own, first(root, "setId"))
        if each is not None and (found := identifier(each))
    ]
    body: Json = {
        "status": "current",
        "docStatus": "final" if first(root, "legalAuthenticator") is not None else "",
        "masterIdentifier": numbers[0] if numbers else {},
        "identifier": numbers,
        "type": kind,
        "subject": telling.subject,
        "date": telling.written if len(telling.written) > 10 else "",
        "author": [telling.author] if telling.author else [],
        "description": title or "Document",
        "content": _content(telling, root, title),
        "context": {"encounter": [telling.encounter]} if telling.encounter else {},
        "relatesTo": _replaces(root),
        "securityLabel": [{"coding": telling.meta["security"]}]
        if telling.meta.get("security")
        else [],
    }
    tags = [{"system": _UNREAD, "code": each} for each in telling.unread]
    telling.say(
        "DocumentReference",
        None,
        {**body, **({"meta": {"tag": tags}} if tags else {})},
        id=_number(first(root, "setId")) or _number(own),
    )


def _number(element: Element | None) -> str:
    root, extension = said(element, "root"), said(element, "extension")
    return id_from(f"{root}.{extension}" if extension else root) if root or extension else ""


def _content(telling: Telling, root: Element, title: str) -> list[Json]:
    """The narrative as text, then what the document embeds and the text in that."""
    found: list[Json] = []
    text = text_of_sections(root)
    if text:
        found.append(text_attachment(text, title))
    unstructured = first(root, "component", "nonXMLBody", "text")
    if unstructured is not None:
        found += _embedded(telling, unstructured, title)
    if not found:
        found.append({"attachment": {"title": title or "Document"}})
    return found


def _embedded(telling: Telling, element: Element, title: str) -> list[Json]:
    media = (said(element, "mediaType") or "text/plain").lower()
    reference = said(first(element, "reference"), "value")
    inside = inner(element)
    if not inside.strip():
        if not reference:
            telling.fault(Reason.EMPTY, "nonXMLBody: no content")
            return []
        return [{"attachment": {"contentType": media, "url": reference, "title": title}}]
    if said(element, "representation").upper() != "B64":
        return [text_attachment(inside.strip(), title)]
    try:
        data = b64decode("".join(inside.split()), validate=True)
    except (binascii.Error, ValueError):
        telling.fault(Reason.NOT_TEXT, "nonXMLBody: not base64")
        return []
    return attachments(data, title or "Document", text_in(data, media))


def _replaces(root: Element) -> list[Json]:
    """The documents this one replaces or adds to, by number."""
    codes = {"RPLC": "replaces", "APND": "appends", "XFRM": "transforms"}
    found: list[Json] = []
    for each in every(root, "relatedDocument"):
        relation = codes.get(said(each, "typeCode").upper())
        parent = first(each, "parentDocument", "id")
        if relation and parent is not None and (number := identifier(parent)):
            found.append({"code": relation, "target": {"identifier": number}})
    return found


def confidentiality(root: Element) -> list[Json]:
    """The document's confidentiality, where it is more than normal."""
    code = said(first(root, "confidentialityCode"), "code").upper()
    system = tables.SYSTEM["2.16.840.1.113883.5.25"]
    return [{"system": system, "code": code}] if code in {"R", "V"} else []

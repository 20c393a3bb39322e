"""An OBX that holds or points at a document, as an Attachment.

Source: v2-to-FHIR datatype maps ED[Attachment], RP[Attachment].
"""

import base64

from wholerecord.intake.hl7v2.datatypes import Json, concept
from wholerecord.intake.hl7v2.segment import Composite, Segment

_FORMAT = {
    "PDF": "application/pdf",
    "RTF": "application/rtf",
    "HTML": "text/html",
    "XML": "application/xml",
    "TXT": "text/plain",
    "JPEG": "image/jpeg",
    "JPG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
}


def attachment(obx: Segment) -> Json:
    """The document of an OBX of type ED or RP; empty when there is none.

    What is not base64 is made so: FHIR holds documents in no other form.
    """
    value = obx.first(5)
    title = concept(obx.first(3))
    words = title.get("text") or next((c.get("display", "") for c in title.get("coding", ())), "")
    said: Json = {"title": words} if words else {}
    if kind := _type(value):
        said["contentType"] = kind
    if obx.text(2).upper() == "RP":
        pointer = value.text(1)
        return said | {"url": pointer} if pointer else {}
    data = value.text(5)
    if not data:
        return {}
    if value.text(4).upper() == "BASE64":
        return said | {"data": "".join(data.split())}
    return said | {"data": base64.b64encode(data.encode()).decode()}


def _type(value: Composite) -> str:
    kind, subtype = value.text(2), value.text(3)
    if known := _FORMAT.get(subtype.upper()):
        return known
    if "/" in kind:
        return kind
    if kind and subtype:
        return f"{kind}/{subtype}".lower()
    return _FORMAT.get(kind.upper(), "")

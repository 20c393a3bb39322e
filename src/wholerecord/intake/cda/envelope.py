"""The CDA documents in a message: alone, in an ITK distribution envelope, or that in SOAP.

Source: NHS ITK, "ITK Distribution Envelope" (payloads may be base64: `manifestitem/@base64`, and
`@compressed`, which is not read); SOAP 1.1.
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from itertools import islice

from wholerecord.intake.cda.look import inner
from wholerecord.intake.markup import Element, local, parse
from wholerecord.intake.reading import Fault, Reason

#: Payloads of one envelope: no sender has more.
_MOST = 64
_DOCUMENT, _ENVELOPES = "ClinicalDocument", frozenset({"Envelope", "DistributionEnvelope"})


def documents(root: Element) -> Iterator[tuple[Element | Fault, str]]:
    """(document or why it is none, place) of each document in a message."""
    if local(root) == _DOCUMENT:
        yield root, ""
        return
    if local(root) not in _ENVELOPES:
        yield _no_document(), ""
        return
    payloads = list(islice(root.iter("{*}payload"), _MOST + 1))
    if not payloads:
        inside = next(root.iter("{*}" + _DOCUMENT), None)
        yield (inside if inside is not None else _no_document()), ""
        return
    for n, payload in enumerate(payloads[:_MOST], start=1):
        yield _in_payload(payload, root), f"payload[{n}] " if len(payloads) > 1 else ""
    if len(payloads) > _MOST:
        yield Fault(reason=Reason.TOO_LARGE, detail=f"more than {_MOST} payloads"), ""


def _in_payload(payload: Element, root: Element) -> Element | Fault:
    document = next(payload.iter("{*}" + _DOCUMENT), None)
    if document is not None:
        return document
    text = inner(payload)
    item = next((i for i in root.iter("{*}manifestitem") if i.get("id") == payload.get("id")), None)
    if item is not None and item.get("compressed") == "true":
        return Fault(reason=Reason.NOT_READ_YET, place="payload", detail="a compressed payload")
    try:
        body = b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return _no_document()
    parsed = parse(body) if body.lstrip()[:1] == b"<" else _no_document()
    if isinstance(parsed, Fault):
        return parsed
    return parsed if local(parsed) == _DOCUMENT else _no_document()


def _no_document() -> Fault:
    return Fault(reason=Reason.NOT_READ_YET, detail="XML that holds no CDA document")

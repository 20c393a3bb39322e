"""A message as it was sent, read: who sends what, and the changes that it asks for.

What a message says is written as anything a client writes. What has identifiers is said anew where
this client said it before, and everything else is new.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wholerecord.access.envelope import MESSAGE
from wholerecord.access.saying import Change
from wholerecord.fhir.problem import problem
from wholerecord.fhir.validation import must_be_valid
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.record import canonical

#: Tags of a receipt: the message's id, and the hash of what came with it.
HASH = "https://wholerecord.example/Id/message-sha256"
#: Entries of one message; letters of its id.
_MOST, _LONGEST = 1_000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message: its header, its id, the hash of its bytes, and what it asks to be written."""

    id: str
    header: Object
    sha256: str
    changes: Sequence[Change]

    @property
    def receipt(self) -> Change:
        """What is kept of the message itself: that it came. Whom it is about is not in it."""
        named = {name: self.header[name] for name in _KEPT if name in self.header}
        tags = [{"system": MESSAGE, "code": self.id}, {"system": HASH, "code": self.sha256}]
        kept = {"resourceType": "MessageHeader", "meta": {"tag": tags}, **named}
        return Change(
            method="POST",
            kind="MessageHeader",
            resource=canonical(kept),
            where=(f"{MESSAGE}|{self.id}",),
            place="Bundle.entry[0]",
        )


_KEPT = ("eventCoding", "eventUri", "source")


def sent(bundle: Object, body: bytes) -> Sent:
    """The message that a Bundle is.

    Raises:
        Problem: 400 where it is no message, 422 where what is in it is not as FHIR has it.
    """
    if bundle.get("type") != "message":
        raise problem(400, "invalid", "Send a Bundle of type message.", "Bundle.type")
    entries = objects(bundle.get("entry"))
    header = an_object(entries[0].get("resource")) if entries else {}
    if header.get("resourceType") != "MessageHeader":
        says = "The first entry of a message is its MessageHeader."
        raise problem(400, "required", says, "Bundle.entry[0].resource")
    must_be_valid("MessageHeader", header, "Bundle.entry[0].resource.")
    own = text(header.get("id"))
    if not own or len(own) > _LONGEST:
        says = "A message has an id of its own, by which it is done once."
        raise problem(400, "required", says, "Bundle.entry[0].resource.id")
    if len(entries) > _MOST:
        raise problem(413, "too-costly", f"A message has at most {_MOST} entries here.")
    changes = [_change(entry, n) for n, entry in enumerate(entries[1:], start=1)]
    digest = hashlib.sha256(body).hexdigest()
    return Sent(id=own, header=header, sha256=digest, changes=changes)


def _change(entry: Object, n: int) -> Change:
    place = f"Bundle.entry[{n}]"
    resource = an_object(entry.get("resource"))
    kind = text(resource.get("resourceType"))
    if kind not in R4_TYPES - {"Bundle", "Subscription", "MessageHeader"}:
        says = "A message holds resources of FHIR R4, and one MessageHeader."
        raise problem(400, "not-supported", says, f"{place}.resource")
    must_be_valid(kind, resource, f"{place}.resource.")
    where = _identifiers(resource)
    return Change(
        method="PUT" if where else "POST",
        kind=kind,
        resource=canonical({name: value for name, value in resource.items() if name != "id"}),
        where=where,
        full_url=text(entry.get("fullUrl")),
        place=place,
    )


def _identifiers(resource: Object) -> tuple[str, ...]:
    """What a resource is known by to who sends it."""
    each: list[Any] = objects(resource.get("identifier"))
    said = ((text(one.get("system")), text(one.get("value"))) for one in each)
    return tuple(dict.fromkeys(f"{system}|{value}" for system, value in said if system and value))

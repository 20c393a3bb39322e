"""The number by which a source knows a patient, from a FHIR Patient or a reference to one.

Source: FHIR R4 Patient; HL7 v2 table 0203 (`MR`, a hospital's own number). An NHS number whose
check digit is wrong is never used: two people could share it.
"""

import re
from urllib.parse import urlsplit

from wholerecord.intake.fhir.ids import id_by_content
from wholerecord.intake.fhir.shape import Object, an_object, codings, objects, text
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: Where the Personal Demographics Service is: there a Patient's id is their NHS number.
_PDS = ("api.service.nhs.uk", "personal-demographics")


def number_of(patient: Object, *, full_url: str = "", in_message: bool = False) -> str:
    """The number a Patient resource is filed under, never empty.

    Its own id, except where that only holds within this message: then its local (MR) identifier,
    its NHS number, any other identifier, and last what it says.
    """
    own = text(patient.get("id"))
    transient = in_message and (full_url.startswith("urn:") or _UUID.fullmatch(own) is not None)
    if own and not transient:
        return own
    return (
        number_by_identifiers(objects(patient.get("identifier")))
        or own
        or full_url.removeprefix("urn:uuid:")
        or id_by_content(patient)
    )


def number_by_identifiers(identifiers: list[Object]) -> str:
    """The number of the best identifier: local, NHS number, any other; "" when none will do."""
    numbers = [(_rank(identifier), number_by(identifier)) for identifier in identifiers]
    return min(((rank, number) for rank, number in numbers if number), default=(0, ""))[1]


def number_by(identifier: Object) -> str:
    """`nhs:9990000018` or `system|value`; "" for a bad NHS number or no value."""
    return number_in(text(identifier.get("system")), text(identifier.get("value")))


def number_in(system: str, value: str) -> str:
    """The same of a system and a value."""
    value = value.strip()
    if system == NHS_NUMBER_SYSTEM:
        nhs = NhsNumber.parse(value)
        return f"nhs:{nhs.digits}" if nhs else ""
    return f"{system}|{value}" if value else ""


def number_at(base: str, id: str) -> str:
    """The number of a Patient on a server that is not known to be the sender's own.

    The whole address, so that two servers' ids are never taken for one; for PDS, the NHS number.
    """
    host, path = _PDS
    parts = urlsplit(base) if base.startswith("https://") and "[" not in base else None
    if parts and _is_within(parts.hostname or "", host) and path in parts.path.split("/"):
        return number_in(NHS_NUMBER_SYSTEM, id)
    return f"{base}/Patient/{id}"


def _is_within(host: str, domain: str) -> bool:
    """Whether a host is of a domain, by its labels: `evil-nhs.uk` is not of `nhs.uk`."""
    labels = domain.strip(".").split(".")
    return host.split(".")[-len(labels) :] == labels


def _rank(identifier: Object) -> int:
    kinds = {text(c.get("code")) for c in codings(an_object(identifier.get("type")))}
    if "MR" in kinds:
        return 0
    return 1 if identifier.get("system") == NHS_NUMBER_SYSTEM else 2

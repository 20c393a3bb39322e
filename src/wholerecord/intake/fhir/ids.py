"""Ids for resources whose source gave none: the same thing said again gets the same id.

Source: FHIR R4, datatype `id`: 1 to 64 of A-Z, a-z, 0-9, `-` and `.`.
"""

import hashlib
import re

from wholerecord.intake.fhir.shape import Object, objects, text
from wholerecord.record import canonical

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def id_from(name: str) -> str:
    """`name` itself where it is a FHIR id (a colon becomes a hyphen), else 32 digits from it."""
    plain = name.replace(":", "-")
    if _ID.fullmatch(plain):
        return plain
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def id_by_identifiers(kind: str, resource: Object) -> str | None:
    """An id made of every business identifier the resource has, in any order; None without one."""
    pairs = sorted(
        f"{text(identifier.get('system'))}|{text(identifier.get('value'))}"
        for identifier in objects(resource.get("identifier"))
        if text(identifier.get("value"))
    )
    return _hashed(f"{kind}\0{chr(0).join(pairs)}".encode()) if pairs else None


def id_by_content(resource: Object) -> str:
    """An id made of everything the resource says."""
    return _hashed(canonical(resource))


def _hashed(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:32]

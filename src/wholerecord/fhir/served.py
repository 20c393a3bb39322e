"""A statement as it is served: its own bytes, with the id, version and time the server gives it.

Elements are taken apart no further than the top: decimals and everything else leave as they came.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from wholerecord.access.read_said import Shown
from wholerecord.intake.fhir.about import NOT_ABOUT_A_PATIENT, R4_TYPES
from wholerecord.intake.fhir.shape import is_array, is_object
from wholerecord.record import (
    LogicalId,
    PatientId,
    PatientKey,
    Statement,
    Version,
    canonical,
    read_json,
)

_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])
_META = msgspec.json.Decoder(dict[str, msgspec.Raw])
#: In canonical JSON a quote inside a string is escaped, so this finds elements and nothing else.
_REFERENCE = re.compile(rb'"reference":"([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})"')
#: What may say where somebody lives, wherever it stands.
_WHEREABOUTS = frozenset(
    {"address", "telecom", "contact", "text", "contained", "generalPractitioner"}
)


def served(shown: Shown) -> bytes:
    """The resource as JSON."""
    return of_version(shown.version, unplaced=shown.unplaced)


def of_version(version: Version, *, unplaced: bool = False) -> bytes:
    """The same of a version; `unplaced` without whatever may say where its person lives."""
    statement = version.statement
    body = statement.body
    if unplaced:
        body = canonical(_unplaced(read_json(body)))
    top = _TOP.decode(_led(statement, version, body))
    moment = instant(version).encode()
    if "meta" in top:
        meta = _META.decode(top["meta"])
        meta["versionId"] = msgspec.Raw(b'"%d"' % version.number)
        meta["lastUpdated"] = msgspec.Raw(b'"%s"' % moment)
        top["meta"] = msgspec.Raw(msgspec.json.encode(meta))
    else:
        said = b'{"versionId":"%d","lastUpdated":"%s"}' % (version.number, moment)
        top["meta"] = msgspec.Raw(said)
    top["id"] = msgspec.Raw(b'"%s"' % version.id.text.encode())
    return msgspec.json.encode(top)


def instant(version: Version) -> str:
    """When the version was filed, as FHIR writes a moment."""
    return moment_said(version.filed)


def moment_said(moment: datetime) -> str:
    """A moment of UTC as FHIR writes it, in milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _led(statement: Statement, version: Version, body: bytes) -> bytes:
    """The body, its references leading to where the same source's resources are served."""
    if b'"reference"' not in body:
        return body

    def lead(match: re.Match[bytes]) -> bytes:
        return _lead(match[1], match[2], statement.source, version.id.patient) or match[0]

    return _REFERENCE.sub(lead, body)


@lru_cache(maxsize=4096)
def _lead(named: bytes, said: bytes, source: str, about: PatientId) -> bytes:
    """The reference to what a source calls so; b"" where it leads somewhere already.

    Remembered, for most of what is said of somebody refers to the same few.
    """
    kind, own = named.decode(), said.decode()
    if kind not in R4_TYPES or LogicalId.parse(own):
        return b""
    if kind == "Patient":
        patient = PatientKey(source, own).id
    elif kind in NOT_ABOUT_A_PATIENT:
        patient = PatientKey(source, "").id
    else:
        patient = about
    return b'"reference":"%s/%s"' % (named, LogicalId.of(patient, own).text.encode())


def _unplaced(value: Any) -> Any:
    if is_array(value):
        return [_unplaced(one) for one in value]
    if not is_object(value):
        return value
    return {name: _unplaced(one) for name, one in value.items() if name not in _WHEREABOUTS}

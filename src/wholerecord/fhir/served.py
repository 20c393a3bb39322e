"""A statement as it is served: its own bytes, with the id, version and time the server gives it.

Elements are taken apart no further than the top: decimals and everything else leave as they came.
What a feed said otherwise than R4 has its type is marked besides (`fhir.marked`).
"""

import re
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache

import msgspec

from wholerecord.access.read_said import Shown
from wholerecord.access.whereabouts import body_unplaced
from wholerecord.fhir.marked import is_marked, says_so, with_mark
from wholerecord.intake.fhir.about import NOT_ABOUT_A_PATIENT, R4_TYPES
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


#: All that a resource as it is served is made of: the body itself, and what the server adds.
_Key = tuple[bytes, str, LogicalId, int, datetime, bool]


class _Remembered:
    """Resources as they are served, up to so many bytes; those used longest ago are let go of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._known: OrderedDict[_Key, bytes] = OrderedDict()

    def get(self, key: _Key) -> bytes | None:
        """What is served of it, if that is remembered."""
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, key: _Key, said: bytes) -> None:
        """Remember it."""
        self._known[key] = said
        self._held += len(said) + len(key[0])
        while self._held > self._most:
            (body, *_), old = self._known.popitem(last=False)
            self._held -= len(old) + len(body)


_SERVED = _Remembered(64 << 20)


def served(shown: Shown) -> bytes:
    """The resource as JSON."""
    return of_version(shown.version, unplaced=shown.unplaced)


def of_version(version: Version, *, unplaced: bool = False) -> bytes:
    """The same of a version; `unplaced` without whatever may say where its person lives.

    Remembered: a version never changes, and most that are read are read again.
    """
    said = version.statement
    key = (said.body, said.source, version.id, version.number, version.filed, unplaced)
    found = _SERVED.get(key)
    if found is None:
        found = _made(version, unplaced=unplaced)
        _SERVED.put(key, found)
    return found


def _made(version: Version, *, unplaced: bool) -> bytes:
    statement = version.statement
    body = statement.body
    if unplaced:
        body = canonical(body_unplaced(read_json(body)))
    top = _TOP.decode(_led(statement, version, body))
    moment = instant(version).encode()
    marked = is_marked(statement)
    if "meta" in top or marked:
        meta = _META.decode(top.get("meta", b"{}"))
        if marked or says_so(statement.body):
            with_mark(meta, marked=marked)
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

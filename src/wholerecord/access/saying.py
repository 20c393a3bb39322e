"""What a client says through the door, as values; and the port that files it in one commit.

Deciding, keeping the message, filing it, linking its patients and writing down the openings are one
commit, shared by all who write at the same moment. See decision 17.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal, NamedTuple, Protocol

from wholerecord.access.opening import Ask, DecideAccess, Refused
from wholerecord.intake import Filing
from wholerecord.record import LogicalId, MessageId, PatientId, PersonId, Version

#: A resource: its type and logical id.
Key = tuple[str, LogicalId]


class Known(NamedTuple):
    """A resource that was found by what it is known by, and who it is about; it is not opened."""

    id: LogicalId
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource to be created (POST), replaced (PUT) or taken back (DELETE).

    `id` is the one to replace or take back. `where` makes the change conditional: on the resource
    of this client that has all these identifiers (`system|value`). `resource` is JSON as the client
    said it, `full_url` what other changes of the same commit call it, `place` where it stands.
    """

    method: Literal["POST", "PUT", "DELETE"]
    kind: str
    id: LogicalId | None = None
    where: tuple[str, ...] = ()
    resource: bytes = b""
    full_url: str = ""
    if_match: int | None = None
    place: str = ""


class Outcome(Enum):
    """What became of a change."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change that is done. `version` is the newest then; None where there never was one."""

    outcome: Outcome
    version: Version | None


class Why(Enum):
    """Why a change cannot be done, as nothing of its commit then is."""

    UNKNOWN = "there is nothing at that address that you may change"
    GONE = "it was deleted"
    NOT_CLIENTS_ID = "ids are given by the server: create it with POST"
    OTHER_VERSION = "it is not at the version the request names"
    SEVERAL = "several resources have that identifier"
    NOT_YOURS = "another source said it: say your own, or rule on what was said"
    TWICE = "the request names one resource twice"
    NOT_FILED = "it cannot be filed as it stands"
    NO_SUCH_PATIENT = "it names a patient who is not known here"
    MOVED = "it would become another patient's: delete it, and create it there"
    HIDDEN = "parts of it are not shown to you, and would be lost: its source corrects it"
    RACED = "somebody else changed the same just now: try again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """Nothing was filed, and why. `place` is where in the request, `detail` says more."""

    why: Why
    place: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What one commit keeps, files and links.

    `expects` are the resources that must still be at these versions, `found` the tokens that must
    still have been written with exactly these resources, `names` the tokens of what is written.
    `joins` are patients of the client who are persons already known.
    """

    source: str
    body: bytes
    filing: Filing
    expects: Mapping[Key, int]
    found: Mapping[int, frozenset[Key]]
    names: frozenset[tuple[int, str, LogicalId]]
    joins: Mapping[PatientId, PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """It is filed. `linked` are the persons of patients not linked before."""

    message: MessageId
    received: datetime
    filed: datetime
    linked: frozenset[PersonId]


class Stale:
    """What the writing was made from has changed since: nothing was written."""


class Writings(Protocol):
    """Where clients' writes are decided, kept, filed, linked and written down together."""

    async def write(
        self, asks: Sequence[Ask], decide: DecideAccess, writing: Writing
    ) -> Written | Stale | Refused:
        """Do it where every one of `asks` is allowed, in one commit with their openings. Gathered.

        Raises:
            Conflict: two patients would have one key.
        """
        ...


def token(source: str, kind: str, identifier: str) -> int:
    """64 bits of what a resource is known by to its source: what is written with it is unique."""
    digest = hashlib.sha256(f"{source}\0{kind}\0{identifier}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)

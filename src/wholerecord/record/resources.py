"""Statements as resources with versions: the newest of each, and all there were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from wholerecord.record.logical_id import LogicalId
from wholerecord.record.statement import PatientId, PersonId, Statement

#: A retraction: its source took the resource back. Everything said before is kept.
RETRACTED = {"system": "https://wholerecord.example/CodeSystem/said", "code": "retracted"}


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The `number`-th version (from 1) of a resource, since `filed`.

    `gone` says that it takes the resource back. `person` is who its patient is now; nobody where it
    is of its source's directory (`shared`) or the patient is not linked yet.
    """

    id: LogicalId
    statement: Statement
    number: int
    filed: datetime
    gone: bool
    person: PersonId | None
    shared: bool


#: Where in the order of filing a statement stands: when it was filed, and its address.
Mark = tuple[datetime, PatientId, int, int]


class FiledOf(msgspec.Struct, frozen=True, kw_only=True):
    """What was filed of a type ("": of all), since a moment, before a mark."""

    kind: str = ""
    since: datetime | None = None
    before: Mark | None = None


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A version where it stands in the order of filing; the next was filed at `until`, if any."""

    mark: Mark
    version: Version
    until: datetime | None


class FiledPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what was filed, newest first; more may be before `after`, None: there is none."""

    filed: tuple[Filed, ...]
    after: Mark | None


class Resources(Protocol):
    """Statements by type and logical id."""

    async def newest(self, asked: Sequence[tuple[str, LogicalId]]) -> Sequence[Version | None]:
        """The version filed last of each, None where nobody said one. Gathered."""
        ...

    async def newest_as_of(
        self, asked: Sequence[tuple[str, LogicalId]]
    ) -> Sequence[tuple[Version | None, int]]:
        """The same, each with its patient's `t` as it was then, 0 where nobody has that id.

        While the patient is still at that `t`, it is still the newest. Gathered.
        """
        ...

    async def current(self, patients: Sequence[PatientId]) -> Sequence[Version]:
        """The newest version of every resource of these patients, deletions too.

        In the order they were filed. Gathered.
        """
        ...

    async def versions(self, kind: str, id: LogicalId) -> Sequence[Version]:
        """Every version there is, oldest first; without those whose message was read again."""
        ...

    async def filed(
        self, asked: FiledOf, *, controller: str, person: PersonId | None, limit: int
    ) -> FiledPage:
        """The last `limit` versions, or fewer, of what was filed, newest first.

        Of that `person`; of None, of the people whom a source of the organisation knows, and of
        what is about nobody. Looks through a bounded part of what was filed: follow `after`.
        """
        ...

    async def named(self, tokens: Sequence[int]) -> Sequence[tuple[int, str, LogicalId]]:
        """Each token (see `identity`) with the types and ids of all that were written with it."""
        ...


class _Tag(msgspec.Struct):
    system: str = ""
    code: str = ""


class _Meta(msgspec.Struct):
    tag: tuple[_Tag, ...] = ()


class _Identified(msgspec.Struct):
    id: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)


_READ = msgspec.json.Decoder(_Identified)
_READ_ID: msgspec.json.Decoder[Any] = msgspec.json.Decoder(dict[str, msgspec.Raw])


def identified(body: bytes) -> tuple[str, bool]:
    """The source's own id for what a body says, and whether the body takes it back.

    A body whose tags are not as FHIR has them is of a source that means something else by them.
    """
    try:
        said = _READ.decode(body)
    except msgspec.ValidationError:
        own = _READ_ID.decode(body).get("id")
        return (msgspec.json.decode(bytes(own), type=str) if own is not None else ""), False
    if not said.meta.tag:
        return said.id, False
    gone = any(
        tag.code == RETRACTED["code"] and tag.system == RETRACTED["system"] for tag in said.meta.tag
    )
    return said.id, gone

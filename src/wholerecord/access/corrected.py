"""Requests that their sources did what was asked of: closed by what they sent since.

What a source does is read from the newest version of each resource that the request is about. To
take a resource back is enough for any request; what else is enough depends on what was asked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from wholerecord.access.corrections import Correction, State
from wholerecord.access.store import Store
from wholerecord.errors import NotFound
from wholerecord.fold import Unfolded, Verdict
from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.read import read
from wholerecord.fold.shape import IN_ERROR
from wholerecord.fold.sided import side_said
from wholerecord.record import LogicalId, Version

#: Who answers where a message did.
BY_MESSAGE = "a message of the source"
#: Source: FHIR R4 condition-clinical, allergyintolerance-clinical, medicationrequest-status and the
#: statuses of other resources by which a source says that what it said holds no longer.
_NO_MORE = frozenset(
    {"inactive", "resolved", "superseded", "stopped", "completed", "cancelled", "revoked", "ended"}
)
_PAGE = 200
_BODY: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])


async def close_corrected(store: Store) -> int:
    """Close the requests whose sources did what was asked, by what came since; how many.

    Killed at any moment, it goes through the same again and closes nothing twice.
    """
    closed = 0
    while moved := await store.moved_corrections(limit=_PAGE):
        for one, t in moved:
            closed += await _close(store, one, t)
    return closed


async def _close(store: Store, one: Correction, t: int) -> bool:
    newest: list[Version] = []
    for about in one.about:
        versions = await store.versions(about.kind, LogicalId.of(about.patient, about.id))
        if not versions or not did_as_asked(one, versions):
            await store.correction_held(one.n, t)
            return False
        newest.append(versions[-1])
    last = max(newest, key=lambda version: version.filed).statement.message
    why = f"message {last} did what was asked"
    try:
        await store.answer_correction(one.n, State.CORRECTED, by=BY_MESSAGE, why=why)
    except NotFound:  # somebody answered, or took it back, a moment ago
        return False
    return True


def did_as_asked(one: Correction, versions: Sequence[Version]) -> bool:
    """Whether the versions of one resource, oldest first, end in what was asked. Pure."""
    newest = versions[-1]
    told = read(newest.statement)
    if newest.gone:
        return True
    if isinstance(told, Unfolded):
        return False
    if told.said.status == IN_ERROR:
        return True
    if not _is_since(newest, one.at):
        return False
    body: Any = told.body
    match one.verdict:
        case Verdict.WRONG:  # that it was ruled out says as much
            return isinstance(body, ConditionSaid) and body.finding.certainty == "refuted"
        case Verdict.SIDE:
            return side_said(told) == one.side
        case Verdict.SUPERSEDED:
            return told.said.status in _NO_MORE
        case Verdict.UPHELD:
            before = [each for each in versions if not _is_since(each, one.at)]
            return not before or _content(before[-1]) != _content(newest)
        case _:
            return False


def _is_since(version: Version, at: datetime) -> bool:
    return version.filed > at


def _content(version: Version) -> dict[str, bytes]:
    """What a version says, without what its sender's system says of the version."""
    said = _BODY.decode(version.statement.body)
    return {name: bytes(value) for name, value in said.items() if name != "meta"}

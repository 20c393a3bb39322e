"""Somebody changed in PDS: whose number it is there, and as they were read.

Source: PDS FHIR API, "Update patient details". Whoever asks names the version that they looked at,
as our own API has a Patient changed: what somebody else changed since is not overwritten, and the
same asked twice changes nothing twice.
"""

from collections.abc import Sequence

import msgspec

from wholerecord.errors import Incorrect
from wholerecord.intake.pds.answer import Demographic, Nothing, Why
from wholerecord.intake.pds.change import Change
from wholerecord.intake.pds.port import Pds
from wholerecord.intake.pds.verify import Verdict, verify
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics

#: A change of one person's details has fewer steps, and each is a few words.
_MOST_STEPS, _MOST_BYTES = 100, 64 << 10
_READ = msgspec.json.Decoder(tuple[Change, ...], strict=True)


class NoPatch(Incorrect):
    """This is no JSON Patch that PDS takes: an array of 1 to 100 steps, in at most 64 KiB."""


def changes_of(body: bytes) -> tuple[Change, ...]:
    """The steps that a JSON Patch (RFC 6902) says, in order.

    >>> changes_of(b'[{"op": "replace", "path": "/gender", "value": "female"}]')
    (Change(replace …),)

    Raises:
        NoPatch: it is none, with the step where the fault is and never with what stands there.
    """
    if len(body) > _MOST_BYTES:
        raise NoPatch
    try:
        changes = _READ.decode(body)
    except msgspec.DecodeError:
        raise NoPatch from None
    if not 1 <= len(changes) <= _MOST_STEPS:
        raise NoPatch
    for n, change in enumerate(changes, 1):
        if not change.path.startswith("/"):
            raise NoPatch(f"Step {n} names no place: its path begins with a slash.")
        if (change.op == "remove") != (change.value is msgspec.UNSET):
            raise NoPatch(f"Step {n} wants a value, or is a remove and has one.")
    return changes


async def correct(
    pds: Pds, number: NhsNumber, said: Demographics, changes: Sequence[Change], *, version: str
) -> Demographic | Nothing | Verdict:
    """Who they are after `changes`; or why nothing was changed.

    Nothing is sent where PDS's person with `number` is not whom `said` describes, or is not at
    `version`.
    """
    verdict, found = await verify(pds, number, said)
    if isinstance(found, Nothing):
        return found
    if verdict is not Verdict.VERIFIED:
        return verdict
    if found.version != version:
        return Nothing(why=Why.CHANGED)
    return await pds.update(found, changes)

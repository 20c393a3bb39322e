"""Originals: a message as its source sent it, cut to what of it is shown in this record.

A message may hold other people's rows, and what is sealed. It is read again, by the readers that
filed it, to know whose each place is: it leaves whole only where every place is this person's, all
of them are shown, and no part was unreadable. Else only the pieces at the places shown leave.
"""

import asyncio
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wholerecord.access.opening import Refused
from wholerecord.access.pieces import Piece, Places, pieces
from wholerecord.access.room import Look, Room
from wholerecord.access.withhold import all_said, places_in
from wholerecord.consent import Purpose, View
from wholerecord.intake import Kept
from wholerecord.intake.reading import Merge, Reading, Unmerge
from wholerecord.intake.recognise import read
from wholerecord.people import Member
from wholerecord.record import MessageId, PatientId, PersonId

NOTHING_SHOWN = "nothing you may see in this record comes from that message"
NOT_TOLD_APART = "what of that message is in this record cannot be told apart from the rest"
LIVES = "the message may say where this person lives, which nobody is shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A message as its source sent it, or what of it may be seen.

    `whole` is all of it, or None: then `pieces` are the parts, and the rest is somebody else's or
    withheld. `places` are where in it something of this record was said.
    """

    message: MessageId
    whole: bytes | None
    pieces: tuple[Piece, ...]
    places: frozenset[str]


class Originals(Room):
    """The room where originals are read."""

    async def message(
        self, person: PersonId, message: MessageId, *, purpose: Purpose, given: str = ""
    ) -> Original | Refused:
        """The original of a message that says something shown in this person's record.

        Where a person lives is withheld everywhere once a source restricts it, and so are the
        messages, which may say it.
        """
        ask = self._asking(person, purpose, View.MESSAGE, part=str(message), given=given)
        look = await self._look(ask)
        if isinstance(look, Refused):
            return look
        if not places_in(look.shown, message):
            return Refused(reason=NOTHING_SHOWN, opening=look.opening)
        if look.restricted:
            return Refused(reason=LIVES, opening=look.opening)
        kept = await self._kept(look, message)
        for_them = purpose is Purpose.OWN_RECORD and self.actor.person != person
        found = await asyncio.to_thread(_original, kept, look, for_them=for_them)
        return found or Refused(reason=NOT_TOLD_APART, opening=look.opening)

    async def _kept(self, look: Look, message: MessageId) -> Kept:
        said = next(said for said in all_said(look.shown) if said.message == message)
        body, sources = await asyncio.gather(self._store.message(message), self._store.sources())
        columns = next((one.columns for one in sources if one.name == said.source), b"")
        return Kept(
            message=message,
            source=said.source,
            name="",
            body=body,
            received=said.received,
            columns=columns,
        )


def _original(kept: Kept, look: Look, *, for_them: bool) -> Original | None:
    """What of the message may be seen; None when that cannot be told apart.

    From whom an item may be hidden without their knowing, the person among them, a message that can
    be cut is never whole: whether it is would say whether there is more. Of one that cannot be cut
    they see the whole or, as of one with somebody else's or an unreadable part, nothing. Whoever
    looks `for_them` sees nothing of it in any case.
    """
    shown = places_in(look.shown, kept.message)
    withheld = _withheld_places(look, kept.message)
    reading = read(kept)
    if not isinstance(reading, Reading):
        return None
    mine, others = _places(reading, look.facts.members)
    places = Places.of((shown & mine) - withheld, others | withheld)
    hidden_from = bool(look.verdict.withheld)
    cut = pieces(kept, places, strict=hidden_from)
    whole = (
        not (hidden_from and (for_them or cut))
        and not withheld
        and not others
        and not reading.faults
        and _only(reading, look.facts.members)
        and mine <= shown
    )
    if whole:
        return Original(message=kept.message, whole=kept.body, pieces=(), places=shown)
    at = frozenset(piece.place for piece in cut) & places.shown
    if not at:
        return None
    return Original(message=kept.message, whole=None, pieces=cut, places=at)


def _withheld_places(look: Look, message: MessageId) -> frozenset[str]:
    """Where in the message something of the record is said that is not shown."""
    shown = {(said.patient, said.t, said.n) for said in all_said(look.shown)}
    return frozenset(
        said.place
        for said in all_said(look.whole)
        if said.message == message and (said.patient, said.t, said.n) not in shown
    )


def _places(reading: Reading, members: Sequence[Member]) -> tuple[frozenset[str], frozenset[str]]:
    """The places of these patients, and those of anybody else."""
    patients = {member.patient for member in members}
    mine: set[str] = set()
    others: set[str] = {merge.place for merge in reading.merges if not _is_of(merge, patients)}
    for each in reading.patients:
        (mine if each.about.id in patients else others).update(one.place for one in each.sayings)
    return frozenset(mine), frozenset(others)


def _is_of(merge: Merge | Unmerge, patients: AbstractSet[PatientId]) -> bool:
    return merge.kept.id in patients and merge.retired.id in patients


def _only(reading: Reading, members: Sequence[Member]) -> bool:
    """Whether the message names no other patient at all."""
    patients = {member.patient for member in members}
    return all(each.about.id in patients for each in reading.patients)

"""All that makes relationships with one person: of what was stated, what counts; and claims. Pure.

Stores read what it is made of, and give it to who decides (see `Facts.ties`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from wholerecord.access.opening import controllers_of
from wholerecord.access.tie import CLAIM_HOLDS, Ground, Tie
from wholerecord.audit import Opening
from wholerecord.people import Member
from wholerecord.record import PatientId, is_app

_GROUNDS = tuple(Ground)


def of_person(
    members: Sequence[Member], made: Mapping[PatientId, Sequence[Tie]], claims: Iterable[Tie]
) -> tuple[Tie, ...]:
    """What makes relationships with the person these patients are, the plainest first.

    What a client of the API wrote makes none, unless an organisation wrote it whose own source
    knows the person: to write somebody's name and number must not open their record. Of
    registrations the one said last counts, for nobody has two practices.
    """
    known = controllers_of(members)
    heard = [
        tie
        for member in members
        if not is_app(member.source) or member.controller in known
        for tie in made.get(member.patient, ())
    ]
    registered = (_said(tie) for tie in heard if tie.ground is Ground.REGISTERED)
    last = max(registered, default=None)
    counting = (tie for tie in heard if tie.ground is not Ground.REGISTERED or _said(tie) == last)
    return tuple(sorted((*counting, *claims), key=_order))


def claimed(looks: Iterable[Opening]) -> tuple[Tie, ...]:
    """The relationships that openings of the view `CLAIM` make: each of one member of staff.

    The opening is the claim: so that there is none which is not in the log.
    """
    return tuple(
        Tie(
            organisation=look.organisation,
            ground=Ground.CLAIMED,
            since=look.at,
            until=look.at + CLAIM_HOLDS,
            actor=look.actor,
            name=look.name,
            given=look.given,
        )
        for look in looks
    )


def claims_since(now: datetime) -> datetime:
    """The moment before which claims have ended."""
    return now - CLAIM_HOLDS


def _said(tie: Tie) -> tuple[datetime, int, int, int]:
    """When it was said, and which statement that was."""
    if tie.said is None:
        return (tie.since, 0, 0, 0)
    return (tie.since, tie.said.patient, tie.said.t, tie.said.n)


def _order(tie: Tie) -> tuple[int, tuple[datetime, int, int, int], str, str]:
    return (_GROUNDS.index(tie.ground), _said(tie), tie.organisation, tie.actor)

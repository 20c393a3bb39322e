"""What an opening says of a look: the same for every store."""

from datetime import datetime

import msgspec

from wholerecord.access import Ask, Facts, Verdict
from wholerecord.audit import Opening
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.text import storable


class Looked(msgspec.Struct, frozen=True, gc=False):
    """An opening but for its number, its moment, and which of the person's it is."""

    actor: str
    name: str
    role: str
    organisation: str
    purpose: str
    view: str
    part: str
    person: PersonId | None
    allowed: bool
    rule: int
    reason: str
    given: str
    seen: dict[PatientId, int]

    def opening(self, *, n: int, at: datetime, nth: int = 0) -> Opening:
        """The opening, once it is written down."""
        return Opening(
            n=n,
            at=at,
            actor=self.actor,
            name=self.name,
            role=self.role,
            organisation=self.organisation,
            purpose=self.purpose,
            view=self.view,
            part=self.part,
            person=self.person,
            allowed=self.allowed,
            rule=self.rule,
            reason=self.reason,
            given=self.given,
            seen=self.seen,
            nth=nth,
        )


def looked(ask: Ask, facts: Facts, verdict: Verdict) -> Looked:
    """What is written down of a look. A refusal saw nothing, so its `seen` is empty."""
    actor = ask.actor
    return Looked(
        storable(actor.id),
        storable(actor.name),
        actor.role.value,
        storable(actor.organisation),
        ask.purpose.value,
        ask.view.value,
        storable(ask.part),
        None if ask.person is None else PersonId(storable(ask.person)),
        verdict.allowed,
        verdict.rule,
        storable(verdict.reason),
        storable(ask.given),
        {member.patient: member.t for member in facts.members} if verdict.allowed else {},
    )

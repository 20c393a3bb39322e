"""What an opening says of a look: the same for every store."""

from wholerecord.access import Ask, Facts, Verdict
from wholerecord.audit import Opening
from wholerecord.record import PersonId
from wholerecord.storage.text import storable


def opening_of(ask: Ask, facts: Facts, verdict: Verdict, *, n: int) -> Opening:
    """The opening to write down. A refusal saw nothing, so its `seen` is empty."""
    actor = ask.actor
    person = None if ask.person is None else PersonId(storable(ask.person))
    seen = {member.patient: member.t for member in facts.members} if verdict.allowed else {}
    return Opening(
        n=n,
        at=facts.now,
        actor=storable(actor.id),
        name=storable(actor.name),
        role=actor.role.value,
        organisation=storable(actor.organisation),
        purpose=ask.purpose.value,
        view=ask.view.value,
        part=storable(ask.part),
        person=person,
        allowed=verdict.allowed,
        rule=verdict.rule,
        reason=storable(verdict.reason),
        given=storable(ask.given),
        seen=seen,
    )

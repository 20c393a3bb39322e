"""Somebody as they were, who is somebody else now: read by whoever may read who they have become.

Every patient of a person may have become another's, by a merge their source said or by a decision
of people or rules. The id they had is still named where it was written down, and what was known
under it then is still to be read; who may do so is judged as of now, and now there is nobody by
that id. So it is judged of the one they are now.
"""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.access.decide import decide
from wholerecord.access.opening import Ask, DecideAccess, Facts, Verdict
from wholerecord.access.store import Store
from wholerecord.people import Act, Member
from wholerecord.record import PersonId

#: What may have made another of a person. A LINK does where two persons were found to be one.
_MOVED = frozenset({Act.LINK, Act.MERGE, Act.JOIN, Act.UNMERGE, Act.UNLINK})


async def became(store: Store, person: PersonId) -> PersonId | None:
    """Who a person is now of whom every patient has become one other; None: nobody is.

    Says who, not that they may be seen: whoever asks is to open them.
    """
    if await store.members(person):
        return None
    events = await store.events(person)
    gone = {event.patient for event in events if event.was == person and event.act in _MOVED}
    now = {await store.person_of(patient) for patient in sorted(gone)}
    return now.pop() if len(now) == 1 else None


def decide_former(now: Verdict, today: Sequence[Member]) -> DecideAccess:
    """Decides a look at who somebody was, where one at who they have become is allowed by `now`.

    `today` are the patients of who they have become. A rule about the id they had still denies, and
    what either withholds is withheld.
    """

    def decide_by_now(ask: Ask, facts: Facts) -> Verdict:
        then = decide(ask, replace(facts, members=tuple(today)))
        if not then.allowed and then.rule:
            return then
        return replace(now, withheld=now.withheld | then.withheld, own=now.own | then.own)

    return decide_by_now

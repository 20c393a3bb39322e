"""Deeds and their openings, together: nothing else runs between them here."""

from dataclasses import replace

from wholerecord.access import Ask, DecideAccess, Deed, Done
from wholerecord.errors import NotFound
from wholerecord.storage.acting import do
from wholerecord.storage.memory.concerns import Concerns
from wholerecord.storage.memory.corrections import Corrections
from wholerecord.storage.memory.doubts import Doubts
from wholerecord.storage.memory.inbox import Inbox
from wholerecord.storage.memory.openings import Openings
from wholerecord.storage.memory.outbox import Outbox
from wholerecord.storage.memory.policies import Policies
from wholerecord.storage.memory.preferences import Preferences
from wholerecord.storage.memory.register import Register
from wholerecord.storage.memory.rulings import Rulings
from wholerecord.storage.memory.studies import StudyBook


class Acts(
    Inbox,
    Register,
    Rulings,
    Policies,
    Outbox,
    Concerns,
    Corrections,
    Preferences,
    Doubts,
    StudyBook,
    Openings,
):
    """See `access.Acts`."""

    async def act(self, ask: Ask, decide: DecideAccess, deed: Deed) -> Done:
        """See `access.Acts.act`."""
        facts = self.facts(ask)
        verdict = decide(ask, facts)
        outcome, missing = None, None
        if verdict.allowed:
            try:
                outcome = await do(self, deed, by=ask.actor.id)
            except NotFound as error:
                verdict = replace(verdict, allowed=False, reason=str(error))
                missing = error
        opening = self.write_opening(ask, facts, verdict)
        if missing is not None:
            raise missing
        return Done(opening=opening, verdict=verdict, outcome=outcome)

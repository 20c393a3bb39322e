"""Deeds and their openings: one transaction each, not shared, for deeds are few."""

from dataclasses import replace
from datetime import datetime

from wholerecord.access import Ask, DecideAccess, Deed, Done, Facts
from wholerecord.access.departures import note
from wholerecord.errors import NotFound
from wholerecord.storage.acting import do
from wholerecord.storage.postgres.concerns import Concerns
from wholerecord.storage.postgres.corrections import Corrections
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.doubts import Doubts
from wholerecord.storage.postgres.inbox import Messages
from wholerecord.storage.postgres.openings import Openings, append, members_of
from wholerecord.storage.postgres.outbox import Outbox
from wholerecord.storage.postgres.policies import Policies
from wholerecord.storage.postgres.preferences import Preferences
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.register import People
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.rulings import Rulings
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.studies import StudyBook


class Acts(
    Messages,
    People,
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

    def __init__(self, database: Database, rules: Rules) -> None:
        Messages.__init__(self, database)
        Policies.__init__(self, database)
        Openings.__init__(self, database, rules, self)

    @redone
    async def act(self, ask: Ask, decide: DecideAccess, deed: Deed) -> Done:
        """See `access.Acts.act`.

        The lock of the log is taken last: whoever looks waits for no deed's other locks, and nobody
        who holds it waits for another.
        """
        missing: NotFound | None = None
        outcome = None
        async with self._database.transaction() as connection:
            now: datetime = await connection.fetchval(QUERIES["clock"])
            rules = await self._standing.in_force(connection, [ask.person] if ask.person else [])
            members = await members_of(connection, [ask])
            who, rulings = members.get((ask.person, ask.at), ((), 0))
            in_force = rules.get(ask.person, rules[None])
            ties = await self.ties_of(connection, [ask], members, now)
            facts = Facts(
                members=who,
                rules=in_force,
                rulings=rulings,
                now=now,
                ties=ties.get(ask.person, ()),
            )
            verdict = decide(ask, facts)
            if verdict.allowed:
                try:
                    async with self._database.within(connection), connection.transaction():
                        outcome = await do(self, deed, by=ask.actor.id)
                except NotFound as error:
                    verdict = replace(verdict, allowed=False, reason=str(error))
                    missing = error
            [opening] = await append(connection, [(ask, facts, verdict)])
        note(opening)
        if missing is not None:
            raise missing
        return Done(opening=opening, verdict=verdict, outcome=outcome)

"""Looks through the door: facts read, decided and written down, those of a moment together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from asyncpg import Record

from wholerecord.access import Ask, DecideAccess, Facts, Verdict
from wholerecord.access.departures import note
from wholerecord.access.opening import may_need_ties
from wholerecord.access.tie import Tie
from wholerecord.audit import Opening
from wholerecord.people import Member
from wholerecord.record import PersonId
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.looking import looked
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.policies import Policies
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.ties import Ties
from wholerecord.storage.postgres.who import member, uuid_of

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

_Asked = tuple[Ask, DecideAccess]
_Looked = tuple[Opening, Facts, Verdict]
#: A look that is decided and not written down yet.
Decided = tuple[Ask, Facts, Verdict]
#: Gathers under way at a time: one decides while the other is made durable.
_AT_ONCE = 2
#: The members of a person and the number of changes of rulings about them.
_Members = tuple[tuple[Member, ...], int]
#: A person, and as of when; None: now.
_Moment = tuple[PersonId | None, datetime | None]


class Openings:
    """See `access.Openings`. Callers at the same moment share each question, and one commit."""

    def __init__(self, database: Database, rules: Rules, policies: Policies) -> None:
        self._database = database
        self._standing = rules
        self._kept_policies = policies
        self._ties = Ties(database)
        self._opens = Gatherer(self._open, most=128, at_once=_AT_ONCE)
        self._weighs = Gatherer(self._weigh, most=128, at_once=_AT_ONCE)

    async def open(self, ask: Ask, decide: DecideAccess) -> tuple[Opening, Facts, Verdict]:
        """See `access.Openings.open`."""
        looked_at = await self._opens.ask((ask, decide))
        note(looked_at[0])
        return looked_at

    async def weigh(self, ask: Ask, decide: DecideAccess) -> tuple[Facts, Verdict]:
        """See `access.Openings.weigh`."""
        return await self._weighs.ask((ask, decide))

    async def _weigh(self, asked: Sequence[_Asked]) -> list[tuple[Facts, Verdict]]:
        async with self._database.transaction() as connection:
            decided = await self._decide_looks(connection, asked)
        return [(facts, verdict) for _, facts, verdict in decided]

    @redone
    async def _open(self, asked: Sequence[_Asked]) -> list[_Looked]:
        """Decide them together, then write them down together.

        Each question is a transaction of its own, and the last is the only one that writes: what it
        wrote is committed when it is answered. The lock of the log is taken by that one, and held
        by nobody who decides: others decide meanwhile.
        """
        async with self._database.connection() as connection:
            decided = await self._decide_looks(connection, asked)
            openings = await self._write_down(connection, decided)
        return [
            (opening, facts, verdict)
            for opening, (_, facts, verdict) in zip(openings, decided, strict=True)
        ]

    async def _decide_looks(
        self, connection: "Connection", asked: Sequence[_Asked]
    ) -> list[Decided]:
        people = list({ask.person for ask, _ in asked if ask.person is not None})
        now, steps, rules = await self._standing.now_in_force(connection, people)
        asks = [ask for ask, _ in asked]
        members = await members_of(connection, asks)
        ties = await self.ties_of(connection, asks, members, now)
        async with self._database.within(connection):
            policies = {
                at: await self._kept_policies.policy_after(steps, at)
                for at in {ask.at for ask in asks}
            }
        decided: list[Decided] = []
        for ask, decide in asked:
            who, rulings = members.get((ask.person, ask.at), ((), 0))
            facts = Facts(
                members=who,
                rules=rules.get(ask.person, rules[None]),
                rulings=rulings,
                now=now,
                policy=policies[ask.at],
                ties=ties.get(ask.person, ()),
            )
            decided.append((ask, facts, decide(ask, facts)))
        return decided

    async def ties_of(
        self,
        connection: "Connection",
        asks: Sequence[Ask],
        members: Mapping[_Moment, _Members],
        now: datetime,
    ) -> Mapping[PersonId | None, tuple[Tie, ...]]:
        """What makes relationships with those asked about, of whom it can matter to who asks."""
        wanted = {
            ask.person
            for ask in asks
            if may_need_ties(ask, members.get((ask.person, ask.at), ((), 0))[0])
        }
        if not wanted:
            return {}
        past = [replace(ask, at=None) for ask in asks if ask.at and ask.person in wanted]
        today = {**members, **(await members_of(connection, past) if past else {})}
        people = {
            person: today[person, None][0]
            for person in wanted
            if person is not None and (person, None) in today
        }
        async with self._database.within(connection):
            return await self._ties.of(people, now)

    async def _write_down(
        self, connection: "Connection", decided: Sequence[Decided]
    ) -> list[Opening]:
        """The openings of these looks, in the log."""
        return await append(connection, decided)


async def append(connection: "Connection", decided: Sequence[Decided]) -> list[Opening]:
    """Write looks down, in their order, at the end of the log; it is locked until the commit.

    One question for all: each way to the database is paid for by whoever waits for the lock.
    """
    if not decided:
        return []
    rows = [looked(*each) for each in decided]
    said = msgspec.json.encode(rows).decode()
    given = await connection.fetch(QUERIES["write_openings"], said)
    return [row.opening(n=n, at=at, nth=nth) for row, (n, nth, at) in zip(rows, given, strict=True)]


async def members_of(connection: "Connection", asks: Sequence[Ask]) -> dict[_Moment, _Members]:
    """Who each person asked for is, now or at the moment asked for."""
    found: dict[tuple[PersonId | None, datetime | None], list[Record]] = {}
    now = {uuid_of(ask.person) for ask in asks if ask.person is not None and ask.at is None}
    if now - {None}:
        for row in await connection.fetch(QUERIES["members"], now - {None}):
            found.setdefault((row["person"].hex, None), []).append(row)
    for person, at in {(ask.person, ask.at) for ask in asks if ask.person and ask.at}:
        if (known := uuid_of(person)) is not None:
            found[person, at] = await connection.fetch(QUERIES["members_at"], known, at)
    return {
        key: (tuple(member(row) for row in rows), sum(row["rulings"] for row in rows))
        for key, rows in found.items()
    }

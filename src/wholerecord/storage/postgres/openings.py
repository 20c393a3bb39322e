"""Looks through the door: facts read, decided and written down in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from asyncpg import Record

from wholerecord.access import Ask, DecideAccess, Facts, Verdict
from wholerecord.access.departures import note
from wholerecord.audit import Opening
from wholerecord.people import Member
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.looking import looked
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.policies import Policies
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import member, uuid_of

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

_SEEN = msgspec.json.Decoder(dict[PatientId, int])
_Asked = tuple[Ask, DecideAccess]
_Looked = tuple[Opening, Facts, Verdict]
#: A look that is decided and not written down yet.
Decided = tuple[Ask, Facts, Verdict]
#: Gathers under way at a time: one decides while the other is made durable.
_AT_ONCE = 2
#: The members of a person and the number of changes of rulings about them.
_Members = tuple[tuple[Member, ...], int]


class Openings:
    """See `access.Openings`. Callers at the same moment share one transaction."""

    def __init__(self, database: Database, rules: Rules, policies: Policies) -> None:
        self._database = database
        self._standing = rules
        self._kept_policies = policies
        self._opens = Gatherer(self._open, most=128, at_once=_AT_ONCE)

    async def open(self, ask: Ask, decide: DecideAccess) -> tuple[Opening, Facts, Verdict]:
        """See `access.Openings.open`."""
        looked_at = await self._opens.ask((ask, decide))
        note(looked_at[0])
        return looked_at

    async def _open(self, asked: Sequence[_Asked]) -> list[_Looked]:
        """Decide them together, then write them down together.

        The lock of the log is taken last, and held by nobody who decides: others decide meanwhile.
        """
        people = list({ask.person for ask, _ in asked if ask.person is not None})
        async with self._database.transaction() as connection:
            now, steps, rules = await self._standing.now_in_force(connection, people)
            members = await members_of(connection, [ask for ask, _ in asked])
            decided: list[Decided] = []
            for ask, decide in asked:
                who, rulings = members.get((ask.person, ask.at), ((), 0))
                in_force = rules.get(ask.person, rules[None])
                async with self._database.within(connection):
                    policy = await self._kept_policies.policy_after(steps, ask.at)
                facts = Facts(members=who, rules=in_force, rulings=rulings, now=now, policy=policy)
                decided.append((ask, facts, decide(ask, facts)))
            openings = await self._write_down(connection, decided)
        return [
            (opening, facts, verdict)
            for opening, (_, facts, verdict) in zip(openings, decided, strict=True)
        ]

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


async def members_of(
    connection: "Connection", asks: Sequence[Ask]
) -> dict[tuple[PersonId | None, datetime | None], _Members]:
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


def opening(row: Record | dict[str, Any]) -> Opening:
    """A row of `opening`."""
    said: dict[str, Any] = dict(row)
    said["seen"] = _SEEN.decode(row["seen"])
    return Opening(**said)

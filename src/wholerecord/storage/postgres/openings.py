"""Looks through the door: facts read, decided and written down in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from asyncpg import Record

from wholerecord.access import Ask, DecideAccess, Facts, Verdict
from wholerecord.audit import Opening
from wholerecord.people import Member
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.looking import opening_of
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.rules import Rules
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import member, uuid_of

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

_SEEN = msgspec.json.Decoder(dict[PatientId, int])
_Asked = tuple[Ask, DecideAccess]
_Looked = tuple[Opening, Facts, Verdict]
#: The members of a person and the number of changes of rulings about them.
_Members = tuple[tuple[Member, ...], int]


class Openings:
    """See `access.Openings`. Callers at the same moment share one transaction."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._standing = rules
        self._opens = Gatherer(self._open, most=128)

    async def open(self, ask: Ask, decide: DecideAccess) -> tuple[Opening, Facts, Verdict]:
        """See `access.Openings.open`."""
        return await self._opens.ask((ask, decide))

    async def _open(self, asked: Sequence[_Asked]) -> list[_Looked]:
        people = list({ask.person for ask, _ in asked if ask.person is not None})
        async with self._database.transaction() as connection:
            now: datetime = await connection.fetchval(QUERIES["lock_openings"])
            rules = await self._standing.in_force(connection, people)
            members = await members_of(connection, [ask for ask, _ in asked])
            looked: list[_Looked] = []
            for ask, decide in asked:
                who, rulings = members.get((ask.person, ask.at), ((), 0))
                facts = Facts(
                    members=who,
                    rules=rules.get(ask.person, rules[None]),
                    rulings=rulings,
                    now=now,
                )
                verdict = decide(ask, facts)
                looked.append((opening_of(ask, facts, verdict, n=0), facts, verdict))
            rows = await connection.fetch(
                QUERIES["add_openings"], *columns_of([opening for opening, _, _ in looked])
            )
        return [
            (replace(opening, n=row["n"], nth=row["nth"]), facts, verdict)
            for row, (opening, facts, verdict) in zip(rows, looked, strict=True)
        ]


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


def columns_of(openings: Sequence[Opening]) -> tuple[list[Any], ...]:
    """What `add_openings` takes."""
    return (
        [each.at for each in openings],
        [each.rule for each in openings],
        [each.allowed for each in openings],
        [each.actor for each in openings],
        [each.name for each in openings],
        [each.role for each in openings],
        [each.organisation for each in openings],
        [each.purpose for each in openings],
        [each.view for each in openings],
        [each.part for each in openings],
        [each.person for each in openings],
        [each.reason for each in openings],
        [each.given for each in openings],
        [msgspec.json.encode(each.seen).decode() for each in openings],
    )


def opening(row: Record | dict[str, Any]) -> Opening:
    """A row of `opening`."""
    said: dict[str, Any] = dict(row)
    said["seen"] = _SEEN.decode(row["seen"])
    return Opening(**said)

"""Whom to tell that what they saw was two people's."""

from collections.abc import Sequence

from asyncpg import Record

from wholerecord.access.tellings import SHOWING, Misled
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.who import person_of, uuid_of
from wholerecord.storage.text import storable

_SHOWING = sorted(view.value for view in SHOWING)


class Tellings:
    """See `access.tellings.Tellings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def misled(self, person: PersonId) -> Sequence[Misled]:
        """See `access.tellings.Tellings.misled`."""
        known = uuid_of(person)
        if known is None:
            return []
        return [_misled(row) for row in await self._database.fetch("misled", known, _SHOWING)]

    async def notices(self, actor: str) -> Sequence[Misled]:
        """See `access.tellings.Tellings.notices`."""
        rows = await self._database.fetch("notices", storable(actor), _SHOWING)
        return [_misled(row) for row in rows]

    async def noticed(self, actor: str, event: int) -> None:
        """See `access.tellings.Tellings.noticed`."""
        await self._database.fetch("noticed", storable(actor), event)


def _misled(row: Record) -> Misled:
    return Misled(
        event=row["event"],
        person=person_of(row["person"]),
        patient=row["patient"],
        parted=row["parted"],
        actor=row["actor"],
        name=row["name"],
        role=row["role"],
        organisation=row["organisation"],
        looks=row["looks"],
        last=row["last"],
        read=row["read"],
    )

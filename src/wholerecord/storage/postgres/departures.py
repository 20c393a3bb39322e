"""What left the system, a line each."""

from collections.abc import Collection, Sequence

import msgspec

from wholerecord.access.departures import Departure
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

_NUMBERS = msgspec.json.Decoder(tuple[int, ...])


class _Line(msgspec.Struct, frozen=True, gc=False):
    at: str
    sort: str
    openings: tuple[int, ...]
    people: int


class Departures:
    """See `access.departures.Departures`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_departures(self, left: Sequence[Departure]) -> None:
        """See `access.departures.Departures.add_departures`."""
        lines = [
            _Line(one.at.isoformat(), storable(one.sort), one.openings, one.people) for one in left
        ]
        await self._database.fetch("add_departures", msgspec.json.encode(lines).decode())

    async def departures(self, *, after: int = 0, limit: int = 1000) -> Sequence[Departure]:
        """See `access.departures.Departures.departures`."""
        return [
            Departure(
                n=row["n"],
                at=row["at"],
                sort=row["sort"],
                openings=_NUMBERS.decode(row["openings"]),
                people=row["people"],
            )
            for row in await self._database.fetch("departures", after, limit)
        ]

    async def forget_departures(self, *, until: int, keep: Collection[int] = ()) -> None:
        """See `access.departures.Departures.forget_departures`."""
        await self._database.fetch("forget_departures", until, list(keep))

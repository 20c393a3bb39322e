"""Requests to sources to put right what was ruled wrong."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from asyncpg import Record

from wholerecord.access.corrections import ANSWER_WITHIN, Correction, State
from wholerecord.access.outbox import LEASE
from wholerecord.errors import NotFound
from wholerecord.fold import About, Ruling, Verdict
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

#: The first number too large for a database.
_TOO_LARGE = 1 << 63
_NONE = "No request of that number waits."


class Corrections:
    """See `access.corrections.Corrections`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def corrections_of(self, rulings: Sequence[int]) -> Sequence[Correction]:
        """See `access.corrections.Corrections.corrections_of`."""
        return await self._requests(
            [r["n"] for r in await self._database.fetch("corrections_of", rulings)]
        )

    async def correction(self, n: int) -> Correction | None:
        """See `access.corrections.Corrections.correction`."""
        found = await self._requests([n]) if 0 < n < _TOO_LARGE else ()
        return found[0] if found else None

    async def open_corrections(self, *, limit: int = 200) -> Sequence[Correction]:
        """See `access.corrections.Corrections.open_corrections`."""
        return await self._requests(
            [r["n"] for r in await self._database.fetch("open_corrections", limit)]
        )

    async def take_corrections(self, *, limit: int = 100) -> Sequence[Correction]:
        """See `access.corrections.Corrections.take_corrections`."""
        taken = await self._database.fetch("take_corrections", limit, LEASE)
        return await self._requests([row["n"] for row in taken])

    async def correction_sent(self, n: int, taken: State, *, via: str) -> None:
        """See `access.corrections.Corrections.correction_sent`."""
        await self._database.fetch("correction_sent", n, taken.value, storable(via))

    async def correction_failed(self, n: int, *, again: int) -> None:
        """See `access.corrections.Corrections.correction_failed`."""
        await self._database.fetch("correction_again", n, again)

    async def answer_correction(self, n: int, answer: State, *, by: str, why: str) -> None:
        """See `access.corrections.Corrections.answer_correction`."""
        said = n, answer.value, storable(by), storable(why)
        there = 0 < n < _TOO_LARGE
        if not (there and await self._database.fetch("answer_correction", *said)):
            raise NotFound(_NONE)

    async def own_correction(self, n: int, to: str) -> None:
        """See `access.corrections.Corrections.own_correction`."""
        there = 0 < n < _TOO_LARGE
        if not (there and await self._database.fetch("own_correction", n, storable(to))):
            raise NotFound(_NONE)

    async def escalate_corrections(self) -> int:
        """See `access.corrections.Corrections.escalate_corrections`."""
        return len(await self._database.fetch("escalate_corrections"))

    async def moved_corrections(self, *, limit: int = 200) -> Sequence[tuple[Correction, int]]:
        """See `access.corrections.Corrections.moved_corrections`."""
        moved = {
            row["n"]: row["t"] for row in await self._database.fetch("moved_corrections", limit)
        }
        return [(one, moved[one.n]) for one in await self._requests([*moved])]

    async def correction_held(self, n: int, t: int) -> None:
        """See `access.corrections.Corrections.correction_held`."""
        await self._database.fetch("correction_held", n, t)

    async def _requests(self, numbers: Sequence[int]) -> Sequence[Correction]:
        return [_correction(row) for row in await self._database.fetch("corrections", numbers)]


async def ask_sources(connection: "Connection", ruling: Ruling) -> None:
    """Make the requests of a ruling: one for each patient of whom something wrong was said."""
    patients = list(dict.fromkeys(about.patient for about in ruling.blamed))
    if patients:
        due = ruling.at + ANSWER_WITHIN
        await connection.execute(
            QUERIES["ask_sources"], ruling.n, patients, ruling.by, due, ruling.at
        )


def _correction(row: Record) -> Correction:
    said: dict[str, Any] = dict(row)
    kinds, ids = said.pop("kinds"), said.pop("ids")
    about = tuple(About(said["patient"], *each) for each in zip(kinds, ids, strict=True))
    verdict, state = Verdict(said.pop("verdict")), State(said.pop("state"))
    return Correction(verdict=verdict, state=state, about=about, **said)

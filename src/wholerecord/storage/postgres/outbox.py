"""How people want to be told who looked, and the messages that tell them."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from wholerecord.access.outbox import LEASE, NOT_NEWS, TOLD_OF, Channel, Choice, Dispatch
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.opened import opening
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

_TOLD_OF = sorted(view.value for view in TOLD_OF)
#: The mark of how far the log was gone through.
_MARK = "told until"


class Outbox:
    """See `access.outbox.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choice_of(self, person: PersonId) -> Choice:
        """See `access.outbox.Outbox.choice_of`."""
        row = await self._database.fetchrow("choice_of", storable(person))
        if row is None:
            return Choice()
        return Choice(
            channel=Channel(row["channel"]),
            address=row["address"],
            quiet=row["quiet"],
            says_who=row["says_who"],
        )

    async def choose_telling(self, person: PersonId, choice: Choice, *, by: str) -> None:
        """See `access.outbox.Outbox.choose_telling`."""
        async with self._database.transaction() as connection:
            await connection.execute(
                QUERIES["choose_telling"],
                storable(person),
                choice.channel.value,
                storable(choice.address),
                choice.quiet,
                choice.says_who,
                storable(by),
            )
            await connection.execute(QUERIES["drop_dispatches"], storable(person))

    async def write_dispatches(self, *, limit: int = 5000) -> int:
        """See `access.outbox.Outbox.write_dispatches`."""
        async with self._database.transaction() as connection:
            await connection.execute(QUERIES["lock_dispatches"])
            after = int(await connection.fetchval(QUERIES["mark"], _MARK) or 0)
            next_ = await connection.fetchrow(QUERIES["dispatches_until"], after, limit)
            if next_ is None or not next_["openings"]:
                return 0
            until = next_["n"]
            none, mine = Channel.APP.value, NOT_NEWS.value
            await connection.execute(
                QUERIES["write_dispatches"], after, until, _TOLD_OF, mine, none
            )
            await connection.execute(QUERIES["set_mark"], _MARK, str(until))
        return int(next_["openings"])

    async def take_dispatches(self, *, limit: int = 100) -> Sequence[Dispatch]:
        """See `access.outbox.Outbox.take_dispatches`."""
        return [
            _dispatch(row) for row in await self._database.fetch("take_dispatches", limit, LEASE)
        ]

    async def dispatch_sent(self, n: int) -> None:
        """See `access.outbox.Outbox.dispatch_sent`."""
        await self._database.fetch("dispatch_sent", n)

    async def dispatch_failed(self, n: int, *, again: int | None) -> None:
        """See `access.outbox.Outbox.dispatch_failed`."""
        if again is None:
            await self._database.fetch("give_up_dispatch", n)
        else:
            await self._database.fetch("dispatch_again", n, again)

    async def given_up(self) -> int:
        """See `access.outbox.Outbox.given_up`."""
        row = await self._database.fetchrow("given_up")
        return int(row["count"]) if row else 0


def _dispatch(row: Record) -> Dispatch:
    look: dict[str, Any] = dict(row)
    said = {
        name: look.pop(name) for name in ("dispatch", "channel", "address", "says_who", "tries")
    }
    return Dispatch(
        n=said["dispatch"],
        channel=Channel(said["channel"]),
        address=said["address"],
        says_who=said["says_who"],
        tries=said["tries"],
        look=opening(look),
    )

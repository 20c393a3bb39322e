"""Connections, and the few small tables that every query needs and that only grow."""

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

import asyncpg
from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.record import PatientId
from wholerecord.record.erased import ERASED
from wholerecord.storage.keyring import NO_KEYS, Keyring
from wholerecord.storage.postgres.bodies import Bodies, shipped
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.lost import ANYBODYS, LOST, Full, Lost, is_broken, is_closed
from wholerecord.storage.postgres.migrate import migrate
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.sealed import SEALED, DataKey, Moved, key_number, statement_place

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]


class Database:
    """A pool of connections to a database that is as this program needs it."""

    def __init__(
        self,
        pool: "asyncpg.Pool[Record]",
        mend: Callable[[], Awaitable[None]],
        has_room: Callable[[], bool],
        keyring: Keyring = NO_KEYS,
    ) -> None:
        self._pool = pool
        self._mend = mend
        self._has_room = has_room
        self._within: ContextVar[Connection | None] = ContextVar("within", default=None)
        self.bodies = Bodies()
        self.keys = DataKeys(keyring)
        self.kinds: dict[int, str] = {}
        self._kind_ids: dict[str, int] = {}
        self.sources: dict[int, str] = {}
        self._source_ids: dict[str, int] = {}

    def need_room(self) -> None:
        """Go on only while there is room for more messages, and some left for reading.

        Raises:
            Full: there is not. To read is to write down who looked, so intake stops first.
        """
        if not self._has_room():
            raise Full

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator["Connection"]:
        """A connection.

        Raises:
            Lost: there is none, or it broke. Where the server is ours it has been started again.
            Full: the server has no room left.
        """
        if (held := self._within.get()) is not None:
            yield held
            return
        try:
            connection = await self._pool.acquire()
        except LOST as error:
            await self._mend()
            raise Lost from error
        try:
            yield connection
        except LOST as error:
            closed = is_closed(connection)
            if isinstance(error, ANYBODYS) and not closed and not is_broken(error):
                raise
            if not closed:
                connection.terminate()
            await self._mend()
            raise Lost from error
        except asyncpg.InsufficientResourcesError as error:
            raise Full from error
        finally:
            with suppress(*LOST):  # what was done is done; the pool lets go of a broken one
                await self._pool.release(connection)

    @asynccontextmanager
    async def within(self, connection: "Connection") -> AsyncGenerator[None]:
        """Whatever this task asks until the end is asked on `connection`, in its transaction."""
        before = self._within.set(connection)
        try:
            yield
        finally:
            self._within.reset(before)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator["Connection"]:
        """A connection in a transaction, committed at the end and undone by any error."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, query: str, *values: object) -> Sequence[Record]:
        """The rows of the query of that name."""
        async with self.connection() as connection:
            return await connection.fetch(QUERIES[query], *values)

    async def copy(
        self, query: str, *values: object, sink: Callable[[bytes], Coroutine[None, None, None]]
    ) -> None:
        """Give the rows of the query of that name, which ends in no semicolon, to `sink`.

        As COPY writes them in its text format, in pieces that begin and end anywhere, while the
        server goes on writing.
        """
        async with self.connection() as connection:
            await connection.copy_from_query(
                QUERIES[query], *values, output=sink, format="text", encoding="utf8"
            )

    async def fetchrow(self, query: str, *values: object) -> Record | None:
        """The first row of the query of that name, or None."""
        async with self.connection() as connection:
            return await connection.fetchrow(QUERIES[query], *values)

    async def begin(self) -> None:
        """Bring the database forward, and read what is small and only grows."""
        async with self._pool.acquire() as connection:
            await migrate(connection)  # pyright: ignore[reportArgumentType] - a proxy is one
        await self.keys.begin(self.fetch)
        newest = {group: number for number, (group, _) in sorted(shipped().items())}
        for number, (group, data) in shipped().items():
            await self.fetch("add_dictionary", number, f"{number}-{group}", data)
            self.bodies.learn(number, data, write=group if newest[group] == number else "")
        await self._read_kinds()

    async def source_id(self, name: str) -> int:
        """The number of a declared source.

        Raises:
            NotFound: it is not declared.
        """
        if name not in self._source_ids:
            await self._read_sources()
        try:
            return self._source_ids[name]
        except KeyError:
            raise NotFound(f"The source {name} is not declared.") from None

    async def know_kinds(self, names: Iterable[str]) -> None:
        """Give each FHIR type never seen before a number."""
        if new := sorted({*names} - self._kind_ids.keys()):
            await self.fetch("add_kinds", new)
            await self._read_kinds()

    async def has_kind(self, name: str) -> bool:
        """Whether a FHIR type was ever seen. It is given no number: safe in a transaction."""
        if name not in self._kind_ids:
            await self._read_kinds()
        return name in self._kind_ids

    def kind_id(self, name: str) -> int:
        """The number of a type that is known."""
        return self._kind_ids[name]

    async def can_read(self, *, kinds: set[int], sources: set[int], dictionaries: set[int]) -> None:
        """Learn what another program may have added since."""
        if not sources <= self.sources.keys():
            await self._read_sources()
        if not kinds <= self.kinds.keys():
            await self._read_kinds()
        if not self.bodies.knows(dictionaries):
            for row in await self.fetch("dictionaries"):
                self.bodies.learn(row["id"], row["data"])

    async def bodies_of(
        self, packed: Sequence[tuple[PatientId, int, int, int, bytes]]
    ) -> list[bytes]:
        """The bodies of statements, of each its patient, `t`, `n`, dictionary and stored bytes.

        What stands for a body whose key was destroyed is `record.ERASED`.
        """
        sealed = {one[0] for one in packed if one[4][:1] == SEALED}
        if not sealed:
            reads = self.bodies.reads
            return [reads[by](body) for _, _, _, by, body in packed]
        keys = await self.keys.for_reading(self.fetch, sealed)
        unpack = self.bodies.unpack
        return [_opened(keys, one, unpack) for one in packed]

    async def bodies_of_filings(self, rows: Sequence[Record]) -> list[bytes]:
        """The bodies of the statements of filings, one after the other."""
        if any(body[:1] == SEALED for row in rows for body in row["body"]):
            return await self.bodies_of(
                [
                    (row["id"], row["t"], n, by, body)
                    for row in rows
                    for n, by, body in zip(row["n"], row["dictionary"], row["body"], strict=True)
                ]
            )
        reads = self.bodies.reads  # without a tuple of each: of ten thousand they push out the rest
        return [
            reads[by](body)
            for row in rows
            for by, body in zip(row["dictionary"], row["body"], strict=True)
        ]

    async def _read_sources(self) -> None:
        self.sources = {row["id"]: row["name"] for row in await self.fetch("source_ids")}
        self._source_ids = {name: number for number, name in self.sources.items()}

    async def _read_kinds(self) -> None:
        self.kinds = {row["id"]: row["name"] for row in await self.fetch("kinds")}
        self._kind_ids = {name: number for number, name in self.kinds.items()}


def _opened(
    keys: Mapping[tuple[PatientId, int], DataKey | None],
    one: tuple[PatientId, int, int, int, bytes],
    unpack: Callable[[int, bytes], bytes],
) -> bytes:
    patient, t, n, by, body = one
    number = key_number(body)
    if number is None:
        return unpack(by, body)
    if (patient, number) not in keys:
        raise Moved
    key = keys[patient, number]
    return ERASED if key is None else unpack(by, key.open(body, statement_place(patient, t, n)))

"""Statements as resources: the newest of each by one query, however many ask."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from asyncpg import Record

from wholerecord.record import LogicalId, PatientId, Statement, Version
from wholerecord.record.erased import is_erased
from wholerecord.record.logical_id import key_of
from wholerecord.record.resources import identified
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.who import person_of
from wholerecord.storage.rereading import Reread, marked
from wholerecord.storage.versions import in_order, numbered

_Asked = tuple[str, LogicalId]
#: The newest version, and the patient's `t` as of which it is.
_Newest = tuple[Version | None, int]
#: A token, and the type and id of a resource that was written with it.
_Named = tuple[int, str, LogicalId]
#: Later than any `t` there is.
_END = 1 << 31


class Resources:
    """See `record.Resources`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest = Gatherer(self._read_newest, most=128)
        self._named = Gatherer(self._read_named, most=128, at_once=2)
        self._current = Gatherer(self._read_current, most=32, at_once=2)

    async def newest(self, asked: Sequence[_Asked]) -> Sequence[Version | None]:
        """See `record.Resources.newest`."""
        return [version for version, _ in await self.newest_as_of(asked)]

    async def newest_as_of(self, asked: Sequence[_Asked]) -> Sequence[_Newest]:
        """See `record.Resources.newest_as_of`."""
        return await self._newest.ask(asked) if asked else []

    async def newest_here(self, asked: Sequence[_Asked]) -> Sequence[Version | None]:
        """The same, asked on the connection that whoever asks holds, and not gathered."""
        return [one for one, _ in (await self._read_newest([asked]))[0]] if asked else []

    async def _read_newest(self, asked: Sequence[Sequence[_Asked]]) -> list[list[_Newest]]:
        wanted = [one for each in asked for one in each]
        await self._database.know_kinds(kind for kind, _ in wanted)
        rows = await self._database.fetch(
            "newest",
            [one.patient for _, one in wanted],
            [one.key for _, one in wanted],
            [self._database.kind_id(kind) for kind, _ in wanted],
        )
        bodies = await self._can_read(rows)
        found: list[_Newest] = [(None, 0)] * len(wanted)
        for place, row in enumerate(rows):  # in no order, and without patients nobody knows
            at: int = row["position"] - 1
            if row["reread"] or not row["keyed"]:
                every = await self.versions(*wanted[at])
                found[at] = (every[-1] if every else None), row["as_of"]
            elif row["t"] is not None:
                said = self._statement(row, bodies[place])
                version = self._version(row, wanted[at][1], row["versions"], said, gone=row["gone"])
                found[at] = version, row["as_of"]
            else:
                found[at] = None, row["as_of"]
        ends = [0]
        for each in asked:
            ends.append(ends[-1] + len(each))
        return [found[start:end] for start, end in pairwise(ends)]

    async def current(self, patients: Sequence[PatientId]) -> Sequence[Version]:
        """See `record.Resources.current`."""
        return await self._current.ask(patients) if patients else []

    async def _read_current(self, asked: Sequence[Sequence[PatientId]]) -> list[list[Version]]:
        pairs = [(n, patient) for n, each in enumerate(asked) for patient in each]
        rows = await self._database.fetch("current", *map(list, zip(*pairs, strict=True)))
        bodies = await self._can_read(rows)
        found: list[list[Version]] = [[] for _ in asked]
        for at, row in enumerate(rows):
            if not row["keyed"]:
                found[row["request"]] += await self._walked(row["patient"])
            elif row["t"] is not None:
                request: int = row["request"]
                logical = LogicalId(row["patient"], row["key"])
                said = self._statement(row, bodies[at])
                version = self._version(row, logical, row["versions"], said, gone=row["gone"])
                found[request].append(version)
        for each in found:
            each.sort(key=in_order)
        return found

    async def _walked(self, patient: PatientId) -> list[Version]:
        """The newest of each resource of a patient whose are not all known by their keys."""
        rows = await self._database.fetch("kinds_of", patient)
        await self._database.can_read(
            kinds={row["kind"] for row in rows}, sources=set(), dictionaries=set()
        )
        newest: list[Version] = []
        for row in rows:
            kind = self._database.kinds[row["kind"]]
            said = await self._database.fetch("versions", patient, row["kind"])
            bodies = await self._can_read(said)
            keys = {key_of(identified(body)[0]) for body in bodies.values()}
            for key in keys:
                every = await self.versions(kind, LogicalId(patient, key))
                newest += every[-1:]
        return newest

    async def versions(self, kind: str, id: LogicalId) -> Sequence[Version]:
        """See `record.Resources.versions`."""
        await self._database.know_kinds([kind])
        number = self._database.kind_id(kind)
        rows = await self._database.fetch("versions_of", id.patient, id.key, number)
        if not rows or len(rows) < rows[0]["versions"]:  # not known where they all are
            rows = await self._database.fetch("versions", id.patient, number)
        bodies = await self._can_read(rows)
        told = [self._statement(row, bodies[at]) for at, row in enumerate(rows)]
        if rows and rows[0]["reread"]:
            rereads = [
                Reread(**dict(row)) for row in await self._database.fetch("rereads", [id.patient])
            ]
            told = marked(told, rereads, _END)
        return [
            self._version(rows[at], id, number, told[at], gone=gone)
            for at, number, gone in numbered(told, id)
        ]

    async def named(self, tokens: Sequence[int]) -> Sequence[_Named]:
        """See `record.Resources.named`."""
        return await self._named.ask(tokens) if tokens else []

    async def _read_named(self, asked: Sequence[Sequence[int]]) -> list[list[_Named]]:
        found: dict[int, list[_Named]] = {}
        for one in await self._named_now({token for tokens in asked for token in tokens}):
            found.setdefault(one[0], []).append(one)
        return [
            [one for token in sorted({*tokens}) for one in found.get(token, ())] for tokens in asked
        ]

    async def _named_now(self, tokens: Collection[int]) -> list[_Named]:
        """The same, asked for alone: within a transaction that others have no part in."""
        rows = await self._database.fetch("named", list(tokens))
        await self._database.can_read(
            kinds={row["kind"] for row in rows}, sources=set(), dictionaries=set()
        )
        return [
            (row["token"], self._database.kinds[row["kind"]], LogicalId(row["patient"], row["key"]))
            for row in rows
        ]

    async def _can_read(self, rows: Sequence[Record]) -> dict[int, bytes]:
        """The body of each row that has one, by its place among `rows`."""
        found = [(at, row) for at, row in enumerate(rows) if row["t"] is not None]
        there = [row for _, row in found]
        await self._database.can_read(
            kinds={row["kind"] for row in there},
            sources={row["source"] for row in there},
            dictionaries={row["dictionary"] for row in there},
        )
        bodies = await self._database.bodies_of(
            [(row["patient"], row["t"], row["n"], row["dictionary"], row["body"]) for row in there]
        )
        return {at: body for (at, _), body in zip(found, bodies, strict=True)}

    def _version(
        self,
        row: Record,
        id: LogicalId,
        number: int,
        statement: Statement,
        *,
        gone: bool,
    ) -> Version:
        return Version(
            id=id,
            statement=statement,
            number=number,
            filed=row["filed"],
            gone=gone or is_erased(statement.body),
            person=person_of(row["person"]) if row["person"] else None,
            shared=row["shared"],
        )

    def _statement(self, row: Record, body: bytes) -> Statement:
        return Statement(
            patient=row["patient"],
            source=self._database.sources[row["source"]],
            t=row["t"],
            n=row["n"],
            kind=self._database.kinds[row["kind"]],
            message=row["message"],
            place=row["place"],
            received=row["received"],
            body=body,
        )

"""Statements and messages, as said."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.record import MessageId, PatientId, Statement
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres import message_bodies
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.rereading import Reread, marked

_Seen = Mapping[PatientId, int]
_ADDRESS = attrgetter("patient", "t", "n")


class Statements:
    """See `record.Statements`. Gathered: callers at the same moment share one query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reads = Gatherer(self._read, most=64, at_once=2)

    async def statements(self, seen: Mapping[PatientId, int]) -> Sequence[Statement]:
        """See `record.Statements.statements`."""
        return await self._reads.ask(seen) if seen else []

    async def _read(self, asked: Sequence[_Seen]) -> list[list[Statement]]:
        wanted = [
            (request, patient, 0, t)
            for request, seen in enumerate(asked)
            for patient, t in seen.items()
        ]
        rows = await self._database.fetch("statements", *map(list, zip(*wanted, strict=True)))
        return await self._told([row for row in rows if row["t"] is not None], asked)

    async def of_kinds(self, seen: _Seen, kinds: Sequence[str]) -> Sequence[Statement]:
        """The statements of these FHIR types alone, up to each patient's `t`, by address."""
        wanted = [(0, patient, t) for patient, t in seen.items()]
        columns = map(list, zip(*wanted, strict=True))
        rows = await self._database.fetch("statements_of_kinds", *columns, list(kinds))
        [said] = await self._told(rows, [seen])
        return said

    async def _told(self, rows: Sequence[Record], asked: Sequence[_Seen]) -> list[list[Statement]]:
        """The statements that rows of filings hold, for each of the requests that ask for them."""
        await self._database.can_read(
            kinds={kind for row in rows for kind in row["kind"]},
            sources={row["source"] for row in rows},
            dictionaries={dictionary for row in rows for dictionary in row["dictionary"]},
        )
        answers: list[list[Statement]] = [[] for _ in asked]
        kinds, sources = self._database.kinds, self._database.sources
        bodies = iter(await self._database.bodies_of_filings(rows))
        again: set[tuple[int, PatientId]] = set()
        request: int
        for row in rows:
            request, patient, source, read, t, message, received, ns, of_kinds, places, _, _ = row
            if read:
                again.add((request, patient))
            name = sources[source]
            answers[request] += [
                Statement(  # by position, which takes half the time
                    patient, name, t, n, kinds[kind], message, place, received, next(bodies)
                )
                for n, kind, place in zip(ns, of_kinds, places, strict=True)
            ]
        for answer in answers:  # nearly so from the index: sorted there, every row waits for all
            answer.sort(key=_ADDRESS)
        if again:
            await self._mark(asked, answers, again)
        return answers

    async def _mark(
        self,
        asked: Sequence[_Seen],
        answers: list[list[Statement]],
        again: set[tuple[int, PatientId]],
    ) -> None:
        """Mark what counts no longer, of the few patients of whom a message was read again."""
        rows = await self._database.fetch("rereads", list({patient for _, patient in again}))
        rereads: dict[PatientId, list[Reread]] = {}
        for row in rows:
            rereads.setdefault(row["patient"], []).append(Reread(**dict(row)))
        for request in {request for request, _ in again}:
            answers[request] = [
                one
                for patient, said in groupby(answers[request], key=lambda one: one.patient)
                for one in marked(list(said), rereads.get(patient, ()), asked[request][patient])
            ]

    async def since(
        self, before: Mapping[PatientId, int], seen: Mapping[PatientId, int]
    ) -> Sequence[Statement] | None:
        """See `record.Statements.since`."""
        if not seen:
            return []
        wanted = [(0, patient, before[patient], t) for patient, t in seen.items()]
        rows = await self._database.fetch("statements", *map(list, zip(*wanted, strict=True)))
        if any(row["reread"] for row in rows):
            return None
        [told] = await self._told([row for row in rows if row["t"] is not None], [seen])
        return told

    async def message(self, id: MessageId) -> bytes:
        """See `record.Statements.message`."""
        row = await self._database.fetchrow("message", id) if 0 < id < 1 << 63 else None
        if row is None:
            raise NotFound(f"There is no message {id}.")
        packed = self._database.keys.open_message(row["source_id"], row)
        return message_bodies.unpack(packed)

    async def samples(self, most: int) -> list[tuple[str, bytes]]:
        """Up to `most` bodies of each FHIR type with their type, to train a dictionary on."""
        rows = await self._database.fetch("samples", most)
        await self._database.can_read(
            kinds={row["kind"] for row in rows},
            sources=set(),
            dictionaries={row["dictionary"] for row in rows},
        )
        kinds = self._database.kinds
        bodies = await self._database.bodies_of(
            [(row["patient"], row["t"], row["n"], row["dictionary"], row["body"]) for row in rows]
        )
        return [(kinds[row["kind"]], body) for row, body in zip(rows, bodies, strict=True)]

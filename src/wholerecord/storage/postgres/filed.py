"""What was filed, in the order it was filed: an index by time, and a bounded look at a time."""

from datetime import UTC, datetime

from asyncpg import Record

from wholerecord.record import Filed, FiledOf, FiledPage, LogicalId, Mark, PersonId, Statement
from wholerecord.record.resources import identified
from wholerecord.storage.postgres.resources import Resources
from wholerecord.storage.postgres.who import uuid_of

#: Statements a look goes through: so many for each that is wanted, mostly enough; then, at least,
#: so many as a rare type may have none among.
_FEW, _WINDOW = 5, 5_000
_BEGIN = datetime(1, 1, 1, tzinfo=UTC)
_END: Mark = (datetime(9999, 1, 1, tzinfo=UTC), (1 << 63) - 1, (1 << 31) - 1, (1 << 31) - 1)  # pyright: ignore[reportAssignmentType] - the last patient there could be


class FiledResources(Resources):
    """See `record.Resources.filed`."""

    async def filed(
        self, asked: FiledOf, *, controller: str, person: PersonId | None, limit: int
    ) -> FiledPage:
        """See `record.Resources.filed`."""
        if asked.kind:
            await self._database.know_kinds([asked.kind])
        found: list[Record] = []
        more: Record | None = None
        for window in (limit * _FEW, max(limit * _FEW, _WINDOW)):
            rows = await self._database.fetch(
                "filed",
                *(asked.before or _END),
                asked.since or _BEGIN,
                self._database.kind_id(asked.kind) if asked.kind else None,
                uuid_of(person) if person is not None else None,
                person is not None,
                controller,
                window,
                limit,
            )
            found = sorted((row for row in rows if row["theirs"]), key=_mark, reverse=True)
            ended = next((row for row in rows if not row["theirs"]), None)
            more = ended if ended is not None and ended["looked"] == window else None
            if len(found) == limit or more is None:
                break
        last = found[-1] if len(found) == limit else more
        after = None if last is None else _mark(last)
        return FiledPage(filed=await self._filed(found), after=after)

    async def _filed(self, rows: list[Record]) -> tuple[Filed, ...]:
        """Each row as the version it is; what its message no longer says is none.

        Where each stands among the versions of its resource is asked for all at once, and no other
        version is read. Of resources whose versions are not all known where they are, all are.
        """
        bodies = await self._can_read(rows)
        said = [self._statement(row, bodies[at]) for at, row in enumerate(rows)]
        named = [identified(one.body) for one in said]
        ids = [LogicalId.of(one.patient, own) for one, (own, _) in zip(said, named, strict=True)]
        placed = await self._placed(rows, ids)
        found: list[Filed] = []
        for at, (row, one, own) in enumerate(zip(rows, said, ids, strict=True)):
            if (place := placed.get(at)) is None:
                found += await self._among(row, one, own)
                continue
            version = self._version(row, own, place["number"], one, gone=named[at][1])
            found.append(Filed(mark=_mark(row), version=version, until=place["until"]))
        return tuple(found)

    async def _placed(self, rows: list[Record], ids: list[LogicalId]) -> dict[int, Record]:
        """By its place among `rows`: which version each is, and until when it was the newest."""
        if not rows:
            return {}
        placed = await self._database.fetch(
            "placed",
            [row["patient"] for row in rows],
            [one.key for one in ids],
            [row["kind"] for row in rows],
            [row["t"] for row in rows],
            [row["n"] for row in rows],
        )
        return {row["place"] - 1: row for row in placed}

    async def _among(self, row: Record, one: Statement, own: LogicalId) -> list[Filed]:
        """The same of one, found among all versions of its resource."""
        known = list(await self.versions(one.kind, own))
        ends = [*(version.filed for version in known[1:]), None]
        return [
            Filed(mark=_mark(row), version=version, until=until)
            for version, until in zip(known, ends, strict=True)
            if (version.statement.t, version.statement.n) == (one.t, one.n)
        ]


def _mark(row: Record) -> Mark:
    return row["filed"], row["patient"], row["t"], row["n"]

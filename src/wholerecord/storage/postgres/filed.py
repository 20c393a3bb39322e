"""What was filed, in the order it was filed: an index by time, and a bounded look at a time."""

from datetime import UTC, datetime

from asyncpg import Record

from wholerecord.record import Filed, FiledOf, FiledPage, LogicalId, Mark, PersonId
from wholerecord.record.resources import identified
from wholerecord.storage.postgres.resources import Resources
from wholerecord.storage.postgres.who import uuid_of

#: Statements one look goes through, at least: of a rare type there may be none among them.
_WINDOW = 5_000
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
        window = max(_WINDOW, limit)
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
        scanned = next((row for row in rows if not row["theirs"]), None)
        after: Mark | None = None
        if len(found) == limit:
            after = _mark(found[-1])
        elif scanned is not None and scanned["looked"] == window:
            after = _mark(scanned)
        return FiledPage(filed=await self._filed(found), after=after)

    async def _filed(self, rows: list[Record]) -> tuple[Filed, ...]:
        """Each row as the version it is; what its message no longer says is none."""
        bodies = await self._can_read(rows)
        said = [self._statement(row, bodies[at]) for at, row in enumerate(rows)]
        ids = [LogicalId.of(one.patient, identified(one.body)[0]) for one in said]
        newest = await self.newest([(one.kind, own) for one, own in zip(said, ids, strict=True)])
        found: list[Filed] = []
        for row, one, own, last in zip(rows, said, ids, newest, strict=True):
            known = [last] if last is not None else []
            if last is None or last.number > 1 or row["reread"]:
                known = list(await self.versions(one.kind, own))
            for at, version in enumerate(known):
                if (version.statement.t, version.statement.n) == (one.t, one.n):
                    later = known[at + 1].filed if at + 1 < len(known) else None
                    found.append(Filed(mark=_mark(row), version=version, until=later))
        return tuple(found)


def _mark(row: Record) -> Mark:
    return row["filed"], row["patient"], row["t"], row["n"]

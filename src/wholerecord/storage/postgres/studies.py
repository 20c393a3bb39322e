"""Projects, studies and what was released."""

from collections.abc import Sequence
from typing import Any

import msgspec
from asyncpg import Record

from wholerecord.consent import Purpose
from wholerecord.errors import NotFound
from wholerecord.research.study.book import (
    CHECKERS,
    Case,
    Check,
    KnownProject,
    Ran,
    Released,
    Sent,
    Told,
)
from wholerecord.research.study.project import Project
from wholerecord.research.study.release import State
from wholerecord.research.study.sets import read_people
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

_PROJECT = msgspec.json.Decoder(Project).decode
_TOLD = msgspec.json.Decoder(Told).decode
#: The first number too large for a database.
_TOO_LARGE = 1 << 63


class _File(msgspec.Struct, frozen=True, array_like=True):
    """What was sent, beside who sent it."""

    raw: bytes
    lists: dict[str, bytes]
    sql: bool


class StudyBook:
    """See `research.study.book.StudyBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_project(self, project: Project) -> None:
        """See `research.study.book.StudyBook.add_project`."""
        said = msgspec.json.encode(project)
        if await self._database.fetchrow("add_project", project.id, said) is None:
            raise KnownProject

    async def project(self, id: str) -> Project | None:
        """See `research.study.book.StudyBook.project`."""
        row = await self._database.fetchrow("project", storable(id))
        return None if row is None else _PROJECT(row["said"])

    async def projects(self) -> Sequence[Project]:
        """See `research.study.book.StudyBook.projects`."""
        return [_PROJECT(row["said"]) for row in await self._database.fetch("projects")]

    async def keep_study(self, sent: Sent) -> int:
        """See `research.study.book.StudyBook.keep_study`."""
        file = _File(raw=sent.raw, lists=dict(sent.lists), sql=sent.sql)
        who = storable(sent.project), storable(sent.actor), sent.purpose.value, sent.code
        [row] = await self._database.fetch("keep_study", *who, msgspec.msgpack.encode(file))
        return row["n"]

    async def settle_study(self, n: int, ran: Ran, *, seen: int) -> bool:
        """See `research.study.book.StudyBook.settle_study`."""
        async with self._database.transaction() as connection:
            nth: int | None = None
            if ran.state is State.RELEASED:
                await connection.fetch(QUERIES["lock_releases"])
                nth = await connection.fetchval(QUERIES["count_releases"])
                if nth != seen:
                    return False
            row = await connection.fetchrow(
                QUERIES["settle_study"],
                n,
                ran.state.value,
                ran.snapshot,
                msgspec.json.encode(ran.told),
                bool(ran.told.tables),
                ran.near,
                ran.cells,
                ran.people,
                nth,
            )
        if row is None:
            raise NotFound(f"There is no study {n} that has come to nothing yet.")
        return True

    async def study_case(self, n: int) -> Case | None:
        """See `research.study.book.StudyBook.study_case`."""
        if not 0 < n < _TOO_LARGE:
            return None
        found = await self._cases(await self._database.fetch("study_case", n))
        return found[0] if found else None

    async def study_cases(self, *, project: str | None = None, limit: int = 500) -> Sequence[Case]:
        """See `research.study.book.StudyBook.study_cases`."""
        wanted = None if project is None else storable(project)
        return await self._cases(await self._database.fetch("study_cases", wanted, limit))

    async def study_sent(self, n: int) -> Sent | None:
        """See `research.study.book.StudyBook.study_sent`."""
        row = await self._database.fetchrow("study_sent", n) if 0 < n < _TOO_LARGE else None
        if row is None:
            return None
        file = msgspec.msgpack.decode(row["said"], type=_File)
        return Sent(
            project=row["project"],
            actor=row["actor"],
            purpose=Purpose(row["purpose"]),
            code=row["code"],
            raw=file.raw,
            lists=file.lists,
            sql=file.sql,
        )

    async def releases(self) -> Sequence[Released]:
        """See `research.study.book.StudyBook.releases`."""
        return [Released(**dict(row)) for row in await self._database.fetch("releases")]

    async def release_board(self, cells: bytes, *, seen: int) -> bool:
        """See `research.study.book.ReleaseBook.release_board`."""
        async with self._database.transaction() as connection:
            await connection.fetch(QUERIES["lock_releases"])
            if await connection.fetchval(QUERIES["count_releases"]) != seen:
                return False
            await connection.execute(QUERIES["add_board_release"], cells)
        return True

    async def board_releases(self) -> Sequence[bytes]:
        """See `research.study.book.ReleaseBook.board_releases`."""
        return [row["cells"] for row in await self._database.fetch("board_releases")]

    async def studies_with(self, person: int) -> Sequence[int]:
        """See `research.study.book.StudyBook.studies_with`."""
        rows = await self._database.fetch("counted_people")
        return [row["study"] for row in rows if read_people(row["people"]) >> person & 1]

    async def check_study(self, n: int, *, by: str, approve: bool, why: str) -> None:
        """See `research.study.book.StudyBook.check_study`.

        The lock of releases is taken before that of the study, as whoever settles one does.
        """
        nobody = NotFound(f"Study {n} does not wait for this checker.")
        if not 0 < n < _TOO_LARGE:
            raise nobody
        async with self._database.transaction() as connection:
            await connection.fetch(QUERIES["lock_releases"])
            study = await connection.fetchrow(QUERIES["lock_study"], n)
            checks = await connection.fetch(QUERIES["study_checks"], [n])
            waits = (
                study is not None
                and study["state"] == State.WAITING.value
                and study["released"] is None
                and study["actor"] != storable(by)
                and (study["holds"] or not approve)
                and all(check["approved"] for check in checks)
            )
            said = n, storable(by), approve, storable(why)
            added = await connection.fetchrow(QUERIES["add_study_check"], *said) if waits else None
            if added is None:
                raise nobody
            if approve and len(checks) + 1 >= CHECKERS:
                nth = await connection.fetchval(QUERIES["count_releases"])
                await connection.fetch(QUERIES["release_study"], n, nth)

    async def _cases(self, rows: Sequence[Record]) -> list[Case]:
        numbers = [row["n"] for row in rows]
        checks: dict[int, list[Check]] = {}
        for row in await self._database.fetch("study_checks", numbers):
            said: dict[str, Any] = dict(row)
            checks.setdefault(said.pop("study"), []).append(Check(**said))
        return [_case(row, tuple(checks.get(row["n"], ()))) for row in rows]


def _case(row: Record, checks: tuple[Check, ...]) -> Case:
    ran = None
    if row["state"] is not None:
        told = _TOLD(row["told"])
        state = State(row["state"])
        ran = Ran(state=state, snapshot=row["snapshot"], told=told, near=row["near"])
    return Case(
        n=row["n"],
        at=row["at"],
        project=row["project"],
        actor=row["actor"],
        purpose=Purpose(row["purpose"]),
        code=row["code"],
        ran=ran,
        released=row["released"],
        checks=checks,
    )

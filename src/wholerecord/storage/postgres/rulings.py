"""Professionals' rulings."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.fold import About, Ruling, Verdict
from wholerecord.record import PatientId
from wholerecord.storage.postgres.corrections import ask_sources
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable


class Rulings:
    """See `fold.Rulings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @redone
    async def rule(
        self, verdict: Verdict, about: Sequence[About], *, by: str, why: str, side: str = ""
    ) -> Ruling:
        """See `fold.Rulings.rule`."""
        by, why = storable(by), storable(why)
        patients = list({each.patient for each in about})
        async with self._database.transaction() as connection:
            if await connection.fetchval(QUERIES["patients_known"], patients) != len(patients):
                raise NotFound("A patient this is about is not known.")
            await connection.execute(QUERIES["count_rulings"], patients)
            row = await connection.fetchrow(QUERIES["add_ruling"], verdict.value, by, why, side)
            assert row is not None  # noqa: S101 - INSERT … RETURNING gives the row
            await connection.execute(
                QUERIES["add_abouts"],
                row["n"],
                [each.patient for each in about],
                [each.kind for each in about],
                [each.id for each in about],
            )
            ruling = Ruling(
                n=row["n"],
                verdict=verdict,
                about=tuple(about),
                by=by,
                why=why,
                at=row["at"],
                side=side,
            )
            await ask_sources(connection, ruling)
        return ruling

    @redone
    async def withdraw(self, n: int, *, by: str) -> None:
        """See `fold.Rulings.withdraw`."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval(QUERIES["ruling_known"], n):
                raise NotFound(f"There is no ruling {n}.")
            patients = [
                row["patient"] for row in await connection.fetch(QUERIES["ruled_patients"], n)
            ]
            if await connection.fetchval(QUERIES["withdraw_ruling"], n, storable(by)):
                await connection.execute(QUERIES["count_rulings"], patients)
                await connection.execute(QUERIES["take_back_requests"], n)

    async def rulings(
        self, patients: Sequence[PatientId], *, at: datetime | None = None
    ) -> Sequence[Ruling]:
        """See `fold.Rulings.rulings`."""
        return rulings_of(await self._database.fetch("rulings", patients, at))


def rulings_of(rows: Sequence[Record]) -> list[Ruling]:
    """The rulings that rows say, one for each statement that a ruling is about, in order."""
    return [
        Ruling(
            n=n,
            verdict=Verdict(first["verdict"]),
            about=tuple(
                About(each["patient"], each["kind"], each["id"]) for each in (first, *rest)
            ),
            by=first["by"],
            why=first["why"],
            at=first["at"],
            side=first["side"],
        )
        for n, group in groupby(rows, key=lambda row: row["n"])
        for first, *rest in [group]
    ]

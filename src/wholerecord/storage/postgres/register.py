"""Who is who, and what people decide about it. What rules decide is `linking`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from wholerecord.errors import NotFound
from wholerecord.people import Act, LinkEvent, Member, Review
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import before, new_person
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.events import NOT_YET, write_events
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import event, member, parts_of, person_of, uuid_of
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


class People:
    """The part of `people.Register` that people use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.join`."""
        async with self._database.transaction() as connection:
            was = await _lock(connection, patient)
            known = await _known(connection, person)
            await connection.execute(QUERIES["not_apart"], patient, known)
            await connection.execute(QUERIES["answered"], patient, known)
            joined = _event(Act.JOIN, patient, person, was=was, by=by, why=why)
            return await _write(connection, joined)

    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unlink`."""
        async with self._database.transaction() as connection:
            left = await _lock(connection, patient)
            if left is None:
                raise NotFound("That patient is not linked to anybody.")
            rows = await connection.fetch(QUERIES["events_of_patient"], patient)
            target = before(event(row) for row in rows)
            if target is None:
                alone = await connection.fetchval(QUERIES["persons_size"], left) == 1
                target = left if alone else new_person()
            if target != left:
                await connection.execute(QUERIES["set_apart"], patient, left)
            await connection.execute(QUERIES["answered"], patient, left)
            taken_out = _event(Act.UNLINK, patient, target, was=left, by=by, why=why)
            return await _write(connection, taken_out)

    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.veto`."""
        async with self._database.transaction() as connection:
            was = await _lock(connection, patient)
            known = await _known(connection, person)
            await connection.execute(QUERIES["set_apart"], patient, known)
            await connection.execute(QUERIES["answered"], patient, known)
            vetoed = _event(Act.VETO, patient, person, was=was, by=by, why=why)
            return await _write(connection, vetoed)

    async def reviews(self) -> Sequence[Review]:
        """See `people.Register.reviews`."""
        return [
            Review(
                n=row["n"],
                patient=row["patient"],
                person=person_of(row["person"]),
                patient_person=person_of(row["patient_person"]),
                weight=row["weight"],
                parts=parts_of(row["parts"]),
                since=row["since"],
            )
            for row in await self._database.fetch("reviews")
        ]

    async def members(self, person: PersonId, *, at: datetime | None = None) -> Sequence[Member]:
        """See `people.Register.members`."""
        known = uuid_of(person)
        if known is None:
            return []
        if at is None:
            rows = await self._database.fetch("members", [known])
        else:
            rows = await self._database.fetch("members_at", known, at)
        return [member(row) for row in rows]

    async def person_of(self, patient: PatientId) -> PersonId | None:
        """See `people.Register.person_of`."""
        row = await self._database.fetchrow("person_of", patient)
        return None if row is None else person_of(row["person"])

    async def people(self) -> Sequence[PersonId]:
        """See `people.Register.people`."""
        return [person_of(row["person"]) for row in await self._database.fetch("people")]

    async def events(self, person: PersonId) -> Sequence[LinkEvent]:
        """See `people.Register.events`."""
        known = uuid_of(person)
        if known is None:
            return []
        return [event(row) for row in await self._database.fetch("events_of_person", known)]

    async def find(self, keys: Sequence[int]) -> Sequence[tuple[PersonId, Member]]:
        """See `people.Register.find`."""
        return [
            (person_of(row["person"]), member(row))
            for row in await self._database.fetch("find", keys)
        ]


async def _lock(connection: "Connection", patient: PatientId) -> PersonId | None:
    """Who the patient is, who stays so until the commit."""
    row = await connection.fetchrow(QUERIES["lock_patient"], patient)
    if row is None:
        raise NotFound(f"No patient has the id {patient}.")
    return person_of(row["person"]) if row["person"] else None


async def _known(connection: "Connection", person: PersonId) -> UUID:
    """The person's stored id."""
    known = uuid_of(person)
    if known is None or not await connection.fetchval(QUERIES["person_known"], known):
        raise NotFound("There is nobody with that id.")
    return known


async def _write(connection: "Connection", said: LinkEvent) -> LinkEvent:
    [written] = await write_events(connection, [said])
    return replace(said, n=written.n, at=written.at)


def _event(
    act: Act,
    patient: PatientId,
    person: PersonId,
    *,
    was: PersonId | None,
    by: str,
    why: str,
) -> LinkEvent:
    return LinkEvent(
        n=0,
        act=act,
        patient=patient,
        person=person,
        was=was,
        weight=0.0,
        parts=(),
        by=storable(by),
        why=storable(why),
        model="",
        at=NOT_YET,
    )

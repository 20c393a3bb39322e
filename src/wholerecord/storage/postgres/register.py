"""Who is who, and what people decide about it. What rules decide is `linking`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from wholerecord.errors import NotFound
from wholerecord.people import Act, Asked, LinkEvent, Member, Review
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import before, needs_second, new_person, undoable
from wholerecord.storage.postgres.batch import Row
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.events import (
    NOT_YET,
    ask_after,
    events_of,
    write_events,
    write_questions,
)
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import (
    candidate,
    event,
    member,
    parts_of,
    person_of,
    uuid_of,
)
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


class People:
    """The part of `people.Register` that people use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @redone
    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.join`."""
        async with self._database.transaction() as connection:
            was = await _lock(connection, patient)
            known = await _known(connection, person)
            await connection.execute(QUERIES["not_apart"], patient, known)
            await connection.execute(QUERIES["answered"], patient, known)
            joined = _event(Act.JOIN, patient, person, was=was, by=by, why=why)
            return await _write(connection, joined)

    @redone
    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unlink`."""
        async with self._database.transaction() as connection:
            left = await _lock(connection, patient)
            if left is None:
                raise NotFound("That patient is not linked to anybody.")
            own = await events_of(connection, patient)
            restricted = await _restricted(connection, left)
            if needs_second(own, by=storable(by), restricted=restricted):
                asked = _event(Act.PROPOSE, patient, left, was=left, by=by, why=why)
                return await _write(connection, asked)
            target = before(own)
            if target is None:
                alone = await connection.fetchval(QUERIES["persons_size"], left) == 1
                target = left if alone else new_person()
            if target != left:
                await connection.execute(QUERIES["set_apart"], patient, left)
            await connection.execute(QUERIES["answered"], patient, left)
            taken_out = _event(Act.UNLINK, patient, target, was=left, by=by, why=why)
            return await _part(connection, taken_out, own)

    @redone
    async def unsure(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unsure`."""
        async with self._database.transaction() as connection:
            was = await _lock(connection, patient)
            await _known(connection, person)
            unsure = _event(Act.UNSURE, patient, person, was=was, by=by, why=why)
            return await _write(connection, unsure)

    @redone
    async def take_back(self, n: int, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.take_back`."""
        async with self._database.transaction() as connection:
            patient = await connection.fetchval(QUERIES["patient_of_event"], n)
            if patient is None:
                raise NotFound("There is no such decision.")
            was = await _lock(connection, patient)
            own = await events_of(connection, patient)
            said = undoable(own, n)
            if said.act is Act.VETO:
                await connection.execute(QUERIES["not_apart"], patient, said.person)
                await connection.execute(QUERIES["reopen"], patient, said.person)
                back = _event(Act.RETRACT, patient, said.person, was=was, by=by, why=why)
                return await _write(connection, back)
            restricted = await _restricted(connection, said.person)
            if needs_second(own, by=storable(by), restricted=restricted):
                asked = _event(Act.PROPOSE, patient, said.person, was=was, by=by, why=why)
                return await _write(connection, asked)
            await connection.execute(QUERIES["reopen"], patient, said.person)
            target = said.was or new_person()
            undone = _event(Act.UNLINK, patient, target, was=was, by=by, why=why)
            return await _part(connection, undone, own)

    @redone
    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.veto`."""
        async with self._database.transaction() as connection:
            was = await _lock(connection, patient)
            known = await _known(connection, person)
            await connection.execute(QUERIES["set_apart"], patient, known)
            await connection.execute(QUERIES["answered"], patient, known)
            vetoed = _event(Act.VETO, patient, person, was=was, by=by, why=why)
            return await _write(connection, vetoed)

    @redone
    async def ask(self, asked: Sequence[Asked]) -> int:
        """See `people.Register.ask`."""
        async with self._database.transaction() as connection:
            return await write_questions(connection, asked)

    async def joined(self, people: Collection[PersonId]) -> Sequence[PersonId]:
        """See `people.Register.joined`."""
        known = [uuid for person in people if (uuid := uuid_of(person))]
        return [person_of(row["person"]) for row in await self._database.fetch("joined", known)]

    async def reviews(self) -> Sequence[Review]:
        """See `people.Register.reviews`."""
        return [_review(row) for row in await self._database.fetch("reviews", None)]

    async def reviews_of(self, person: PersonId) -> Sequence[Review]:
        """See `people.Register.reviews_of`."""
        known = uuid_of(person)
        if known is None:
            return []
        return [_review(row) for row in await self._database.fetch("reviews", known)]

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

    async def people(
        self, *, after: PersonId | None = None, limit: int | None = None
    ) -> Sequence[PersonId]:
        """See `people.Register.people`."""
        begins = (uuid_of(after) if after is not None else None) or UUID(int=0)
        rows = await self._database.fetch("people", begins, limit)
        return [person_of(row["person"]) for row in rows]

    async def known_to(self, controller: str, *, after: PersonId, limit: int) -> Sequence[PersonId]:
        """See `people.Register.known_to`."""
        begins = uuid_of(after) or UUID(int=0)
        rows = await self._database.fetch("known_to", controller, begins, limit)
        return [person_of(row["person"]) for row in rows]

    async def states(self) -> Mapping[PersonId, str]:
        """See `people.Register.states`."""
        rows = await self._database.fetch("states")
        return {person_of(row["person"]): row["state"] for row in rows}

    async def holders(
        self, people: Collection[PersonId], *, since: datetime
    ) -> frozenset[PersonId]:
        """See `people.Register.holders`."""
        known = [uuid for person in people if (uuid := uuid_of(person))]
        rows = await self._database.fetch("holders", known, since)
        return frozenset(people) | {person_of(row["person"]) for row in rows}

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


def _review(row: Row) -> Review:
    return Review(
        n=row["n"],
        patient=row["patient"],
        person=person_of(row["person"]),
        patient_person=person_of(row["patient_person"]),
        weight=row["weight"],
        parts=parts_of(row["parts"]),
        since=row["since"],
        against=row["against"],
        why=row["why"],
        unsure=row["unsure"],
    )


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


async def _restricted(connection: "Connection", person: PersonId) -> bool:
    rows = await connection.fetch(QUERIES["companions"], [person])
    return any(candidate(row).demographics.restricted for row in rows)


async def _part(connection: "Connection", said: LinkEvent, own: Sequence[LinkEvent]) -> LinkEvent:
    written = await _write(connection, said)
    await ask_after(connection, written, own)
    return written


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

"""Merges that sources said, and those they took back, carried out in their order."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholerecord.people import Act, Asked, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import before, contested, doubted, merged_last, new_person
from wholerecord.storage.postgres.events import (
    NOT_YET,
    ask_after,
    events_of,
    write_events,
    write_questions,
)
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import person_of

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


async def merge_waiting(
    connection: "Connection", limit: int, model: str
) -> tuple[bool, list[LinkEvent]]:
    """Whether any waited, and what became of them.

    The patient whom a merge retires moves to the kept one's person; an unmerge moves them back.
    """
    rows = await connection.fetch(QUERIES["claim_merges"], limit)
    if not rows:
        return False, []
    patients = sorted({who for row in rows for who in (row["kept"], row["retired"])})
    merging = _Merging(connection, model)
    await merging.begin(patients)
    for row in rows:
        if row["undo"]:
            await merging.unmerge(row["kept"], row["retired"])
        else:
            merging.merge(row["kept"], row["retired"])
    await merging.write()
    await write_questions(connection, merging.asked)
    await connection.execute(QUERIES["unclaim_merges"], [row["n"] for row in rows])
    return True, merging.written


@dataclass(slots=True)
class _Merging:
    """Who the patients of some merges are, as the merges are carried out."""

    connection: "Connection"
    model: str
    now: dict[PatientId, PersonId | None] = field(
        default_factory=dict["PatientId", "PersonId | None"]
    )
    apart: set[tuple[PatientId, PersonId | None]] = field(
        default_factory=set["tuple[PatientId, PersonId | None]"]
    )
    asked: list[Asked] = field(default_factory=list[Asked])
    left: set[PersonId] = field(default_factory=set[PersonId])
    events: list[LinkEvent] = field(default_factory=list[LinkEvent])
    written: list[LinkEvent] = field(default_factory=list[LinkEvent])

    async def begin(self, patients: list[PatientId]) -> None:
        """Lock the patients, and read who they are and may not be."""
        for patient in patients:
            row = await self.connection.fetchrow(QUERIES["lock_patient"], patient)
            self.now[patient] = person_of(row["person"]) if row and row["person"] else None
        rows = await self.connection.fetch(QUERIES["apart"], patients)
        self.apart = {(row["patient"], person_of(row["person"])) for row in rows}

    def merge(self, kept: PatientId, retired: PatientId) -> None:
        """Move the retired one to the kept one's person."""
        person = self.now[kept]
        if person is None:
            person = new_person()
            self._move(Act.LINK, kept, person, "the source says another patient is this one")
        was = self.now[retired]
        if (retired, person) in self.apart or (kept, was) in self.apart:
            self.asked.append(contested(retired, person))
        elif was != person:
            why = "the source says these two of its patients are one"
            self._move(Act.MERGE, retired, person, why)
            self.left |= {was} if was else set()

    async def unmerge(self, kept: PatientId, retired: PatientId) -> None:
        """Move the retired one back, where the merge is the last thing that moved them."""
        person = self.now[retired]
        if person is None or self.now[kept] != person:
            return
        await self.write()
        own = await events_of(self.connection, retired)
        if not merged_last(own):
            self.asked.append(doubted(retired, person))
            return
        why = "the source says these two of its patients are not one"
        self._move(Act.UNMERGE, retired, before(own) or new_person(), why)
        await self.write()
        await ask_after(self.connection, self.written[-1], own)

    async def write(self) -> None:
        """Write the events so far. Who was left behind by a merge is looked at again."""
        self.written += await write_events(self.connection, self.events)
        self.events.clear()
        if self.left:
            rows = await self.connection.fetch(QUERIES["companions"], self.left)
            await self.connection.execute(QUERIES["queue_links"], [row["id"] for row in rows])
        self.left.clear()

    def _move(self, act: Act, patient: PatientId, person: PersonId, why: str) -> None:
        self.events.append(
            LinkEvent(
                n=0,
                act=act,
                patient=patient,
                person=person,
                was=self.now[patient],
                weight=0.0,
                parts=(),
                by="rules",
                why=why,
                model=self.model,
                at=NOT_YET,
            )
        )
        self.now[patient] = person

"""Merges that sources said, and those they took back, carried out by when they were said."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wholerecord.people import Act, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.merged import Merged, Said
from wholerecord.storage.merging import Merging
from wholerecord.storage.postgres.events import (
    ask_after,
    events_of,
    write_events,
    write_questions,
)
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import event, person_of
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wholerecord.storage.postgres.batch import Row
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
    carrying = _Carrying(connection, model)
    merging = await carrying.begin(rows)
    heard: list[Said] = []
    for row in rows:
        said = _said(row, merging.said)
        for each in merging.carry_out(said):
            await carrying.carry(each)
        if said in merging.said.pairs.get(said.pair, ()):
            heard.append(said)
    await carrying.write()
    await carrying.look_again()
    await write_questions(connection, merging.asked)
    columns = [(each.n, each.kept, each.retired, each.undo, each.at, each.heard) for each in heard]
    if columns:
        await connection.execute(QUERIES["add_merges_said"], *map(list, zip(*columns, strict=True)))
    await connection.execute(QUERIES["unclaim_merges"], [row["n"] for row in rows])
    return True, carrying.written


def _said(row: "Row", known: Merged) -> Said:
    kept, retired = row["kept"], row["retired"]
    at = row["said"] or known.last_of(kept, retired) or row["now"]
    return Said(n=row["n"], kept=kept, retired=retired, undo=row["undo"], at=at, heard=row["now"])


@dataclass(slots=True)
class _Carrying:
    """The patients of some merges, and of whoever is merged with them, as events move them."""

    connection: "Connection"
    model: str
    now: dict[PatientId, PersonId | None] = field(
        default_factory=dict["PatientId", "PersonId | None"]
    )
    own: dict[PatientId, list[LinkEvent]] = field(
        default_factory=dict["PatientId", "list[LinkEvent]"]
    )
    events: list[LinkEvent] = field(default_factory=list[LinkEvent])
    written: list[LinkEvent] = field(default_factory=list[LinkEvent])
    left: set[PersonId] = field(default_factory=set["PersonId"])

    async def begin(self, rows: "Sequence[Row]") -> Merging:
        """Lock the patients, and read who they are, were and may not be."""
        named = sorted({who for row in rows for who in (row["kept"], row["retired"])})
        said = Merged.of(
            Said(
                n=each["n"],
                kept=each["kept"],
                retired=each["retired"],
                undo=each["undo"],
                at=each["at"],
                heard=each["heard"],
            )
            for each in await self.connection.fetch(QUERIES["merges_said"], named)
        )
        patients = sorted({*named, *said.patients})
        for row in await self.connection.fetch(QUERIES["lock_members"], patients):
            self.now[row["id"]] = person_of(row["person"]) if row["person"] else None
        for row in await self.connection.fetch(QUERIES["events_of_patients"], patients):
            self.own.setdefault(row["patient"], []).append(event(row))
        rows_apart = await self.connection.fetch(QUERIES["apart"], patients)
        apart = {(row["patient"], person_of(row["person"])) for row in rows_apart}
        return Merging(said=said, now=self.now, apart=apart, own=self.own)

    async def carry(self, planned: LinkEvent) -> None:
        """Move a patient; of one who is taken out, ask what was filed while they were in."""
        moved = replace(planned, model=self.model, why=storable(planned.why))
        if moved.act is Act.UNMERGE:
            await self.write()
            own = await events_of(self.connection, moved.patient)
            self.events.append(moved)
            await self.write()
            await ask_after(self.connection, self.written[-1], own)
        else:
            self.events.append(moved)
        self.now[moved.patient] = moved.person
        self.own.setdefault(moved.patient, []).append(moved)

    async def write(self) -> None:
        """Write the events so far."""
        self.written += await write_events(self.connection, self.events)
        self.left |= {each.was for each in self.events if each.act is Act.MERGE and each.was}
        self.events.clear()

    async def look_again(self) -> None:
        """Have everybody whom a merge left behind looked at; all at once, in their order."""
        if self.left:
            rows = await self.connection.fetch(QUERIES["companions"], self.left)
            await self.connection.execute(
                QUERIES["queue_links"], [row["id"] for row in rows], [], []
            )

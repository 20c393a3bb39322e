"""Patients linked as they come: a batch in one transaction, beside other linkers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asyncpg import Record

from wholerecord.people import Act, Asked, Candidate, Decide, LinkEvent
from wholerecord.people.blocking import CROWD, linking_keys
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import Settled, look_again, settle
from wholerecord.storage.postgres.bridging import bridge_waiting, queue_bridges
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.events import NOT_YET, write_links, write_questions
from wholerecord.storage.postgres.merging import merge_waiting
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import candidate, person_of, unpack

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


@dataclass(slots=True)
class _Linked:
    """The linked patients near those being linked, by person, and what is apart.

    `by_key` has others too, who wait to be linked.
    """

    known: dict[PatientId, Candidate] = field(default_factory=dict[PatientId, Candidate])
    of_person: dict[PersonId, set[PatientId]] = field(
        default_factory=dict[PersonId, set[PatientId]]
    )
    by_key: dict[int, list[PatientId]] = field(default_factory=dict[int, list[PatientId]])
    apart: dict[PatientId, set[PersonId]] = field(default_factory=dict[PatientId, set[PersonId]])

    @classmethod
    def of(cls, rows: Iterable[Record]) -> "_Linked":
        """Those whom `claim_links` or `link_candidates` found."""
        linked = cls()
        for row in rows:
            match row["what"]:
                case "key":
                    linked.by_key[row["id"]] = row["keys"]
                case "apart":
                    linked.apart.setdefault(row["id"], set()).add(person_of(row["person"]))
                case _:
                    linked.add(candidate(row))
        return linked

    def add(self, patient: Candidate) -> None:
        """Know a linked patient."""
        self.known[patient.patient] = patient
        self.of_person.setdefault(patient.person, set()).add(patient.patient)

    def candidates(self, patient: PatientId, linking: Iterable[int]) -> list[Candidate]:
        """Everybody of every person of whom somebody shares a key, and of their own, by id.

        Of the whole person: somebody who shares no key may be why they cannot be that person.
        """
        sharing = {who for key in linking for who in self.by_key.get(key, ())}
        people = {self.known[who].person for who in sharing & self.known.keys()}
        if (own := self.known.get(patient)) is not None:
            people.add(own.person)
        near = {who for person in people for who in self.of_person.get(person, ())}
        return [self.known[who] for who in sorted(near - {patient})]


class Linker:
    """The part of `people.Register` that rules do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @redone
    async def link_waiting(
        self, decide: Decide, *, limit: int = 256, model: str = ""
    ) -> Sequence[LinkEvent]:
        """See `people.Register.link_waiting`."""
        while True:
            async with self._database.transaction() as connection:
                taken, events = await _link(connection, decide, limit, model)
                if not taken:
                    taken, events = await merge_waiting(connection, limit, model)
                if not taken:
                    taken, events = await bridge_waiting(connection, model)
            if events or not taken:
                return events


async def _link(
    connection: "Connection", decide: Decide, limit: int, model: str
) -> tuple[bool, list[LinkEvent]]:
    """Whether anything waited, and what became of it."""
    rows = await connection.fetch(QUERIES["claim_links"], limit, CROWD)
    claimed = [row for row in rows if row["what"] == "claimed"]
    if not claimed:
        return False, []
    near = rows[len(claimed) :]
    return True, await _settle(connection, claimed, near, decide, model)


async def link_these(
    connection: "Connection", claimed: Sequence[Record], decide: Decide, model: str
) -> list[LinkEvent]:
    """What became of patients whose places in the queue are claimed, with their demographics."""
    return await _settle(connection, claimed, None, decide, model)


async def _settle(
    connection: "Connection",
    claimed: Sequence[Record],
    near: Sequence[Record] | None,
    decide: Decide,
    model: str,
) -> list[LinkEvent]:
    """As `link_these`; `near` are those found by the keys that the patients were queued with."""
    said = {PatientId(row["id"]): unpack(row["demographics"]) for row in claimed}
    sharing = {patient: linking_keys(demographics) for patient, demographics in said.items()}
    if near is None or any(row["keys"] != [*sharing[row["id"]]] for row in claimed):
        near = await _near(connection, sharing)
    linked = _Linked.of(near)
    events: list[LinkEvent] = []
    asked: list[Asked] = []
    certain: list[tuple[PatientId, PatientId]] = []
    for patient, demographics in said.items():
        apart = linked.apart.get(patient, set())
        candidates = linked.candidates(patient, sharing[patient])
        if (now := linked.known.get(patient)) is not None:
            asked += look_again(
                patient, demographics, now.person, candidates, apart=apart, decide=decide
            )
            continue
        settled = settle(patient, demographics, candidates, apart=apart, decide=decide)
        now = Candidate(patient=patient, person=settled.person, demographics=demographics)
        linked.add(now)
        events.append(_event(patient, settled, model))
        asked += settled.asked
        certain += [(patient, other) for other in settled.also]
    written = await write_links(connection, events, model=model, done=list(said))
    await write_questions(connection, asked)
    await queue_bridges(connection, certain)
    return written


def _event(patient: PatientId, settled: Settled, model: str) -> LinkEvent:
    """That rules made a newcomer who they are."""
    return LinkEvent(
        n=0,
        act=Act.LINK,
        patient=patient,
        person=settled.person,
        was=None,
        weight=settled.decision.weight,
        parts=settled.decision.parts,
        by="rules",
        why=settled.decision.why,
        model=model,
        at=NOT_YET,
    )


async def _near(
    connection: "Connection", sharing: Mapping[PatientId, Sequence[int]]
) -> Sequence[Record]:
    """Lock the keys of these patients, and read who is linked and near, under the locks.

    Another linker may have linked one of them since they were claimed.
    """
    wanted = sorted({key for each in sharing.values() for key in each})
    return await connection.fetch(QUERIES["link_candidates"], wanted, CROWD, list(sharing))

"""A message found again. See `intake.trace`."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from wholerecord.errors import NotFound
from wholerecord.intake.known import known_as
from wholerecord.intake.trace import Traced
from wholerecord.record import MessageId, PatientId, PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.who import person_of
from wholerecord.storage.text import storable

_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


class Traces:
    """See `intake.trace.Traces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_messages(self, id: str, *, limit: int = 20) -> Sequence[MessageId]:
        """See `intake.trace.Traces.find_messages`."""
        said = storable(id.strip())
        rows = await self._database.fetch(
            "find_messages",
            said,
            known_as(said),
            int(said) if _NUMBER.fullmatch(said) else None,
            bytes.fromhex(said.lower()) if _HASH.fullmatch(said.lower()) else None,
            limit,
        )
        return [row["id"] for row in rows]

    async def traced(self, message: MessageId) -> Traced:
        """See `intake.trace.Traces.traced`."""
        row = await self._database.fetchrow("traced", message) if 0 < message < 1 << 63 else None
        if row is None:
            raise NotFound(f"There is no message {message}.")
        return Traced(
            message=row["id"],
            source=row["source"],
            controller=row["controller"],
            received=row["received"],
            name=row["name"],
            size=row["size"],
            sha256=row["sha256"].hex(),
            control=row["control"],
            sender=row["sender"],
            reused=row["again"] > 0,
            waiting=row["waiting"],
            filed=row["filed"],
        )

    async def replays_of(self, message: MessageId) -> Sequence[int]:
        """See `intake.trace.Traces.replays_of`."""
        return [row["replay"] for row in await self._database.fetch("replays_of", message)]

    async def persons_ever(
        self, patients: Sequence[PatientId]
    ) -> Mapping[PatientId, frozenset[PersonId]]:
        """See `intake.trace.Traces.persons_ever`."""
        found: dict[PatientId, set[PersonId]] = defaultdict(set)
        for row in await self._database.fetch("persons_ever", list(patients)):
            found[row["patient"]].add(person_of(row["person"]))
        return {patient: frozenset(persons) for patient, persons in found.items()}

    async def showings(
        self, persons: Sequence[PersonId], views: Sequence[str], said: Mapping[PatientId, int]
    ) -> int:
        """See `intake.trace.Traces.showings`."""
        row = await self._database.fetchrow(
            "openings_that_showed",
            list(persons),
            list(views),
            [str(patient) for patient in said],
            list(said.values()),
        )
        return int(row[0]) if row else 0

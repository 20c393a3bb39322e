"""The desk's other work: patients who are nobody yet, both books, and messages found."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from wholerecord.errors import NotFound
from wholerecord.intake.known import known_id
from wholerecord.intake.ledger import Counted, Hour
from wholerecord.intake.parked import Unlinked
from wholerecord.intake.trace import Traced
from wholerecord.record import MessageId, PatientId, PersonId
from wholerecord.storage.linking import MOVES
from wholerecord.storage.memory.tables import Tables
from wholerecord.storage.text import storable


class DeskWork:
    """See `intake.parked.ParkedWork` and `intake.ledger.Ledger`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def unlinked(self, *, limit: int = 100) -> Sequence[Unlinked]:
        """See `intake.parked.ParkedWork.unlinked`."""
        tables = self._tables
        waiting = [
            Unlinked(
                patient=patient,
                source=known.key.source,
                owner=tables.sources[known.key.source].controller,
                since=known.since,
                message=min((said.message for said in known.statements), default=None),
            )
            for patient, known in tables.patients.items()
            if known.key.number and patient not in tables.person
        ]
        return sorted(waiting, key=lambda one: (one.since, one.patient))[:limit]

    async def hours(self, *, since: datetime | None = None) -> Sequence[Hour]:
        """See `intake.ledger.Ledger.hours`."""
        pages = [page for page in self._tables.book.values() if since is None or page.hour >= since]
        return sorted(pages, key=lambda page: (page.source, page.hour))

    async def counted(self) -> Sequence[Counted]:
        """See `intake.ledger.Ledger.counted`."""
        tables = self._tables
        of = {m.message: (m.source, m.received.date()) for m in tables.messages}
        messages = Counter(of.values())
        waiting = Counter(of[message] for message in tables.waiting)
        items = Counter(of[item.message] for item in tables.parked)
        faulty = Counter(of[message] for message in {item.message for item in tables.parked})
        said = Counter(
            (one.source, one.received.date())
            for known in tables.patients.values()
            for one in known.statements
        )
        return [
            Counted(
                source=source,
                day=day,
                messages=messages[source, day],
                waiting=waiting[source, day],
                faulty=faulty[source, day],
                items=items[source, day],
                statements=said[source, day],
            )
            for source, day in sorted({*messages, *said}, key=lambda one: (one[1], one[0]))
        ]


class Traces:
    """See `intake.trace.Traces`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def find_messages(self, id: str, *, limit: int = 20) -> Sequence[MessageId]:
        """See `intake.trace.Traces.find_messages`."""
        said = storable(id.strip())
        names = {message: control for message, (_, control) in self._tables.control.items()}
        return [
            one.message
            for one in self._tables.messages
            if said
            and said
            in (
                str(one.message),
                names.get(one.message, known_id(one.body)),
                hashlib.sha256(one.body).hexdigest(),
            )
        ][:limit]

    async def traced(self, message: MessageId) -> Traced:
        """See `intake.trace.Traces.traced`."""
        tables = self._tables
        if not 1 <= message <= len(tables.messages):
            raise NotFound(f"There is no message {message}.")
        kept = tables.messages[message - 1]
        sender, control = tables.control.get(message, ("", None))
        filed = [
            known.filed[said.t - 1]
            for known in tables.patients.values()
            for said in known.statements
            if said.message == message
        ]
        return Traced(
            message=message,
            source=kept.source,
            controller=tables.sources[kept.source].controller,
            received=kept.received,
            name=kept.name,
            size=len(kept.body),
            sha256=hashlib.sha256(kept.body).hexdigest(),
            control=control,
            sender=sender,
            reused=message in tables.reused,
            waiting=message in tables.waiting,
            filed=min(filed, default=None),
        )

    async def replays_of(self, message: MessageId) -> Sequence[int]:
        """See `intake.trace.Traces.replays_of`."""
        return sorted(replay for replay, one in self._tables.replayed if one == message)

    async def persons_ever(
        self, patients: Sequence[PatientId]
    ) -> Mapping[PatientId, frozenset[PersonId]]:
        """See `intake.trace.Traces.persons_ever`."""
        found = {
            patient: frozenset(
                event.person
                for event in self._tables.events
                if event.patient == patient and event.act in MOVES
            )
            for patient in patients
        }
        return {patient: persons for patient, persons in found.items() if persons}

    async def showings(
        self, persons: Sequence[PersonId], views: Sequence[str], said: Mapping[PatientId, int]
    ) -> int:
        """See `intake.trace.Traces.showings`."""
        return sum(
            opening.allowed
            and opening.view in views
            and opening.person in persons
            and any(opening.seen.get(patient, -1) >= t for patient, t in said.items())
            for opening in self._tables.openings
        )

"""Messages kept, filed and counted."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.access.subscriptions import News, Standing
from wholerecord.errors import NotFound
from wholerecord.intake import (
    Arrival,
    Counts,
    Fault,
    Feed,
    Filed,
    Filing,
    Kept,
    PatientFiling,
    Prepare,
    Reason,
    Receipt,
)
from wholerecord.record import MessageId, PatientId, Source, Statement
from wholerecord.storage.described import is_older
from wholerecord.storage.memory.parked import ParkedItems, parked_as
from wholerecord.storage.memory.tables import Patient, now
from wholerecord.storage.text import CONTROL_PLACE, storable


class Inbox(ParkedItems):
    """See `intake.Inbox`."""

    async def declare(self, source: Source) -> None:
        """See `intake.Inbox.declare`."""
        self._tables.sources[source.name] = source

    async def sources(self) -> Sequence[Source]:
        """See `intake.Inbox.sources`."""
        return [source for _, source in sorted(self._tables.sources.items())]

    async def keep(self, arrival: Arrival) -> Receipt:
        """See `intake.Inbox.keep`."""
        tables = self._tables
        if arrival.source not in tables.sources:
            raise NotFound(f"The source {arrival.source} is not declared.")
        key = (arrival.source, arrival.body)
        if key in tables.kept:
            tables.write(arrival.source, now(), again=1)
            return self._receipt(tables.kept[key], fresh=False)
        message = MessageId(len(tables.messages) + 1)
        kept = Kept(
            message=message,
            source=arrival.source,
            name=storable(arrival.name),
            body=arrival.body,
            received=now(),
        )
        tables.messages.append(kept)
        tables.kept[key] = message
        tables.write(kept.source, kept.received, kept=1)
        if arrival.control is not None:
            tables.control[message] = storable(arrival.sender), storable(arrival.control)
        if self._first_of_its_name(arrival, message):
            tables.waiting.append(message)
        else:
            tables.reused.add(message)
            parked_as(tables, kept, Fault(reason=Reason.CONTROL_REUSED, place=CONTROL_PLACE))
            tables.write(kept.source, kept.received, faulty=1, items=1)
        return self._receipt(message, fresh=True)

    def _first_of_its_name(self, arrival: Arrival, message: MessageId) -> bool:
        if arrival.control is None:
            return True
        name = (arrival.source, storable(arrival.sender), storable(arrival.control))
        return self._tables.named.setdefault(name, message) == message

    def _receipt(self, message: MessageId, *, fresh: bool) -> Receipt:
        return Receipt(
            message=message,
            fresh=fresh,
            received=self._tables.messages[message - 1].received,
            reused=message in self._tables.reused,
        )

    async def pledge(self, source: str, key: str, sha256: bytes) -> bool:
        """See `intake.Inbox.pledge`."""
        if source not in self._tables.sources:
            raise NotFound(f"The source {source} is not declared.")
        return self._tables.posted.setdefault((source, storable(key)), sha256) == sha256

    async def file_waiting(self, prepare: Prepare, *, limit: int = 256) -> Sequence[Filed]:
        """See `intake.Inbox.file_waiting`."""
        tables = self._tables
        mine = [each for each in tables.waiting if each not in tables.claimed][:limit]
        if not mine:
            return []
        tables.claimed.update(mine)
        try:
            kept = [tables.messages[number - 1] for number in mine]
            filings = await prepare(
                [replace(each, columns=tables.sources[each.source].columns) for each in kept]
            )
            filed = [self._file(each, filing) for each, filing in zip(kept, filings, strict=True)]
            tables.waiting = [each for each in tables.waiting if each not in set(mine)]
        finally:
            tables.claimed.difference_update(mine)
        return filed

    def _file(self, kept: Kept, filing: Filing) -> Filed:
        tables = self._tables
        said, faults = 0, list(filing.faults)
        for patient in filing.patients:
            known = tables.patients.setdefault(patient.about.id, Patient(patient.about))
            if known.key != patient.about:
                place = patient.sayings[0].place if patient.sayings else ""
                faults.append(Fault(reason=Reason.SHARED_KEY, place=place))
                continue
            said += self._append(kept, known, patient)
        for merge in filing.merges:
            if {merge.kept.id, merge.retired.id} <= set(tables.patients):
                tables.to_merge.append(merge)
            else:
                faults.append(
                    Fault(reason=Reason.NO_SUCH_PATIENT, place=merge.place, about=merge.kept)
                )
        for fault in faults:
            parked_as(tables, kept, fault)
        tables.said += said
        lag = (kept.received - filing.newest).total_seconds() if filing.newest else None
        whole, items = int(not faults), len(faults)
        tables.write(
            *(kept.source, kept.received),
            said=said,
            items=items,
            filed=whole,
            faulty=1 - whole,
            lag=lag,
        )
        if filing.newest is not None:
            newest = tables.newest.get(kept.source, filing.newest)
            tables.newest[kept.source] = max(filing.newest, newest)
        return Filed(message=kept.message, statements=said, parked=len(faults))

    def _append(self, kept: Kept, known: Patient, filing: PatientFiling) -> int:
        patient = filing.about.id
        if filing.sayings:
            known.filed.append(now())
            self._news(known, patient)
        known.statements.extend(
            Statement(
                patient=patient,
                source=kept.source,
                t=known.t,
                n=n,
                kind=saying.kind,
                message=kept.message,
                place=storable(saying.place),
                received=kept.received,
                body=saying.body,
            )
            for n, saying in enumerate(filing.sayings)
        )
        if filing.demographics is not None and not is_older(filing.described, known.described):
            changed = filing.demographics != known.demographics
            known.demographics, known.described = filing.demographics, filing.described
            if changed and patient not in self._tables.to_link:
                self._tables.to_link.append(patient)
        return len(filing.sayings)

    def _news(self, known: Patient, patient: PatientId) -> None:
        """Write down that something was said, where anybody is subscribed."""
        tables, moment = self._tables, now()
        heard = (told.one for told in tables.subscriptions.values())
        going = any(one.standing is not Standing.OFF and one.until > moment for one in heard)
        if known.key.number and going:
            tables.heard += 1
            tables.news[tables.heard] = News(n=tables.heard, patient=patient, t=known.t)

    async def feeds(self) -> Sequence[Feed]:
        """See `intake.Inbox.feeds`."""
        tables = self._tables
        return [
            Feed(
                source=source,
                messages=len(sent),
                waiting=sum(each.message in tables.waiting for each in sent),
                parked=len(await self.parked(source=source.name)),
                last_received=sent[-1].received if sent else None,
                newest=tables.newest.get(source.name),
            )
            for source in await self.sources()
            for sent in [[each for each in tables.messages if each.source == source.name]]
        ]

    async def received(self) -> Counts:
        """See `intake.Inbox.received`."""
        tables = self._tables
        patients = tables.patients.items()
        return Counts(
            messages=len(tables.messages),
            waiting=len(tables.waiting),
            faulty=len({item.message for item in tables.parked}),
            parked=len(tables.parked),
            open=len(await self.parked()),
            said=tables.said,
            statements=sum(len(known.statements) for _, known in patients),
            directory=sum(len(k.statements) for _, k in patients if not k.key.number),
            unlinked=sum(
                len(known.statements)
                for patient, known in patients
                if known.key.number and patient not in tables.person
            ),
            patients=sum(bool(known.key.number) for _, known in patients),
            people=len(set(tables.person.values())),
        )

"""Messages filed: a batch of them in one transaction, whatever it leads to."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from asyncpg import Record

from wholerecord.intake import (
    Fault,
    Filed,
    Filing,
    Kept,
    PatientFiling,
    Prepare,
    Reason,
)
from wholerecord.record import PatientKey
from wholerecord.record.logical_id import key_of
from wholerecord.record.resources import identified
from wholerecord.storage.postgres import message_bodies
from wholerecord.storage.postgres.batch import Batch, Newest, Row, known
from wholerecord.storage.postgres.batch_written import write_filed
from wholerecord.storage.postgres.book import Page, hour_of, parked_row
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import pack
from wholerecord.storage.sealed import statement_place
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    pass

#: Bytes of messages taken at once, after the first.
_BYTES = 32 << 20
#: Each message of a batch is filed a moment after the one before, so that what is read in the order
#: of filing need not sort a whole batch for a few lines. All of it is before the commit.
_NEXT = timedelta(microseconds=1)
#: Filings of one program at once.
_AT_ONCE = 4


class Filings:
    """The filing part of `intake.Inbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A filing may need a second connection; too many at once would wait for each other's.
        self._filing = asyncio.Semaphore(_AT_ONCE)

    @redone
    async def file_waiting(self, prepare: Prepare, *, limit: int = 256) -> Sequence[Filed]:
        """See `intake.Inbox.file_waiting`."""
        self._database.need_room()
        async with self._filing, self._database.transaction() as connection:
            claimed = await connection.fetch(QUERIES["claim"], limit, _BYTES)
            if not claimed:
                return []
            keys = self._database.keys
            filings = await prepare([kept_of(row, keys) for row in claimed])
            ids = await self.ids_of(filings)
            batch = await known(connection, filings, ids, keys)
            filed: list[Filed] = []
            for row, filing in zip(claimed, filings, strict=True):
                filed.append(self.file(batch, row, filing))
                batch.filed_at += _NEXT
            await write_filed(connection, batch)
            await connection.execute(QUERIES["unclaim"], [row["id"] for row in claimed])
            return filed

    async def ids_of(self, filings: Sequence[Filing]) -> dict[str, int]:
        """The numbers of all sources named, those of types and sources now being known."""
        await self._database.know_kinds(
            saying.kind
            for filing in filings
            for patient in filing.patients
            for saying in patient.sayings
        )
        names = {patient.about.source for filing in filings for patient in filing.patients}
        return {name: await self._database.source_id(name) for name in names}

    def file(self, batch: Batch, row: Row, filing: Filing) -> Filed:
        """Add to the batch what one message leads to, in the order it says it."""
        said, faults = 0, list(filing.faults)
        for patient in filing.patients:
            if batch.keys[patient.about.id] != _stored(patient.about):
                place = patient.sayings[0].place if patient.sayings else ""
                faults.append(Fault(reason=Reason.SHARED_KEY, place=place))
                continue
            said += self._append(batch, row, patient)
        for merge in filing.merges:
            if all(
                batch.first.get(who.id, filing.message + 1) <= filing.message
                for who in (merge.kept, merge.retired)
            ):
                batch.merges.append(merge)
            else:
                faults.append(
                    Fault(reason=Reason.NO_SUCH_PATIENT, place=merge.place, about=merge.kept)
                )
        source = row["source_id"]
        batch.said[source] += said
        if filing.newest is not None:
            batch.newest[source] = max(filing.newest, batch.newest.get(source, filing.newest))
        batch.parked.extend(
            parked_row(filing.message, source, row["controller"], fault) for fault in faults
        )
        page = batch.book.setdefault((source, hour_of(row["received"])), Page())
        page.add(said=said, items=len(faults), received=row["received"], made=filing.newest)
        return Filed(message=filing.message, statements=said, parked=len(faults))

    def _append(self, batch: Batch, row: Row, filing: PatientFiling) -> int:
        who = filing.about.id
        patient = batch.patients[who]
        if filing.sayings:
            patient.moved += 1
        if filing.demographics is not None and patient.describe(
            pack(filing.demographics), filing.described
        ):
            batch.changed[who] = patient
        home, t, message, received = (
            patient.home,
            patient.t + patient.moved,
            row["id"],
            row["received"],
        )
        kinds, bodies = self._database.kind_id, self._database.bodies.pack
        sealing = batch.data_keys.get(who)
        for n, saying in enumerate(filing.sayings):
            kind = kinds(saying.kind)
            dictionary, body = bodies(saying.kind, saying.body)
            if sealing is not None:
                body = sealing.seal(body, statement_place(who, t, n))
            if patient.keyed:
                own, gone = identified(saying.body)
                key = (home, who, key_of(own), kind)
                before = batch.resources.get(key)
                versions = 1 + (before.versions if before else 0)
                if before is not None:
                    batch.earlier.append((*key, before.t, before.n))
                batch.resources[key] = Newest(t, n, gone, versions)
            batch.statements.append(
                (
                    *(home, who, message, received, batch.filed_at, t, n),
                    *(kind, dictionary, storable(saying.place), body),
                )
            )
        return len(filing.sayings)


def _stored(key: PatientKey) -> PatientKey:
    return PatientKey(key.source, storable(key.number))


def kept_of(row: Record, keys: DataKeys) -> Kept:
    """A row of `claim` or `kept_again`."""
    packed = keys.open_message(row["source_id"], row)
    return Kept(
        message=row["id"],
        source=row["source"],
        name=row["name"],
        body=message_bodies.unpack(packed),
        received=row["received"],
        columns=row["columns"],
    )

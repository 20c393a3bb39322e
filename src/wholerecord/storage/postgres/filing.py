"""Messages filed: a batch of them in one transaction, whatever it leads to."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import zstandard
from asyncpg import Record

from wholerecord.intake import (
    Fault,
    Filed,
    Filing,
    Kept,
    Merge,
    PatientFiling,
    Prepare,
    Reason,
    Unmerge,
)
from wholerecord.people.blocking import keys, keys_of
from wholerecord.record import PatientId, PatientKey
from wholerecord.record.logical_id import key_of
from wholerecord.record.resources import identified
from wholerecord.storage.described import is_older
from wholerecord.storage.postgres.book import Page, book, hour_of, parked_row, slot_to_file_in
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import home_of, pack, unpack
from wholerecord.storage.sealed import DataKey, statement_place
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

#: Bytes of messages taken at once, after the first.
_BYTES = 32 << 20
#: Each message of a batch is filed a moment after the one before, so that what is read in the order
#: of filing need not sort a whole batch for a few lines. All of it is before the commit.
_NEXT = timedelta(microseconds=1)
#: Filings of one program at once.
_AT_ONCE = 4
COLUMNS = (
    *("home", "patient", "message", "received", "filed", "t", "n"),
    *("kind", "dictionary", "place", "body"),
)


#: A message's id, source, controller and moment of receipt, as `claim` gives them.
Row = Record | Mapping[str, Any]


@dataclass(slots=True)
class Moved:
    """A patient during a filing: as they were, and what is added."""

    home: int
    t: int
    was: bytes | None
    moved: int = 0
    now: bytes | None = None
    described: datetime | None = None
    keyed: bool = True

    def describe(self, demographics: bytes, written: datetime | None) -> bool:
        """Whether that is not what was said before. What was written earlier is passed over."""
        if is_older(written, self.described):
            return False
        before, self.now = self.now or self.was, demographics
        self.described = written
        return demographics != before


@dataclass(slots=True)
class Newest:
    """The newest version of a resource in a filing, and how many the filing adds."""

    t: int
    n: int
    gone: bool
    versions: int


@dataclass(slots=True)
class Batch:
    """What one transaction writes; what is added next is filed at `filed_at`."""

    patients: dict[PatientId, Moved]
    keys: dict[PatientId, PatientKey]
    first: dict[PatientId, int]
    filed_at: datetime
    data_keys: Mapping[PatientId, DataKey]
    changed: dict[PatientId, Moved] = field(default_factory=dict[PatientId, Moved])
    statements: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    resources: dict[tuple[int, PatientId, int, int], Newest] = field(
        default_factory=dict[tuple[int, PatientId, int, int], Newest]
    )
    earlier: list[tuple[int, PatientId, int, int, int, int]] = field(
        default_factory=list[tuple[int, PatientId, int, int, int, int]]
    )
    merges: list[Merge | Unmerge] = field(default_factory=list["Merge | Unmerge"])
    parked: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    said: Counter[int] = field(default_factory=Counter[int])
    newest: dict[int, datetime] = field(default_factory=dict[int, datetime])
    book: dict[tuple[int, datetime], Page] = field(default_factory=dict[tuple[int, datetime], Page])


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
            await self.write_filed(connection, batch)
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

    async def write_filed(self, connection: "Connection", batch: Batch) -> None:
        """Write the batch."""
        await connection.copy_records_to_table(
            "statement", records=batch.statements, columns=COLUMNS
        )
        if batch.resources:
            newest = batch.resources.values()
            homes, patients, keys_, kinds = zip(*batch.resources, strict=True)
            await connection.execute(
                QUERIES["set_resources"],
                *(homes, patients, keys_),
                *([each.t for each in newest], [each.n for each in newest]),
                *([each.versions for each in newest], kinds, [each.gone for each in newest]),
            )
        if batch.earlier:
            await connection.execute(
                QUERIES["add_earlier"], *map(list, zip(*batch.earlier, strict=True))
            )
        moved = [(who, each) for who, each in batch.patients.items() if each.moved or each.now]
        await connection.execute(
            QUERIES["move_patients"],
            [who for who, _ in moved],
            [each.moved for _, each in moved],
            [each.now for _, each in moved],
            [each.described for _, each in moved],
        )
        await queue_links(connection, batch.changed)
        news = [
            (who, each.t + more)
            for who, each in batch.patients.items()
            if batch.keys[who].number
            for more in range(1, each.moved + 1)
        ]
        if news:
            await connection.execute(QUERIES["write_news"], *map(list, zip(*news, strict=True)))
        if batch.merges:
            await connection.execute(
                QUERIES["queue_merges"],
                [merge.kept.id for merge in batch.merges],
                [merge.retired.id for merge in batch.merges],
                [isinstance(merge, Unmerge) for merge in batch.merges],
                [merge.said for merge in batch.merges],
            )
        if batch.parked:
            await connection.fetch(QUERIES["park"], *map(list, zip(*batch.parked, strict=True)))
        slot = slot_to_file_in()
        await book(connection, batch.book, slot)
        await connection.execute(
            QUERIES["count_said"],
            list(batch.said),
            list(batch.said.values()),
            [batch.newest.get(source) for source in batch.said],
            slot,
        )


async def known(
    connection: "Connection",
    filings: Sequence[Filing],
    source_ids: dict[str, int],
    data_keys: DataKeys,
) -> Batch:
    """Every patient these filings name, known from now on and locked until the commit."""
    said = sorted(_about(filings), key=lambda each: each[0])
    new = [(who, [(at, filing) for _, at, filing in each]) for who, each in _grouped(said)]
    rows = await connection.fetch(
        QUERIES["know_patients"],
        [who for who, _ in new],
        [
            home_of(who, [each.demographics for _, each in all_ if each.demographics])
            for who, all_ in new
        ],
        [source_ids[all_[0][1].about.source] for _, all_ in new],
        [storable(all_[0][1].about.number) for _, all_ in new],
    )
    fresh = {row["id"] for row in rows}
    if fresh:
        await connection.execute(QUERIES["wait_to_link"], list(fresh))
    merged = {key.id for f in filings for m in f.merges for key in (m.kept, m.retired)}
    rows = await connection.fetch(QUERIES["lock_patients"], [*merged.union(who for who, _ in new)])
    names = {number: name for name, number in source_ids.items()}
    first_said = {who: all_[0][0] for who, all_ in new}
    return Batch(
        patients={
            row["id"]: Moved(
                home=row["home"],
                t=row["t"],
                was=row["demographics"],
                described=row["described"],
                keyed=row["keyed"],
            )
            for row in rows
        },
        keys={row["id"]: PatientKey(names.get(row["source"], ""), row["number"]) for row in rows},
        first={row["id"]: first_said[row["id"]] if row["id"] in fresh else 0 for row in rows},
        filed_at=await connection.fetchval(QUERIES["clock"]),
        data_keys=await data_keys.for_writing(connection, {row["id"]: row["home"] for row in rows}),
    )


def _about(filings: Sequence[Filing]) -> Iterator[tuple[PatientId, int, PatientFiling]]:
    for filing in filings:
        for patient in filing.patients:
            yield patient.about.id, filing.message, patient


def _grouped(
    said: Iterable[tuple[PatientId, int, PatientFiling]],
) -> Iterator[tuple[PatientId, Iterable[tuple[PatientId, int, PatientFiling]]]]:
    return groupby(said, key=lambda each: each[0])


async def queue_links(connection: "Connection", changed: Mapping[PatientId, Moved]) -> None:
    """Keep the blocking keys of changed demographics, and queue the patients to be linked."""
    dropped: list[tuple[int, int]] = []
    added: list[tuple[int, int]] = []
    linking: list[tuple[int, int]] = []
    for who, patient in changed.items():
        now = keys_of(unpack(patient.now))
        old, new = set(keys(unpack(patient.was))), set(now.kept)
        dropped.extend((key, who) for key in old - new)
        added.extend((key, who) for key in new - old)
        linking.extend((key, who) for key in now.linking)
    if dropped:
        await connection.execute(
            QUERIES["drop_keys"], [key for key, _ in dropped], [who for _, who in dropped]
        )
    if added:
        await connection.execute(
            QUERIES["add_keys"], [key for key, _ in added], [who for _, who in added]
        )
    if changed:
        await connection.execute(
            QUERIES["queue_links"],
            list(changed),
            [key for key, _ in linking],
            [who for _, who in linking],
        )


def _stored(key: PatientKey) -> PatientKey:
    return PatientKey(key.source, storable(key.number))


def kept_of(row: Record, keys: DataKeys) -> Kept:
    """A row of `claim` or `kept_again`."""
    packed = keys.open_message(row["source_id"], row)
    return Kept(
        message=row["id"],
        source=row["source"],
        name=row["name"],
        body=zstandard.ZstdDecompressor().decompress(packed),
        received=row["received"],
        columns=row["columns"],
    )

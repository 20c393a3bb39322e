"""A batch of filings: every patient it names, known and locked, and what it will write."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from asyncpg import Record

from wholerecord.intake import (
    Filing,
    Merge,
    PatientFiling,
    Unmerge,
)
from wholerecord.record import PatientId, PatientKey
from wholerecord.storage.described import is_older
from wholerecord.storage.postgres.book import Page
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import home_of
from wholerecord.storage.sealed import DataKey
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

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

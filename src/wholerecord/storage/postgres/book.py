"""What filing writes into the ledger, and a parked item's row."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wholerecord.intake import Fault
from wholerecord.record import MessageId
from wholerecord.storage.postgres.inbox import SLOTS
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import phrase, storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


@dataclass(slots=True)
class Page:
    """What filing adds to one source's hour."""

    filed: int = 0
    faulty: int = 0
    items: int = 0
    said: int = 0
    lagged: int = 0
    lag: float = 0.0

    def add(self, *, said: int, items: int, received: datetime, made: datetime | None) -> None:
        """Count one message."""
        self.filed += not items
        self.faulty += bool(items)
        self.items += items
        self.said += said
        if made is not None:
            self.lagged += 1
            self.lag += (received - made).total_seconds()


def hour_of(received: datetime) -> datetime:
    """The hour (UTC) in which a message was received."""
    return received.replace(minute=0, second=0, microsecond=0)


def slot_to_file_in() -> int:
    """One of the slots in which filing counts, and no keeping does.

    What is written over FHIR is kept and filed in one transaction: with slots in common, two of
    those could each wait for what the other has counted.
    """
    return SLOTS + random.randrange(SLOTS)  # noqa: S311 - spreads a counter, keeps no secret


async def book(
    connection: "Connection", pages: Mapping[tuple[int, datetime], Page], slot: int
) -> None:
    """Write the pages, in the `slot`."""
    each = list(pages.values())
    await connection.execute(
        QUERIES["book_filed"],
        [source for source, _ in pages],
        [hour for _, hour in pages],
        [page.filed for page in each],
        [page.faulty for page in each],
        [page.items for page in each],
        [page.said for page in each],
        [page.lagged for page in each],
        [page.lag for page in each],
        slot,
    )


def parked_row(
    message: MessageId, source: int, controller: str, fault: Fault
) -> tuple[object, ...]:
    """A row for `park`."""
    return (
        message,
        source,
        storable(fault.place),
        fault.reason.name,
        phrase(fault),
        controller,
        fault.about.id if fault.about else None,
    )

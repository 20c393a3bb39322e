"""The nightly check: both books of the ledger and every fold, and how it stood, remembered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from wholerecord.access.reckon import reckon
from wholerecord.access.store import Store
from wholerecord.record import Marks

_MARK = "ledger"
#: When it is done, UTC: few look and few send.
_AT = timedelta(hours=2)
#: Lines remembered of what is wrong; `wholerecord check` says all.
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How the ledger stood at the last check. `wrong` names day and source, and no person."""

    at: datetime
    wrong: tuple[str, ...]


async def check(store: Store, now: datetime) -> Checked:
    """Reckon everything and remember how it stood."""
    found = await reckon(store)
    checked = Checked(at=now, wrong=tuple(found.wrong[:_MOST]))
    await store.set_mark(_MARK, msgspec.json.encode(checked).decode())
    return checked


async def last_checked(store: Marks) -> Checked | None:
    """How the ledger stood at the last check; None before the first."""
    kept = await store.mark(_MARK)
    return msgspec.json.decode(kept, type=Checked) if kept else None


def until_next(now: datetime) -> timedelta:
    """How long until the next check is due.

    >>> from datetime import UTC
    >>> until_next(datetime(2026, 3, 1, 23, tzinfo=UTC))
    datetime.timedelta(seconds=10800)
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0) + _AT
    return (today if now < today else today + timedelta(days=1)) - now

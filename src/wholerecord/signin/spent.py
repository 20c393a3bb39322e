"""What counts no longer: sessions signed out of, codes used, tokens revoked, assertions seen.

Sessions and tokens are sealed text that we do not keep; what we keep is the list of those that
ended before their time, each for as long as it would have lasted.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol


class Spent(Protocol):
    """The list, shared by every process."""

    async def spend(self, name: str, *, until: datetime) -> bool:
        """Put `name` on the list, now, to be kept until `until`; whether it was not on it yet.

        Of any number of callers at the same moment one is told that it was not.
        """
        ...

    async def spent(self, names: Sequence[str]) -> datetime | None:
        """When the last of these names was put on the list; None: none of them is on it."""
        ...


class SpentHere:
    """The list of a program that is one process and ends with it."""

    def __init__(self) -> None:
        self._spent: dict[bytes, tuple[datetime, datetime]] = {}

    async def spend(self, name: str, *, until: datetime) -> bool:
        """See `Spent.spend`."""
        now = datetime.now(UTC)
        self._spent = {key: one for key, one in self._spent.items() if now < one[1]}
        key = spent_key(name)
        _, before = self._spent.get(key, (now, until))
        fresh = key not in self._spent
        self._spent[key] = (now, max(before, until))
        return fresh

    async def spent(self, names: Sequence[str]) -> datetime | None:
        """See `Spent.spent`."""
        found = [self._spent[key][0] for key in map(spent_key, names) if key in self._spent]
        return max(found, default=None)


def spent_key(name: str) -> bytes:
    """The name as it is kept: its SHA-256, so that the list is about nobody."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()

"""Data keys: one for each patient, and one for each message, kept wrapped by the key file's keys.

They are asked for with every read and never remembered, so that a destroyed key is destroyed
everywhere at once. See docs/decisions/0024.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from asyncpg import Record

from wholerecord.record import PatientId
from wholerecord.record.erasing import Erased
from wholerecord.storage.keyring import Keyring, Wrapped
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.sealed import (
    DataKey,
    Moved,
    key_number,
    key_place,
    message_place,
    new_key,
)

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

Fetch = Callable[..., Awaitable[Sequence[Record]]]
#: What the proof of a key of the file says, and what it is bound to.
_PROOF = b"wholerecord"


class DataKeys:
    """Makes and finds data keys; without a key file it makes none."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    @property
    def on(self) -> bool:
        """Whether what is written is encrypted."""
        return bool(self.keyring.newest)

    async def begin(self, fetch: Fetch) -> None:
        """See that every key in use is there and the right one, before anything is read.

        Raises:
            NoKey: one is missing.
            WrongKey: one is another.
        """
        rows = await fetch("keks")
        for row in rows:
            self.keyring.unwrap(Wrapped(row["id"], row["proof"]), row["id"].encode())
        newest = self.keyring.newest
        if newest and newest not in {row["id"] for row in rows}:
            proof = self.keyring.wrap(_PROOF, newest.encode())
            for row in await fetch("add_kek", newest, proof.data):
                self.keyring.unwrap(Wrapped(newest, row["proof"]), newest.encode())

    async def for_writing(
        self, connection: "Connection", homes: Mapping[PatientId, int]
    ) -> dict[PatientId, DataKey]:
        """The key that each of these patients' new statements are encrypted with; none when off.

        The patients are locked by the caller, so nobody makes another key at the same time.
        """
        if not self.on or not homes:
            return {}
        found: dict[PatientId, DataKey] = {}
        last: dict[PatientId, int] = {}
        for row in await connection.fetch(QUERIES["data_keys"], list(homes)):
            patient, n = row["patient"], row["n"]
            last[patient] = n
            found.pop(patient, None)
            if row["wrapped"] is not None:
                found[patient] = self._opened(row)
        made: list[tuple[int, PatientId, int, str, bytes]] = []
        for patient in sorted(homes.keys() - found.keys()):
            n, key = last.get(patient, 0) + 1, new_key()
            wrapped = self.keyring.wrap(key, key_place(patient, n))
            made.append((homes[patient], patient, n, wrapped.kek, wrapped.data))
            found[patient] = DataKey.of(n, key)
        if made:
            await connection.execute(QUERIES["add_data_keys"], *map(list, zip(*made, strict=True)))
        return found

    async def for_reading(
        self, fetch: Fetch, patients: Iterable[PatientId]
    ) -> dict[tuple[PatientId, int], DataKey | None]:
        """Every key of these patients by number; None is one that was destroyed."""
        return {
            (row["patient"], row["n"]): None if row["wrapped"] is None else self._opened(row)
            for row in await fetch("data_keys", list(set(patients)))
        }

    def seal_message(self, source: int, sha256: bytes, packed: bytes) -> tuple[bytes, Wrapped]:
        """A message's body encrypted with a key of its own, and that key wrapped."""
        key, place = new_key(), message_place(source, sha256)
        return DataKey.of(0, key).seal(packed, place), self.keyring.wrap(key, place)

    def open_message(self, source: int, row: Record) -> bytes:
        """The compressed body of a message's row, with `sha256`, `body`, `kek` and `wrapped`.

        Raises:
            Erased: its key was destroyed.
        """
        body: bytes = row["body"]
        if key_number(body) is None:
            return body
        if row["kek"] is None:
            raise Moved
        if row["wrapped"] is None:
            raise Erased
        place = message_place(source, row["sha256"])
        key = self.keyring.unwrap(Wrapped(row["kek"], row["wrapped"]), place)
        return DataKey.of(0, key).open(body, place)

    def _opened(self, row: Record) -> DataKey:
        wrapped = Wrapped(row["kek"], row["wrapped"])
        key = self.keyring.unwrap(wrapped, key_place(row["patient"], row["n"]))
        return DataKey.of(row["n"], key)

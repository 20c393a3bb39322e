"""Every data key wrapped again with the newest key of the file; no body is written."""

from wholerecord.errors import Conflict
from wholerecord.storage.keyring import Wrapped
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.prompts import KEY_OF
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.sealed import key_place, message_place, prompt_place

#: Keys in one commit.
_BATCH = 2000
#: Before the first home, patient and number.
_FIRST = (-(1 << 63), -(1 << 63), 0)


async def rotate(database: Database) -> tuple[int, tuple[str, ...]]:
    """How many data keys were wrapped again, and the keys of the file that are needed no longer.

    Batches commit one by one: what is broken off goes on where it was, and harms nobody who reads.

    Raises:
        Conflict: there is no key file.
    """
    keyring = database.keys.keyring
    if not keyring.newest:
        raise Conflict("Name a key file with WHOLERECORD_KEYS first.")
    count = await _patients(database) + await _messages(database) + await _prompts(database)
    gone = await database.fetch("drop_keks", keyring.newest)
    return count, tuple(row["id"] for row in gone)


async def _patients(database: Database) -> int:
    keyring, count, last = database.keys.keyring, 0, _FIRST
    while True:
        async with database.transaction() as connection:
            rows = await connection.fetch(
                QUERIES["data_keys_to_rotate"], keyring.newest, *last, _BATCH
            )
            if not rows:
                return count
            fresh: list[tuple[int, int, int, bytes]] = []
            for row in rows:
                about = key_place(row["patient"], row["n"])
                key = keyring.unwrap(Wrapped(row["kek"], row["wrapped"]), about)
                data = keyring.wrap(key, about).data
                fresh.append((row["home"], row["patient"], row["n"], data))
            await connection.execute(
                QUERIES["rotate_data_keys"], keyring.newest, *map(list, zip(*fresh, strict=True))
            )
        last, count = fresh[-1][:3], count + len(rows)


async def _messages(database: Database) -> int:
    keyring, count, last = database.keys.keyring, 0, 0
    while True:
        async with database.transaction() as connection:
            rows = await connection.fetch(
                QUERIES["message_keys_to_rotate"], keyring.newest, last, _BATCH
            )
            if not rows:
                return count
            fresh: list[tuple[int, bytes]] = []
            for row in rows:
                about = message_place(row["source"], row["sha256"])
                key = keyring.unwrap(Wrapped(row["kek"], row["wrapped"]), about)
                fresh.append((row["message"], keyring.wrap(key, about).data))
            await connection.execute(
                QUERIES["rotate_message_keys"], keyring.newest, *map(list, zip(*fresh, strict=True))
            )
        last, count = fresh[-1][0], count + len(rows)


async def _prompts(database: Database) -> int:
    keyring, count, last = database.keys.keyring, 0, 0
    while True:
        async with database.transaction() as connection:
            rows = await connection.fetch(
                QUERIES["prompt_keys_to_rotate"], keyring.newest, last, _BATCH
            )
            if not rows:
                return count
            fresh: list[tuple[int, bytes]] = []
            for row in rows:
                about = prompt_place(row["opening"], KEY_OF)
                key = keyring.unwrap(Wrapped(row["kek"], row["wrapped"]), about)
                fresh.append((row["n"], keyring.wrap(key, about).data))
            await connection.execute(
                QUERIES["rotate_prompt_keys"], keyring.newest, *map(list, zip(*fresh, strict=True))
            )
        last, count = fresh[-1][0], count + len(rows)

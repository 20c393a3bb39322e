"""Transactions that wait for each other in a ring: PostgreSQL ends one, and nobody is told."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import asyncpg
import pytest

from tests.conformance.fhir_server import Client, doorway, patient
from wholerecord import worker
from wholerecord.access import Store
from wholerecord.intake import Arrival
from wholerecord.people.blocking import keys_of
from wholerecord.record import Source
from wholerecord.storage import open_store
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import unpack

pytestmark = pytest.mark.postgres

_LOCK = "SELECT 1 FROM patient WHERE id = $1 FOR UPDATE"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store whose transactions are those that are ended: they look for a ring the sooner."""
    more = "&" if "?" in database_url else "?"
    async with open_store(f"{database_url}{more}deadlock_timeout=400ms") as opened:
        await opened.declare(Source(name="pas", controller="RXX", title="PAS"))
        await opened.keep(Arrival(source="pas", body=b"what knows the source's number"))
        await worker.settle(opened, worker.prepare_here)
        yield opened


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Another program's connection, which waits for long before it looks for a ring."""
    connection = await asyncpg.connect(database_url, server_settings={"deadlock_timeout": "20s"})
    yield connection
    await connection.close()


def admission(n: int, ward: str = "W1") -> bytes:
    return (
        f"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|{n}{ward}|P|2.5\r"
        f"PID|1||H{n}^^^RXX^MR||EXAMPLE{n}^ADA||19700504|F\rPV1|1|I|{ward}\r"
    ).encode()


async def ring(
    other: asyncpg.Connection,
    work: Coroutine[Any, Any, Any],
    *,
    second: tuple[str, Any],
) -> Any:
    """What `work` gives that waits for what `other` holds, while `other` asks for what it holds."""
    doing = asyncio.create_task(work)
    async with asyncio.timeout(20):
        await somebody_waits(other)
        query, values = second
        await other.execute(query, *values)
        await other.execute("COMMIT")
        return await doing


async def somebody_waits(other: asyncpg.Connection) -> None:
    """Until a lock is asked for that another holds."""
    while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.001)


async def test_what_is_filed_in_a_ring_is_filed_once(
    store: Store, other: asyncpg.Connection
) -> None:
    for n in (1, 2):
        await store.keep(Arrival(source="pas", body=admission(n)))
    await worker.settle(store, worker.prepare_here)
    low, high = await patients(other)
    for n in (1, 2):
        await store.keep(Arrival(source="pas", body=admission(n, "W2")))
    await other.execute("BEGIN")
    await other.execute(_LOCK, high)
    filed = await ring(other, store.file_waiting(worker.prepare_here), second=(_LOCK, (low,)))
    assert [each.parked for each in filed] == [0, 0]
    counts = await store.received()
    assert (counts.messages, counts.waiting) == (5, 0)
    assert {row["t"] for row in await other.fetch("SELECT t FROM patient")} == {2}


async def test_a_client_who_writes_in_a_ring_is_told_that_it_is_done(
    store: Store, other: asyncpg.Connection
) -> None:
    ask = Client(await doorway(store))
    made = [await ask.made(patient(number)) for number in ("9990000018", "9990000026")]
    low, high = await patients(other)
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "resource": one | {"birthDate": "1948-03-03"},
                "request": {
                    "method": "PUT",
                    "url": f"Patient/{one['id']}",
                    "ifMatch": f'W/"{one["meta"]["versionId"]}"',
                },
            }
            for one in made
        ],
    }
    await other.execute("BEGIN")
    await other.execute(_LOCK, high)
    answer = await ring(other, ask("POST", "", bundle), second=(_LOCK, (low,)))
    assert answer.status_code == 200, answer.text
    for one in made:
        read = (await ask("GET", f"Patient/{one['id']}")).json()
        assert (read["birthDate"], read["meta"]["versionId"]) == ("1948-03-03", "2")


async def test_what_is_kept_in_a_ring_is_kept_once_and_acknowledged(
    store: Store, other: asyncpg.Connection
) -> None:
    bodies = sorted(
        (admission(n) for n in range(2)), key=lambda body: hashlib.sha256(body).digest()
    )
    insert = (
        "INSERT INTO message (received, size, source, sha256, name, body)"
        " SELECT now(), 1, id, $1, '', '' FROM source ON CONFLICT DO NOTHING"
    )
    await other.execute("BEGIN")
    await other.execute(insert, hashlib.sha256(bodies[1]).digest())
    together = asyncio.gather(*(store.keep(Arrival(source="pas", body=body)) for body in bodies))

    async def kept() -> list[Any]:
        return await together

    first, second = await ring(
        other, kept(), second=(insert, (hashlib.sha256(bodies[0]).digest(),))
    )
    assert (first.fresh, second.fresh) == (False, False)
    assert (await store.received()).messages == 3


async def test_messages_are_numbered_as_they_came_and_written_in_the_order_of_their_hashes(
    store: Store, other: asyncpg.Connection
) -> None:
    """So that two who are sent the same in another order wait in no ring."""
    receipts = await asyncio.gather(
        *(store.keep(Arrival(source="pas", body=admission(n))) for n in range(50))
    )
    numbers = [receipt.message for receipt in receipts]
    assert numbers == sorted(numbers)
    rows = await other.fetch("SELECT sha256 FROM message WHERE id > $1 ORDER BY ctid", 1)
    written = [row["sha256"] for row in rows]
    assert written == sorted(written)


async def test_whoever_makes_two_persons_one_waits_for_a_patient_before_the_keys(
    store: Store, other: asyncpg.Connection
) -> None:
    """As a client's write does: it locks its patients, then the keys it links them by."""
    for n in (1, 2):
        await store.keep(Arrival(source="pas", body=admission(n)))
    await worker.settle(store, worker.prepare_here)
    low, high = await patients(other)
    said = await other.fetchval("SELECT demographics FROM patient WHERE id = $1", low)
    await other.execute("INSERT INTO to_bridge (patient, other) VALUES ($1, $2)", low, high)
    await other.execute("BEGIN")
    await other.execute(_LOCK, low)
    linking = asyncio.create_task(worker.settle(store, worker.prepare_here))
    async with asyncio.timeout(20):
        await somebody_waits(other)
        await other.execute(QUERIES["lock_keys"], sorted(keys_of(unpack(said)).kept))
        await other.execute("COMMIT")
        await linking
    assert await other.fetchval("SELECT count(*) FROM to_bridge") == 0


async def patients(other: asyncpg.Connection) -> tuple[int, int]:
    low, high = [row["id"] for row in await other.fetch("SELECT id FROM patient ORDER BY id")]
    return low, high

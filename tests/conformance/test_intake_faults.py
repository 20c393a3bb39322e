"""What goes wrong around intake: a full disk, a message that is poison, a flush that must come."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from wholerecord import worker
from wholerecord.access import Actor, Doorway
from wholerecord.app import Web, application
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.errors import Unavailable
from wholerecord.intake import Arrival, mllp
from wholerecord.intake.turns import Turns
from wholerecord.portal import Seal, Site
from wholerecord.record import Source
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

pytestmark = pytest.mark.postgres
HOST = "127.0.0.1"


def message(n: int, more: str = "") -> bytes:
    head = f"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|{n}|P|2.5"
    return f"{head}\rPID|1||H{n}^^^RXX^MR||EXAMPLE{n}^ADA||19700504|F{more}\r".encode()


async def declared(store: Store) -> None:
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own in memory, with too little room for much."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ("/bin/mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(folder))
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 - ours
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(("/bin/umount", "-l", str(folder)), check=True)  # noqa: S603 - ours


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves so many bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - leave)
    return ballast


@pytest.fixture
async def on_small_disk(small_disk: Path) -> AsyncIterator[tuple[Path, Store]]:
    async with open_store(f"embedded:{small_disk / 'store'}") as store:
        await declared(store)
        yield small_disk, store


async def codes(port: int, *messages: bytes) -> list[str]:
    return [each.code async for each in mllp.send(HOST, port, messages)]


async def nobody() -> tuple[()]:
    return ()


async def test_a_full_disk_refuses_while_reading_goes_on_and_mends_itself(
    on_small_disk: tuple[Path, Store],
) -> None:
    disk, store = on_small_disk
    for rule in standing_rules():
        await store.add_rule(rule)
    way = Doorway(store)
    site = Site(door=way.door, personas=nobody, seal=Seal(b"secret"))
    web = Web(
        way=way,
        site=site,
        keep=store.keep,
        pledge=store.pledge,
        admits=lambda *_: True,
        exports=disk,
    )
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(web)), base_url="http://wholerecord.example"
    )
    async with (
        client,
        mllp.serve(HOST, 0, keep=store.keep, source_of=lambda _: "pas") as listener,
    ):
        assert await codes(listener.port, message(1)) == ["AA"]
        await worker.settle(store, worker.prepare_here)
        [person] = await store.people()
        ballast = fill(disk, embedded.room.RESERVE // 2)
        await asyncio.sleep(0.2)

        assert await codes(listener.port, message(2), message(1)) == ["AR", "AR"]
        answer = await client.post("/intake/pas", content=message(3))
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        with pytest.raises(Unavailable):
            await worker.settle(store, worker.prepare_here)
        doctor = Actor(id="dr", name="Dr", role=Role.DOCTOR, organisation="RXX")
        for _ in range(50):
            opened = await way.door(doctor).open(person, purpose=Purpose.DIRECT_CARE)
            assert opened.opening.allowed  # and written down

        ballast.unlink()
        await asyncio.sleep(0.2)
        assert await codes(listener.port, message(2), message(1)) == ["AA", "AA"]
        await worker.settle(store, worker.prepare_here)
    counts = await store.received()
    assert (counts.messages, counts.waiting, counts.people) == (2, 0, 2)


async def test_a_server_that_has_no_room_left_is_believed_and_nothing_is_half_done(
    on_small_disk: tuple[Path, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a server by URL, of whose disk we know only what it says."""
    disk, store = on_small_disk
    monkeypatch.setattr(embedded.Room, "__call__", lambda _: True)
    await store.keep(Arrival(source="pas", body=b"before"))
    ballast = fill(disk, 0)
    large = [Arrival(source="pas", body=os.urandom(400_000)) for _ in range(60)]
    ended = await asyncio.gather(*map(store.keep, large), return_exceptions=True)
    refused = [each for each in ended if isinstance(each, BaseException)]
    assert refused
    assert all(isinstance(each, Unavailable) for each in refused)
    ballast.unlink()
    async with asyncio.timeout(20):
        while True:
            try:
                receipts = [await store.keep(arrival) for arrival in large]
                break
            except Unavailable:
                await asyncio.sleep(0.1)
    taken = [each for each in ended if not isinstance(each, BaseException)]
    assert {each.message for each in taken} <= {each.message for each in receipts}
    assert (await store.received()).messages == 61
    for arrival, receipt in zip(large, receipts, strict=True):
        assert await store.message(receipt.message) == arrival.body


async def test_one_poison_message_in_a_thousand_holds_up_nobody(database_url: str) -> None:
    poison = {
        100: b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|100|P|2.5\rPID|" + b"~" * 90_000,
        300: b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|300|P|2.5\rPID|1||\x00\xff\xfe\r",
        500: b"\x80" * 5000,
        700: b"MSH|||||||||700",
    }
    async with open_store(database_url) as store:
        await declared(store)
        async with mllp.serve(
            HOST, 0, keep=Turns(store.keep).keep, source_of=lambda _: "pas"
        ) as listener:
            said = [poison.get(n, message(n)) for n in range(1000)]
            assert set(await codes(listener.port, *said)) == {"AA"}
        await worker.settle(store, worker.prepare_here)
        counts = await store.received()
        assert (counts.messages, counts.waiting) == (1000, 0)
        assert counts.people >= 996
        assert counts.faulty >= 3


async def test_every_acknowledgement_stands_behind_a_flush(tmp_path: Path) -> None:
    """By the server's own count of what it flushed: one at a time, so at least one each."""
    folder = tmp_path / "store"
    async with open_store(f"embedded:{folder}") as store, embedded.running(folder) as url:
        await declared(store)
        connection = await asyncpg.connect(url)
        settings = await connection.fetch(
            "SELECT name, setting FROM pg_settings "
            "WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method')"
        )
        assert {row["name"]: row["setting"] for row in settings} == {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "wal_sync_method": "fdatasync",
        }
        async with mllp.serve(HOST, 0, keep=store.keep, source_of=lambda _: "pas") as listener:
            for n in range(20):
                before = await _flushes(connection, store)
                assert await codes(listener.port, message(n)) == ["AA"]
                assert await connection.fetchval(
                    "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"
                )
                assert await _flushes(connection, store) > before
        await connection.close()


async def _flushes(connection: "asyncpg.Connection[asyncpg.Record]", store: Store) -> int:
    """How often the log was flushed to the disk since the server began, by backends at commits."""
    async with store._database.connection() as own:  # a backend tells its counts when asked to
        await own.execute("SELECT pg_stat_force_next_flush()")
    flushes: int = await connection.fetchval(
        "SELECT sum(fsyncs)::bigint FROM pg_stat_io "
        "WHERE object = 'wal' AND backend_type = 'client backend'"
    )
    return flushes

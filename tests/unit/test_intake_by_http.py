"""`POST /intake/{source}`: durable before 202, and a clear answer to everything else."""

from collections.abc import AsyncIterator

import httpx
import pytest

from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.portal import Seal, Site
from wholerecord.record import Source
from wholerecord.storage import memory

TOKEN = "t" * 64


async def nobody():
    return ()


@pytest.fixture
async def gate() -> AsyncIterator[tuple[httpx.AsyncClient, memory.Store]]:
    """A client of the application, and the store behind it, which knows the source `gp`."""
    store = memory.Store()
    await store.declare(Source(name="gp", controller="Z1", title="GP"))
    way = Doorway(store)
    site = Site(door=way.door, personas=nobody, seal=Seal(b"secret"))
    app = application(Web(way=way, site=site, keep=store.keep, intake_token=TOKEN))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://wholerecord.example"
    ) as client:
        yield client, store


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


async def test_a_body_is_kept_byte_for_byte_and_once(gate):
    client, store = gate
    first = await client.post("/intake/gp", content=b'{"a": 1}', headers=bearer())
    again = await client.post("/intake/gp", content=b'{"a": 1}', headers=bearer())
    assert (first.status_code, again.status_code) == (202, 202)
    [kept], [same] = first.json()["kept"], again.json()["kept"]
    assert (kept["fresh"], same["fresh"], kept["message"]) == (True, False, same["message"])
    assert await store.message(kept["message"]) == b'{"a": 1}'


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "t", "é"])
async def test_without_the_token_nothing_is_kept(gate, token):
    client, store = gate
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = await client.post("/intake/gp", content=b"{}", headers=headers)
    assert answer.status_code == 401
    assert (await store.received()).messages == 0


async def test_a_source_that_is_not_declared_is_told_so(gate):
    client, _ = gate
    assert (await client.post("/intake/other", content=b"{}", headers=bearer())).status_code == 404


async def test_a_body_that_is_too_large_is_refused_whole(gate):
    client, store = gate

    async def endless():
        for _ in range(65):
            yield b"x" * (1 << 20)

    answer = await client.post("/intake/gp", content=endless(), headers=bearer())
    assert answer.status_code == 413
    assert (await store.received()).messages == 0


async def test_ready_says_nothing_else(gate):
    client, _ = gate
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})

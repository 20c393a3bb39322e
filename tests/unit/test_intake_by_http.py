"""`POST /intake/{source}`: durable before 202, and a clear answer to everything else."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest

from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app import intake as route
from wholerecord.intake.tokens import BadTokens, Tokens, pairs
from wholerecord.portal import Seal, Site
from wholerecord.record import Source
from wholerecord.storage import memory

TOKEN = "t" * 64
OTHER = "o" * 64


async def nobody():
    return ()


@pytest.fixture
async def gate(tmp_path) -> AsyncIterator[tuple[httpx.AsyncClient, memory.Store]]:
    """A client of the application, and the store behind it, which knows `gp` and `lab`."""
    store = memory.Store()
    await store.declare(Source(name="gp", controller="Z1", title="GP"))
    await store.declare(Source(name="lab", controller="Z2", title="Laboratory"))
    way = Doorway(store)
    site = Site(door=way.door, personas=nobody, seal=Seal(b"secret"))
    tokens = Tokens(tmp_path, {"gp": TOKEN, "lab": OTHER, "other": TOKEN})
    app = application(
        Web(
            way=way,
            site=site,
            keep=store.keep,
            pledge=store.pledge,
            admits=tokens.admits,
            exports=tmp_path,
        )
    )
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
    assert kept["received"] == same["received"]
    assert first.json()["sha256"] == hashlib.sha256(b'{"a": 1}').hexdigest()
    assert first.json()["bytes"] == 8
    assert await store.message(kept["message"]) == b'{"a": 1}'


async def test_a_token_is_good_for_its_own_source_only(gate):
    client, store = gate
    for source, token, status in (
        ("gp", TOKEN, 202),
        ("gp", OTHER, 401),
        ("lab", TOKEN, 401),
        ("lab", OTHER, 202),
        ("nobody", TOKEN, 401),
        ("../gp", TOKEN, 405),
    ):
        answer = await client.post(f"/intake/{source}", content=b"{}", headers=bearer(token))
        assert answer.status_code == status, source
    assert (await store.received()).messages == 2


def test_tokens_are_files_of_their_own_or_given(tmp_path):
    tokens = Tokens(tmp_path, pairs(f"gp={TOKEN} a=b={OTHER}"))
    for source in ("lab", "a/b", "..", "x" * 300):
        assert tokens.file(source).parent == tmp_path
        assert not tokens.admits(source, "")
    tokens.file("lab").write_text(f"{OTHER}\n")
    tokens.file("short").write_text("x" * 8)
    assert tokens.admits("lab", OTHER)
    assert tokens.admits("gp", TOKEN)
    assert tokens.admits("a=b", OTHER)
    assert not tokens.admits("short", "x" * 8)
    tokens.file("lab").unlink()
    assert not tokens.admits("lab", OTHER)
    assert pairs("") == {}
    for bad in ("gp", "gp=short", f"={TOKEN}"):
        with pytest.raises(BadTokens):
            pairs(bad)


async def test_a_key_gives_the_same_receipt_and_takes_no_other_bytes(gate):
    client, store = gate
    headers = bearer() | {"Idempotency-Key": "8e03978e"}
    first = await client.post("/intake/gp", content=b'{"a": 1}', headers=headers)
    again = await client.post("/intake/gp", content=b'{"a": 1}', headers=headers)
    other = await client.post("/intake/gp", content=b'{"a": 2}', headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert first.json()["kept"][0]["message"] == again.json()["kept"][0]["message"]
    lab = bearer(OTHER) | {"Idempotency-Key": "8e03978e"}
    assert (await client.post("/intake/lab", content=b"{}", headers=lab)).status_code == 202
    assert (await store.received()).messages == 2


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_a_length(gate, key):
    client, _ = gate
    headers = bearer() | {"Idempotency-Key": key}
    assert (await client.post("/intake/gp", content=b"{}", headers=headers)).status_code == 400


async def test_a_control_id_that_stood_for_another_message_is_told(gate):
    client, store = gate
    head = b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|C1|P|2.5\rPID|1||"
    for name in (b"1", b"2"):
        answer = await client.post("/intake/gp", content=head + name, headers=bearer())
        assert answer.status_code == 202
    assert "parked" in answer.json()["kept"][0]
    assert [each.reason for each in await store.parked()] == ["CONTROL_REUSED"]


async def test_a_packed_body_is_not_taken(gate):
    client, _ = gate
    headers = bearer() | {"Content-Encoding": "gzip"}
    assert (await client.post("/intake/gp", content=b"x", headers=headers)).status_code == 415


async def test_a_large_body_comes_in_by_pieces_and_is_cut(gate):
    client, store = gate
    line = b'{"resourceType": "Observation", "id": "%d"}\n'
    lines = b"".join(line % n for n in range(70_000))

    async def pieces():
        for at in range(0, len(lines), 100_000):
            yield lines[at : at + 100_000]

    answer = await client.post("/intake/gp", content=pieces(), headers=bearer())
    assert answer.status_code == 202
    kept = [one["message"] for one in answer.json()["kept"]]
    assert len(kept) > 5
    assert b"".join([await store.message(each) for each in kept]) == lines


async def test_a_silent_sender_is_not_waited_for(gate, monkeypatch):
    client, store = gate
    monkeypatch.setattr(route, "_SILENCE", 0.05)

    async def stuck():
        yield b"MSH|"
        await asyncio.sleep(5)

    answer = await client.post("/intake/gp", content=stuck(), headers=bearer())
    assert answer.status_code == 408
    assert (await store.received()).messages == 0


async def test_a_slow_sender_is_not_waited_for(gate, monkeypatch):
    client, _ = gate
    monkeypatch.setattr(route, "_FREE_SECONDS", 0.05)

    async def slow():
        for _ in range(100):
            yield b"x"
            await asyncio.sleep(0.01)

    assert (await client.post("/intake/gp", content=slow(), headers=bearer())).status_code == 408


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


async def test_a_body_that_is_too_large_is_refused_whole(gate, monkeypatch):
    client, store = gate

    monkeypatch.setattr(route, "LARGEST_POST", 3 << 20)

    async def endless():
        for _ in range(4):
            yield b"x" * (1 << 20)

    headers = bearer() | {"Content-Length": "99999999999"}
    for more in (bearer(), headers):
        answer = await client.post("/intake/gp", content=endless(), headers=more)
        assert answer.status_code == 413
    assert (await store.received()).messages == 0


async def test_ready_says_nothing_else(gate):
    client, _ = gate
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})

"""Bulk imports: fetched from where the site says, kept before anything, each fault a line."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.e2e.deliveries import bundle, condition, patient
from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app.receivers import Receivers
from wholerecord.intake.tokens import Tokens
from wholerecord.portal import Seal, Site
from wholerecord.record import Source
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle

TOKEN, OTHER = "t" * 64, "o" * 64
LATER = {"prefer": "respond-async"}
LINES = "application/fhir+ndjson"


def lines(*resources):
    return b"".join(json.dumps(one).encode() + b"\n" for one in resources)


GOOD = lines(patient("p1", "9990000018"), condition("c1", "p1"))


@asynccontextmanager
async def files(**held):
    """A server of files on loopback: real HTTP; a file that is a number is that status."""

    async def serve(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = held.get(head.split(" ")[1].strip("/"), 404)
        status, body = (body, b"") if isinstance(body, int) else (200, body)
        where = "Location: http://127.0.0.1/x\r\n" if status == 302 else ""
        said = f"HTTP/1.1 {status} X\r\n{where}Content-Length: {len(body)}\r\n\r\n".encode()
        writer.write(said + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


class Gate:
    """The application, and a source that imports."""

    def __init__(self, tmp_path, listed=""):
        self.store = memory.Store()
        way = Doorway(self.store)
        tokens = Tokens(tmp_path, {"gp": TOKEN, "lab": OTHER})
        app = application(
            Web(
                way=way,
                site=Site(door=way.door, personas=_nobody, seal=Seal(b"secret")),
                keep=self.store.keep,
                pledge=self.store.pledge,
                admits=tokens.admits,
                exports=tmp_path,
                receivers=Receivers.parse(listed),
            )
        )
        transport = httpx.ASGITransport(app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://here.example")

    async def __call__(self, method, path, token=TOKEN, **more):
        headers = {"authorization": f"Bearer {token}"} | more.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **more)

    async def begin(self, *urls, source="gp", token=TOKEN):
        for name in ("gp", "lab"):
            await self.store.declare(Source(name=name, controller="RXA", title=name))
        body = {"inputFormat": LINES, "input": [{"type": "Patient", "url": one} for one in urls]}
        return await self("POST", f"/intake/{source}/$import", token, json=body, headers=LATER)

    async def done(self, began):
        """The manifest, when it is done."""
        assert began.status_code == 202, began.text
        at = began.headers["content-location"]
        for _ in range(200):
            answer = await self("GET", at)
            if answer.status_code == 200:
                return at, answer.json()
            await settle(self.store, prepare_here)
            await asyncio.sleep(0.01)
        pytest.fail("it has no end")


async def _nobody():
    return ()


async def test_files_are_fetched_kept_and_filed_and_each_fault_is_a_line(tmp_path):
    bad = lines(patient("p2", "9990000026")) + b"{not json\n"
    async with files(good=GOOD, bad=bad, moved=302) as base:
        gate = Gate(tmp_path, f"inside:{base}")
        began = await gate.begin(f"{base}/good", f"{base}/bad", f"{base}/gone", f"{base}/moved")
        assert (await gate("GET", began.headers["content-location"])).status_code == 202
        at, manifest = await gate.done(began)
    assert [one["count"] for one in manifest["output"]] == [1, 1, 0, 0]
    assert [one["inputUrl"][-4:] for one in manifest["error"]] == ["/bad", "gone", "oved"]
    for one in manifest["error"]:
        said = await gate("GET", one["url"])
        assert said.headers["content-type"].startswith(LINES)
        assert len(said.text.splitlines()) == one["count"]
        for line in said.text.splitlines():
            assert json.loads(line)["resourceType"] == "OperationOutcome"
    assert "404" in (await gate("GET", f"{at}/2")).text
    assert await gate.store.message(1) == GOOD  # as it came, whatever became of it
    assert len(await gate.store.people()) == 2


async def test_the_same_import_again_has_one_effect(tmp_path):
    async with files(good=GOOD) as base:
        gate = Gate(tmp_path, f"inside:{base}")
        for _ in range(2):
            await gate.done(await gate.begin(f"{base}/good"))
    assert (await gate.store.received()).messages == 1


async def test_a_file_can_be_the_request_itself(tmp_path):
    gate = Gate(tmp_path)
    await gate.store.declare(Source(name="gp", controller="RXA", title="gp"))
    began = await gate(
        "POST", "/intake/gp/$import", content=GOOD, headers=LATER | {"content-type": LINES}
    )
    assert await gate.store.message(1) == GOOD  # before it was answered
    _, manifest = await gate.done(began)
    assert manifest["output"] == [{"inputUrl": "", "count": 1, "type": "Message"}]
    assert manifest["error"] == []


async def test_nothing_is_fetched_where_the_site_does_not_say(tmp_path):
    async with files(good=GOOD) as base:
        for listed in ("", "https://files.example", "inside:http://127.0.0.1:1"):
            gate = Gate(tmp_path, listed)
            assert (await gate.begin(f"{base}/good")).status_code == 422
            assert (await gate.store.received()).messages == 0


async def test_an_import_is_its_sources_alone(tmp_path):
    async with files(good=GOOD) as base:
        gate = Gate(tmp_path, f"inside:{base}")
        assert (await gate.begin(f"{base}/good", token=OTHER)).status_code == 401
        at, _ = await gate.done(await gate.begin(f"{base}/good"))
        path = at.removeprefix("http://here.example")
        for method, where in (("GET", path), ("DELETE", path), ("GET", f"{path}/0")):
            assert (await gate(method, where, OTHER)).status_code == 401
            other = where.replace("/gp/", "/lab/")
            assert (await gate(method, other, OTHER)).status_code == 404
        assert (await gate("GET", f"{path}/7")).status_code == 404
        assert (await gate("DELETE", path)).status_code == 202
        assert (await gate("GET", path)).status_code == 404
        assert (await gate.store.received()).messages == 1  # what was kept stays


async def test_three_imports_are_enough(tmp_path):
    async with files(good=GOOD) as base:
        gate = Gate(tmp_path, f"inside:{base}")
        for _ in range(3):
            await gate.done(await gate.begin(f"{base}/good"))
        assert (await gate.begin(f"{base}/good")).status_code == 429


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"input":[]}', 400),
        (b'{"input":[{"type":"Patient"}]}', 400), (b"\xff\xfe", 400),
        (b'{"inputFormat":"text/csv","input":[{"url":"https://a.example/"}]}', 400),
        (b'{"input":[{"url":"file:///etc/passwd"}]}', 422), (b" " * (1 << 20) + b" ", 413),
    ],
)  # fmt: skip
async def test_what_is_no_manifest_is_refused_with_an_outcome(tmp_path, body, status):
    gate = Gate(tmp_path)
    answer = await gate("POST", "/intake/gp/$import", content=body, headers=LATER)
    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"
    now = await gate("POST", "/intake/gp/$import", content=body)
    assert now.status_code == 400  # it takes its time


async def test_a_bundle_a_line_is_taken_as_it_is(tmp_path):
    async with files(good=bundle(patient("p1", "9990000018")) + b"\n") as base:
        gate = Gate(tmp_path, f"inside:{base}")
        _, manifest = await gate.done(await gate.begin(f"{base}/good"))
    assert manifest["error"] == []

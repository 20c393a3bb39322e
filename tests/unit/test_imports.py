"""Bulk imports: fetched from where the site says, kept before anything, each fault a line."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime

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

    def __init__(self, tmp_path, listed="", store=None):
        self.store = store or memory.Store()
        way = Doorway(self.store)
        tokens = Tokens(tmp_path, {"gp": TOKEN, "lab": OTHER})
        app = application(
            Web(
                way=way,
                site=Site(door=way.door, personas=_nobody, seal=Seal(b"secret")),
                keep=self.store.keep,
                pledge=self.store.pledge,
                admits=tokens.admits,
                exports=tmp_path / "exports",
                imports=tmp_path / "imports",
                receivers=Receivers.parse(listed),
            )
        )
        self.app = app
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


async def test_an_import_goes_on_in_the_next_process(tmp_path):
    """Its first file was kept when the process ended, its second was not; a third is nowhere."""
    async with files(good=GOOD, second=lines(patient("p2", "9990000026"))) as base:
        listed = f"inside:{base}"
        gate = Gate(tmp_path, listed)
        began = await gate.begin(f"{base}/good", f"{base}/second", f"{base}/gone")
        at, manifest = await gate.done(began)
        [file] = (tmp_path / "imports").glob("*.json")
        said = json.loads(file.read_bytes())
        said |= {"fetched": None}  # as it is while the second is fetched
        said["files"][1:] = [one | {"messages": [], "fault": ""} for one in said["files"][1:]]
        file.write_bytes(json.dumps(said).encode())
        (tmp_path / "imports" / "nonsense.json").write_bytes(b"{")
        again = Gate(tmp_path, listed, gate.store)
        async with again.app.router.lifespan_context(again.app):
            _, went_on = await again.done(began)
    assert [one["count"] for one in went_on["output"]] == [1, 1, 0]
    assert went_on == manifest
    assert (await again.store.received()).messages == 2
    last = Gate(tmp_path, store=gate.store)
    async with last.app.router.lifespan_context(last.app):
        assert (await last.done(began))[1] == manifest  # done is done
        assert (await last("DELETE", at)).status_code == 202
    assert not [*(tmp_path / "imports").iterdir()]


async def test_a_file_in_a_request_that_was_broken_off_is_said_to_be(tmp_path):
    gate = Gate(tmp_path)
    await gate.store.declare(Source(name="gp", controller="RXA", title="gp"))
    kept = {"id": "x", "source": "gp", "request": "http://here.example/", "files": [{"url": ""}]}
    kept |= {"began": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    (tmp_path / "imports").mkdir()
    (tmp_path / "imports" / "x.json").write_bytes(json.dumps(kept).encode())
    async with gate.app.router.lifespan_context(gate.app):
        await asyncio.sleep(0.01)
        answer = await gate("GET", "/intake/gp/$import/x/0")
        assert "send it again" in answer.text


async def test_an_import_that_cannot_be_noted_down_is_done_all_the_same(tmp_path):
    (tmp_path / "imports").write_bytes(b"")  # a file where the folder would be
    async with files(good=GOOD) as base:
        gate = Gate(tmp_path, f"inside:{base}")
        _, manifest = await gate.done(await gate.begin(f"{base}/good"))
    assert [one["count"] for one in manifest["output"]] == [1]

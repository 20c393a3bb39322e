"""A MESH mailbox, against the sandbox that NHS England gives for it, over loopback."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from mesh_client import MeshClient, MeshError

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.edifact_messages import interchange
from tests.unit.edifact_messages import message as report
from wholerecord.access.correcting import MESSENGER
from wholerecord.app.carriers import Carriers, MeshMailbox
from wholerecord.app.correcting import send_corrections
from wholerecord.app.sending import NotSent
from wholerecord.errors import Unavailable
from wholerecord.fold import About, Verdict
from wholerecord.intake import mesh
from wholerecord.intake.mesh import Account, Collected, Mailbox, mailbox
from wholerecord.record import PatientKey, Source
from wholerecord.storage import memory

#: The sandbox's own: it makes any mailbox, with this password and key.
KEY = "TestKey"
MESSAGE = b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|%d|P|2.5\rPID|1||%d\r"


def _healthy(address):
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:  # noqa: S310 - http
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """The address of a sandbox of its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["uvicorn", "mesh_sandbox.api:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-W", "ignore", "-m", *words],
        env=os.environ | {"SHARED_KEY": KEY, "STORE_MODE": "memory", "AUTH_MODE": "full"},
        cwd=tmp_path_factory.mktemp("mesh"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + 30
    while not _healthy(address):
        assert time.monotonic() < ends, "the sandbox does not start"
        assert process.poll() is None
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def sender(sandbox):
    with MeshClient(sandbox, "X26ABC1", "password", shared_key=KEY.encode()) as client:
        yield client


@pytest.fixture
def inbox(sandbox):
    """Our mailbox; what an earlier test left in it is taken away."""
    account = Account(url=sandbox, mailbox="X26ABC2", password="password", shared_key=KEY)
    opened = Mailbox(account)
    for each in opened.ids():
        opened._client.acknowledge_message(each)
    yield opened
    opened.close()


@pytest.fixture
async def store():
    store = memory.Store()
    await store.declare(Source(name="lab", controller="RXX", title="Laboratory"))
    return store


async def test_what_is_sent_is_kept_then_acknowledged(sender, inbox, store):
    inbox.check()
    ids = [
        await asyncio.to_thread(sender.send_message, "X26ABC2", body, workflow_id="LAB", **more)
        for body, more in (
            (MESSAGE % (1, 1) + MESSAGE % (2, 2), {}),
            (b'{"resourceType": "Bundle"}', {"compress": True}),
            (b"x" * 300_000, {"max_chunk_size": 100_000}),
        )
    ]
    seen = Collected()
    assert await mesh.collect(inbox, "lab", store.keep, seen) == 3
    assert (seen.messages, seen.arrivals, seen.again) == (3, 4, 0)
    assert await asyncio.to_thread(inbox.ids) == []
    bodies = [await store.message(n) for n in (1, 2, 3, 4)]
    assert bodies == [
        MESSAGE % (1, 1),
        MESSAGE % (2, 2),
        b'{"resourceType": "Bundle"}',
        b"x" * 300_000,
    ]
    for each in ids:
        told = await asyncio.to_thread(sender.track_message, each)
        assert told["status"].lower() == "acknowledged"


async def test_what_is_not_durable_is_not_acknowledged(sender, inbox, store):
    await asyncio.to_thread(sender.send_message, "X26ABC2", MESSAGE % (9, 9), workflow_id="LAB")

    async def closed(_):
        raise Unavailable

    with pytest.raises(Unavailable):
        await mesh.collect(inbox, "lab", closed, Collected())
    assert len(await asyncio.to_thread(inbox.ids)) == 1
    assert await mesh.collect(inbox, "lab", store.keep, Collected()) == 1
    assert await asyncio.to_thread(inbox.ids) == []


async def test_killed_before_the_acknowledgement_it_has_one_effect(sender, inbox, store):
    await asyncio.to_thread(sender.send_message, "X26ABC2", MESSAGE % (5, 5), workflow_id="LAB")

    async def keep_and_die(arrival):
        await store.keep(arrival)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await mesh.collect(inbox, "lab", keep_and_die, Collected())
    seen = Collected()
    assert await mesh.collect(inbox, "lab", store.keep, seen) == 1
    assert (seen.again, (await store.received()).messages) == (1, 1)


async def test_what_is_too_large_stays_and_holds_up_nothing(sender, inbox, store, monkeypatch):
    monkeypatch.setattr(mailbox, "LARGEST", 1000)
    for body in (b"x" * 2000, MESSAGE % (7, 7)):
        await asyncio.to_thread(sender.send_message, "X26ABC2", body, workflow_id="LAB")
    seen = Collected()
    assert await mesh.collect(inbox, "lab", store.keep, seen) == 1
    assert await mesh.collect(inbox, "lab", store.keep, seen) == 0
    assert len(seen.left) == len(await asyncio.to_thread(inbox.ids)) == 1


async def test_a_pathology_report_is_answered_after_the_commit(sender, inbox, store):
    for each in await asyncio.to_thread(sender.list_messages):
        await asyncio.to_thread(sender.acknowledge_message, each)
    sent = (
        interchange(report()),
        interchange(report(), head="UNB+UNOC:3+L:80+G:80+260302:0915+8'"),
    )
    for body in sent:  # the second does not ask for an answer
        await asyncio.to_thread(
            sender.send_message, "X26ABC2", body, workflow_id="PATH_MEDRPT_V3", max_chunk_size=200
        )
    seen, kept = Collected(), []

    async def keep(arrival):
        kept.append(len(await asyncio.to_thread(sender.list_messages)))
        return await store.keep(arrival)

    assert await mesh.collect(inbox, "lab", keep, seen) == 2
    assert seen.answered == 1
    assert kept[0] == 0, "answered before it was durable"
    [got] = await asyncio.to_thread(sender.list_messages)
    answer = await asyncio.to_thread(sender.retrieve_message, got)
    assert (answer.sender, answer.workflow_id) == ("X26ABC2", "PATH_MEDRPT_V3_ACK")
    said = answer.read()
    assert b"UNB+UNOC:3+GP1:80+LAB1:80+" in said
    assert b"NIR+SIR:7+" in said
    assert b"NMR" in said


async def test_an_answer_that_cannot_be_carried_stops_nothing(sender, inbox, store, monkeypatch):
    def refused(*_, **__):
        raise MeshError("there is no such mailbox")

    monkeypatch.setattr(inbox._client, "send_message", refused)
    body = interchange(report())
    await asyncio.to_thread(sender.send_message, "X26ABC2", body, workflow_id="PATH_MEDRPT_V3")
    seen = Collected()
    assert await mesh.collect(inbox, "lab", store.keep, seen) == 1
    assert (seen.messages, seen.answered) == (1, 0)
    assert await asyncio.to_thread(inbox.ids) == []


@pytest.mark.usefixtures("inbox")
async def test_a_mailbox_is_polled_until_cancelled(sender, sandbox, store):
    account = Account(url=sandbox, mailbox="X26ABC2", password="password", shared_key=KEY)
    work = mesh.poll(Mailbox(account), "lab", store.keep, every=0.05)
    polling = asyncio.create_task(work)
    for n in (11, 12):
        await asyncio.to_thread(sender.send_message, "X26ABC2", MESSAGE % (n, n), workflow_id="LAB")
    async with asyncio.timeout(10):
        while (await store.received()).messages < 2:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.02)
    polling.cancel()
    await asyncio.wait({polling})


async def test_a_wrong_password_and_nobody_there_are_told(sandbox, store):
    for url, password in ((sandbox, "wrong"), ("http://127.0.0.1:1", "password")):
        account = Account(url=url, mailbox="X26ABC2", password=password, shared_key=KEY)
        assert password not in repr(account)
        closed = Mailbox(account)
        with pytest.raises(Unavailable, match="X26ABC2"):
            await mesh.collect(closed, "lab", store.keep, Collected())
        closed.close()


async def test_a_request_to_a_source_goes_to_its_mailbox_under_its_name(sender, inbox):
    for each in await asyncio.to_thread(sender.list_messages):
        await asyncio.to_thread(sender.acknowledge_message, each)
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    about = [About(PatientKey("pas", "p1").id, "Condition", "c1")]
    await way.store.rule(Verdict.WRONG, about, by="dr", why="seen")
    by_mesh = MeshMailbox(inbox, "X26ABC1", "CORRECTION")
    carriers = Carriers(letters=by_mesh)
    assert await send_corrections(way, carriers) == 1
    [sent] = await asyncio.to_thread(sender.list_messages)
    message = await asyncio.to_thread(sender.retrieve_message, sent)
    assert (message.workflow_id, message.local_id) == ("CORRECTION", "correction-1")
    said = json.loads(await asyncio.to_thread(message.read))
    assert [one["resource"]["resourceType"] for one in said["entry"]] == ["MessageHeader", "Task"]
    assert person not in json.dumps(said)
    closed = Mailbox(Account(url="http://127.0.0.1:1", mailbox="X", password="p", shared_key=KEY))
    [one] = await way.store.corrections_of([1])
    asked = await way.door(MESSENGER).to_send(one)
    with pytest.raises(NotSent):
        await MeshMailbox(closed, "X26ABC1", "CORRECTION").carry(asked)
    closed.close()

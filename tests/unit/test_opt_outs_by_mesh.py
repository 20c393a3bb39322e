"""The national data opt-outs by MESH: the list goes out and its answer comes back, once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import requests
from mesh_client import MeshClient

from tests.conformance.given import NUMBERS, keep, person, settled, sources
from tests.unit.test_mesh import KEY, sandbox  # noqa: F401 - a fixture
from wholerecord.access import Actor, Doorway, Refused
from wholerecord.access.studying import left_out
from wholerecord.app.opt_outs import Exchange, look_up_now
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.consent.lookup import LASTS, LookUp
from wholerecord.consent.outs import OptOut
from wholerecord.intake.channels import BadChannels, channels
from wholerecord.intake.mesh import Account, Mailbox, MailboxClosed
from wholerecord.storage import memory

PROGRAM = Actor(id="opt-outs", name="Look-up", role=Role.SYSTEM, organisation="")
OURS, THEIRS = "X26ABC2", "X26ABC1"
WORKFLOW = "SPINE_NTT_UPHOLDING"
EVERY = timedelta(days=6)


@pytest.fixture
def service(sandbox):  # noqa: F811 - the fixture
    """The national service's mailbox."""
    with MeshClient(sandbox, THEIRS, "password", shared_key=KEY.encode()) as client:
        yield client


@pytest.fixture
async def store():
    store = memory.Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await keep(store, "gp", ["2", "Other", NUMBERS[1], 1])
    await settled(store)
    return store


@pytest.fixture
def exchange(sandbox, store, tmp_path, service):  # noqa: F811 - the fixture
    mailbox = Mailbox(Account(url=sandbox, mailbox=OURS, password="password", shared_key=KEY))
    for client, ids in ((mailbox._client, mailbox.ids()), (service, service.list_messages())):
        for each in ids:
            client.acknowledge_message(each)
    yield Exchange(
        door=Doorway(store).door(PROGRAM),
        mailbox=mailbox,
        to=THEIRS,
        workflow=WORKFLOW,
        folder=tmp_path / "opt-outs",
    )
    mailbox.close()


def asked_of(service) -> tuple[str, bytes]:
    """The one list that came to the service: its sender's own id, and what it says."""
    [one] = service.list_messages()
    message = service.retrieve_message(one)
    assert (message.sender, message.workflow_id) == (OURS, WORKFLOW)
    body, own = message.read(), message.local_id
    message.acknowledge()
    return own, body


def answer(service, own: str, body: bytes, *, workflow: str = WORKFLOW) -> None:
    service.send_message(OURS, body, workflow_id=workflow, local_id=own)


async def asked(exchange, service) -> tuple[str, bytes]:
    own = await exchange.ask()
    came, body = await asyncio.to_thread(asked_of, service)
    assert came == own
    return own, body


async def test_the_list_goes_out_and_who_is_not_in_its_answer_is_in_no_count(
    exchange, service, store
):
    own, body = await asked(exchange, service)
    assert body == "".join(f"{each},\n" for each in sorted(NUMBERS[:2])).encode()
    [file] = exchange.folder.iterdir()
    assert (file.stat().st_mode & 0o777, file.read_bytes()) == (0o600, body)
    assert await exchange.take() is None  # not answered yet
    await asyncio.to_thread(answer, service, own, f"{NUMBERS[1]},\n".encode())
    found = await exchange.take()
    assert isinstance(found, LookUp)
    mine = await person(store, "gp", "1")
    assert found.people == {mine}
    assert [*exchange.folder.iterdir()] == []  # NHS numbers are nowhere any longer
    assert await asyncio.to_thread(exchange.mailbox.ids) == []
    out = await left_out(store, Purpose.RESEARCH, since=datetime(2020, 1, 1, tzinfo=UTC))
    assert out.by == {OptOut.NATIONAL: frozenset({mine})}
    assert [look.part for look in await store.openings()] == ["opt-outs asked", "opt-outs taken in"]
    assert await store.preferences_of(mine) == []  # it is no part of anybody's record


async def test_a_note_before_the_answer_and_a_list_of_others_change_nothing(
    exchange, service, store
):
    own, body = await asked(exchange, service)
    for note in (b"A job has been created", b"9990000026,\n9990000034,\n9990000018,\n", b"\xff"):
        await asyncio.to_thread(answer, service, own, note)
    assert await exchange.take() is None
    assert await store.look_up() is None
    assert await asyncio.to_thread(exchange.mailbox.ids) == []
    await asyncio.to_thread(answer, service, own, body)
    found = await exchange.take()
    assert isinstance(found, LookUp)
    assert found.people == frozenset()


@pytest.mark.parametrize("own", ["", "../../etc/passwd", "X26ABC2-01012026-0001", "%s"])
async def test_an_answer_to_what_was_never_asked_is_nobodys(exchange, service, store, own):
    await asked(exchange, service)
    await asyncio.to_thread(answer, service, own, b"9990000018,\n")
    assert await exchange.take() is None
    assert await store.look_up() is None
    assert await asyncio.to_thread(exchange.mailbox.ids) == []


async def test_what_others_send_to_the_mailbox_stays_there(exchange, service):
    own, body = await asked(exchange, service)
    await asyncio.to_thread(answer, service, own, body, workflow="PATH_MEDRPT_V3")
    assert await exchange.take() is None
    assert len(await asyncio.to_thread(exchange.mailbox.ids)) == 1


async def test_killed_before_it_is_acknowledged_the_answer_is_taken_again(
    exchange, service, store, monkeypatch
):
    own, body = await asked(exchange, service)
    await asyncio.to_thread(answer, service, own, body)
    download = exchange.mailbox.download

    def cut_off(id, into):
        message = download(id, into)
        monkeypatch.setattr(type(message), "acknowledge", lost)
        return message

    def lost(_):
        raise requests.ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(exchange.mailbox, "download", cut_off)
        with pytest.raises(MailboxClosed):
            await exchange.take()
        first = await store.look_up()
    monkeypatch.undo()
    assert first is not None
    assert isinstance(await exchange.take(), LookUp)
    assert await asyncio.to_thread(exchange.mailbox.ids) == []


async def test_it_is_asked_once_and_again_before_the_last_look_up_is_over(exchange, service, store):
    await look_up_now(exchange, store, every=EVERY)
    await look_up_now(exchange, store, every=EVERY)
    own, body = await asyncio.to_thread(asked_of, service)  # one alone
    await asyncio.to_thread(answer, service, own, body)
    await look_up_now(exchange, store, every=EVERY)
    assert await asyncio.to_thread(service.list_messages) == []
    held = await store.look_up()
    assert held is not None
    old = LookUp(at=held.at - EVERY, until=held.until, people=held.people)
    await store.hold_look_up(old)
    await look_up_now(exchange, store, every=EVERY)
    await asyncio.to_thread(asked_of, service)


async def test_a_list_that_mesh_does_not_carry_is_kept_nowhere(exchange):
    closed = Mailbox(Account(url="http://127.0.0.1:1", mailbox=OURS, password="p", shared_key=KEY))
    broken = Exchange(
        door=exchange.door, mailbox=closed, to=THEIRS, workflow=WORKFLOW, folder=exchange.folder
    )
    with pytest.raises(MailboxClosed):
        await broken.ask()
    assert [*exchange.folder.iterdir()] == []
    closed.close()


async def test_somebody_else_sends_no_list(exchange, service, store):
    doctor = Actor(id="d", name="D", role=Role.DOCTOR, organisation="RXA")
    theirs = Exchange(door=Doorway(store).door(doctor), mailbox=exchange.mailbox, to=THEIRS,
                      workflow=WORKFLOW, folder=exchange.folder)  # fmt: skip
    assert isinstance(await theirs.ask(), Refused)
    assert await asyncio.to_thread(service.list_messages) == []


BOX = '[[opt_outs]]\nurl = "http://127.0.0.1:1"\nmailbox = "X"\npassword = "p"\nshared_key = "k"\n'


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (BOX, "to"),
        (f'{BOX}to = "X"\n', "asks nobody"),
        (f'{BOX}to = "Y"\nevery_days = 0\n', "more often"),
        (f'{BOX}to = "Y"\nevery_days = 7\n', "more often"),
        (f'{BOX}to = "Y"\n{BOX}to = "Y"\n', "one is enough"),
    ],
)
def test_a_wrong_channel_is_told_in_words(said, why):
    with pytest.raises(BadChannels, match=why):
        channels(said)


def test_a_channel_asks_before_what_it_holds_is_over():
    [one] = channels(f'{BOX}to = "Y"\n').opt_outs
    assert (timedelta(days=one.every_days) < LASTS, one.workflow) == (True, WORKFLOW)

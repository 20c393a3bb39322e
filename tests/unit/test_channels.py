"""The file of channels: what it may say, and that what it does not say is the secure choice."""

import asyncio

import pytest

from tests.unit.certificates import Authority
from wholerecord.cli import serving
from wholerecord.cli.channels import NoSecret, PortTaken, opened, read, watched
from wholerecord.errors import WholerecordError
from wholerecord.intake import mllp
from wholerecord.intake.channels import BadChannels, Channels, channels
from wholerecord.intake.folder import BadFolder
from wholerecord.intake.secure import sending
from wholerecord.intake.turns import Turns
from wholerecord.record import Source
from wholerecord.settings import Settings
from wholerecord.storage import memory

MESH = """
[[mesh]]
url = "http://127.0.0.1:1"
mailbox = "X"
source = "a"
password = "p"
shared_key = "k"
"""
MLLP = "[[mllp]]\nport = 2576\n"


def test_what_is_not_given_is_the_secure_choice():
    [port] = channels(MLLP + 'source = "pas"').mllp
    assert (port.host, port.source_of(())) == ("127.0.0.1", "pas")
    assert port.limits.connections == 256


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("mllp = 1", "mllp"),
        ("[[mllp]", "TOML|line"),
        (MLLP, "no source"),
        (MLLP + 'source = "a"\nprot = 1', "prot"),
        (MLLP + 'source = "a"\nhost = "0.0.0.0"', "without TLS"),
        (MLLP + 'sources = {a = "b"}', "clients"),
        (MLLP + 'sources = {a = "b"}\nclients = "c"', "certificate of ours"),
        (MLLP + 'source = "a"\nsources = {a = "b"}\nclients = "c"', "leave out source"),
        (MLLP + 'source = "a"\nnot_now = {b = "AE"}', "b, which is no source"),
        (MLLP + 'source = "a"\nnot_now = {a = "AA"}', "not_now"),
        ('[[folder]]\npath = "x"', "source"),
        ("[[fodler]]", "fodler"),
    ],
)
def test_a_wrong_file_is_told_in_words(said, why):
    with pytest.raises(BadChannels, match=why):
        channels(said)


@pytest.mark.parametrize("more", ["plain = true", 'certificate = "server.pem"'])
def test_a_port_that_others_reach_is_asked_for(more):
    [port] = channels(f'{MLLP}source = "a"\nhost = "0.0.0.0"\n{more}').mllp
    assert port.host == "0.0.0.0"  # noqa: S104 - that it is kept is the test


def test_no_file_is_no_channels(tmp_path):
    assert read(tmp_path / "channels.toml") == Channels()


async def test_what_the_file_names_is_open(tmp_path, unused_tcp_port_factory):
    authority = Authority(tmp_path)
    authority.issue("server")
    client = authority.issue("pas.example")
    ports = [unused_tcp_port_factory() for _ in range(2)]
    (tmp_path / "in").mkdir()
    (tmp_path / "channels.toml").write_text(
        f"""
[[mllp]]
port = {ports[0]}
certificate = "server.pem"
key = "server.key"
clients = "ca.pem"
sources = {{ "PAS.example" = "pas" }}

[[mllp]]
port = {ports[1]}
source = "lab"

[[folder]]
path = "in"
source = "care"
every_seconds = 0.01
"""
    )
    store = memory.Store()
    for name in ("pas", "lab", "care"):
        await store.declare(Source(name=name, controller="RXX", title=name))
    told = []
    async with opened(read(tmp_path / "channels.toml"), tmp_path, store.keep, told.append):
        tls = sending(authority.file, client.certificate, client.key)
        for port, context in zip(ports, (tls, None), strict=True):
            [answer] = [
                each async for each in mllp.send("127.0.0.1", port, [b"MSH|^~\\&|A"], tls=context)
            ]
            assert answer.taken
        (tmp_path / "in/a.txt").write_text("a")
        async with asyncio.timeout(5):
            while (await store.received()).messages < 3:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        with pytest.raises(PortTaken):
            async with opened(read(tmp_path / "channels.toml"), tmp_path, store.keep, told.append):
                pass
    assert len(told) >= 3
    assert [feed.messages for feed in await store.feeds()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ('[[folder]]\npath = "none"\nsource = "a"', BadFolder),
        (MESH, NoSecret),
    ],
)
async def test_a_channel_that_cannot_be_opened_is_told(tmp_path, said, error):
    with pytest.raises(error) as caught:
        async with opened(channels(said), tmp_path, memory.Store().keep, lambda _: None):
            pass
    assert isinstance(caught.value, WholerecordError)


async def test_paths_are_taken_from_the_folder_of_the_file_that_names_them(
    tmp_path, unused_tcp_port_factory
):
    """And not from the data's, where `--channels` names a file that stands elsewhere."""
    (tmp_path / "site/in").mkdir(parents=True)
    (tmp_path / "site/in/a.txt").write_text("a")
    store = memory.Store()
    await store.declare(Source(name="care", controller="RXX", title="Care"))
    listening = serving.Listening(
        host="127.0.0.1",
        port=unused_tcp_port_factory(),
        mllp_port=unused_tcp_port_factory(),
        mllp_source="pas",
        channels=channels('[[folder]]\npath = "in"\nsource = "care"\nevery_seconds = 0.01'),
        beside=tmp_path / "site",
    )
    settings = Settings(database="", folder=tmp_path / "data")
    async with serving._heard(settings, store, Turns(store.keep), listening), asyncio.timeout(5):
        while not (tmp_path / "site/in/done/a.txt").exists():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
    assert (await store.received()).messages == 1


def test_a_folder_of_the_command_line_is_taken_from_where_that_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [one, other] = watched(None, None, ("in=care", "/srv/in=pas"))
    assert (one.path, other.path) == (str(tmp_path / "in"), "/srv/in")

"""What a listener allows, and that it allows no more: by TLS, place, silence and memory."""

import asyncio
import ssl

import pytest

from tests.unit.certificates import Authority
from wholerecord.intake import Receipt, mllp
from wholerecord.intake.mllp import Limits, connection, listen
from wholerecord.intake.mllp.frames import framed
from wholerecord.intake.secure import BadCertificate, Tls, listening, sending
from wholerecord.record import MessageId

HOST = "127.0.0.1"


def message(n):
    return f"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|{n}|P|2.5\rPID|1||{n}\r".encode()


class Keeper:
    def __init__(self):
        self.kept = []

    async def __call__(self, arrival):
        self.kept.append(arrival)
        return Receipt(message=MessageId(len(self.kept)), fresh=True)


async def sent(port, n=1, tls=None):
    return [each async for each in mllp.send(HOST, port, [message(n)], tls=tls)]


def by_name(**sources):
    return lambda names: next((sources[name] for name in names if name in sources), None)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


async def test_a_message_comes_over_tls(authority):
    own = authority.issue("server", "localhost")
    context = listening(Tls(certificate=own.certificate, key=own.key))
    keeper = Keeper()
    async with mllp.serve(HOST, 0, keep=keeper, source_of=lambda _: "pas", tls=context) as listener:
        [answer] = await sent(listener.port, tls=sending(authority.file))
        assert answer.taken
        with pytest.raises(mllp.NotAnswered):
            await sent(listener.port)  # not over TLS
    assert len(keeper.kept) == 1


async def test_old_versions_of_tls_are_not_spoken(authority):
    own = authority.issue("server")
    assert listening(Tls(certificate=own.certificate, key=own.key)).minimum_version >= (
        ssl.TLSVersion.TLSv1_2
    )
    assert sending(authority.file).minimum_version >= ssl.TLSVersion.TLSv1_2


async def test_a_client_certificate_names_the_source(authority, tmp_path):
    own, pas, lab = (authority.issue(name) for name in ("server", "pas.example", "lab"))
    context = listening(Tls(certificate=own.certificate, key=own.key, clients=authority.file))
    keeper = Keeper()
    source_of = by_name(**{"pas.example": "pas", "lab": "pathology"})
    async with mllp.serve(HOST, 0, keep=keeper, source_of=source_of, tls=context) as listener:
        for pair in (pas, lab):
            await sent(listener.port, tls=sending(authority.file, pair.certificate, pair.key))
        other = Authority(tmp_path, "other").issue("pas.example")
        stranger = authority.issue("stranger")
        for refused in (
            sending(authority.file),
            sending(authority.file, other.certificate, other.key),
            sending(authority.file, stranger.certificate, stranger.key),
        ):
            with pytest.raises(mllp.NotAnswered):
                await sent(listener.port, tls=refused)
    assert [arrival.source for arrival in keeper.kept] == ["pas", "pathology"]
    assert listener.tally.turned_away == 1


def test_files_that_are_no_certificates_are_told(tmp_path, authority):
    own = authority.issue("server")
    (tmp_path / "empty.pem").write_text("")
    for tls in (
        Tls(certificate=tmp_path / "none.pem", key=own.key),
        Tls(certificate=own.certificate, key=tmp_path / "empty.pem"),
        Tls(certificate=own.certificate, key=authority.issue("other").key),
        Tls(certificate=own.certificate, key=own.key, clients=tmp_path / "empty.pem"),
    ):
        with pytest.raises(BadCertificate):
            listening(tls)


async def opened(port):
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(framed(message(1)))
    try:
        return bool(await reader.read(1)), writer
    except ConnectionError:
        return False, writer


@pytest.mark.parametrize("limits", [Limits(connections=2), Limits(per_source=2)])
async def test_connections_beyond_a_limit_are_turned_away_until_one_ends(limits):
    async with mllp.serve(
        HOST, 0, keep=Keeper(), source_of=lambda _: "pas", limits=limits
    ) as listener:
        writers = []
        for expected in (True, True, False):
            taken, writer = await opened(listener.port)
            assert taken is expected
            writers.append(writer)
        writers[0].close()
        await writers[0].wait_closed()
        await asyncio.sleep(0.05)
        taken, writer = await opened(listener.port)
        assert taken
        assert listener.tally.turned_away == 1
        for each in (*writers, writer):
            each.close()


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(idle=0.05), b""), (Limits(frame=0.05), b"\x0b"), (Limits(frame=0.05), b"\x0bMSH|")],
)
async def test_silent_and_slow_connections_end(monkeypatch, limits, said):
    monkeypatch.setattr(listen, "_LOOK", 0.02)
    async with mllp.serve(
        HOST, 0, keep=Keeper(), source_of=lambda _: "pas", limits=limits
    ) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(said)
        assert await asyncio.wait_for(reader.read(), 2) == b""
        assert listener.tally.ended == 1
        writer.close()


async def test_a_silent_connection_within_its_limit_stays(monkeypatch):
    monkeypatch.setattr(listen, "_LOOK", 0.01)
    limits = Limits(frame=0.02)
    async with mllp.serve(
        HOST, 0, keep=Keeper(), source_of=lambda _: "pas", limits=limits
    ) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        await asyncio.sleep(0.1)
        writer.write(framed(message(1)))
        assert b"MSA|AA|1" in await reader.readuntil(b"\x1c\r")
        writer.close()


async def test_large_frames_wait_for_each_other_and_all_come_through():
    limits = Limits(small=10_000, large=1)
    keeper = Keeper()
    async with mllp.serve(
        HOST, 0, keep=keeper, source_of=lambda _: "pas", limits=limits
    ) as listener:
        pairs = [await asyncio.open_connection(HOST, listener.port) for _ in range(4)]
        for n, (_, writer) in enumerate(pairs):
            writer.write(b"\x0b" + message(n) + b"OBX|" + b"x" * 40_000)
        await asyncio.sleep(0.1)
        for reader, writer in pairs:
            writer.write(b"\r\x1c\r")
            await writer.drain()
            del reader
        for n, (reader, _) in enumerate(pairs):
            answer = await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 2)
            assert b"MSA|AA|%d" % n in answer
        for _, writer in pairs:
            writer.close()
    assert len(keeper.kept) == 4


async def test_patience_with_a_sender_is_short():
    assert connection._PATIENCE < 10

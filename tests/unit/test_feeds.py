"""Feeds that prove themselves by a certificate, over real TLS on loopback."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.certificates import Authority
from wholerecord.app.feeds import Feeds
from wholerecord.cli.taking import AddressInUse, taken
from wholerecord.intake.channels import BadChannels, HttpsChannel, channels
from wholerecord.intake.secure import listening
from wholerecord.record import Source
from wholerecord.storage import memory


class World:
    """A port that takes what `gp` and `lab` send, and the authority that it trusts."""

    def __init__(self, folder, store: memory.Store, authority: Authority, address: str) -> None:
        self.folder, self.store, self.authority, self.address = folder, store, authority, address

    async def post(self, source: str, name: str = "", by: Authority | None = None, **headers: str):
        """What is answered to a body sent with the certificate of that name."""
        context = ssl.create_default_context(cafile=str(self.authority.file))
        if name:
            pair = (by or self.authority).issue(name, name)
            context.load_cert_chain(pair.certificate, pair.key)
        async with httpx.AsyncClient(verify=context, trust_env=False) as client:
            return await client.post(
                f"{self.address}/intake/{source}", content=b'{"a": 1}', headers=headers
            )


@pytest.fixture
async def here(tmp_path) -> AsyncIterator[World]:
    store = memory.Store()
    for name in ("gp", "lab"):
        await store.declare(Source(name=name, controller="Z1", title=name))
    authority = Authority(tmp_path)
    ours = authority.issue("server")
    channel = HttpsChannel(
        port=0,
        sources={"GP.example": "gp", "lab.example": "lab"},
        certificate=str(ours.certificate),
        key=str(ours.key),
        clients=str(authority.file),
    )
    into = Feeds(keep=store.keep, pledge=store.pledge, source_of=channel.source_of)
    async with taken(into, listening(channel.tls(tmp_path)), "127.0.0.1", 0) as (host, port):
        yield World(tmp_path, store, authority, f"https://{host}:{port}")


async def test_a_feed_is_the_source_that_its_certificate_names(here):
    answer = await here.post("gp", "gp.example")
    assert answer.status_code == 202
    [kept] = answer.json()["kept"]
    assert await here.store.message(kept["message"]) == b'{"a": 1}'


async def test_a_feed_is_no_other_source(here):
    for name in ("lab.example", "gp.example.evil.example", "stranger.example"):
        answer = await here.post("gp", name)
        assert answer.status_code == 401


async def test_a_header_is_no_certificate(here):
    said = {"x-client-cert": "gp.example", "authorization": "Bearer x", "x-ssl-client-s-dn": "gp"}
    assert (await here.post("gp", "lab.example", **said)).status_code == 401


async def test_whoever_brings_no_certificate_or_anothers_is_not_spoken_with(here):
    stranger = Authority(here.folder, "stranger")
    with pytest.raises(httpx.TransportError):
        await here.post("gp")
    with pytest.raises(httpx.TransportError):
        await here.post("gp", "gp.example", by=stranger)


async def test_nothing_else_is_at_that_port(here):
    context = ssl.create_default_context(cafile=str(here.authority.file))
    pair = here.authority.issue("gp.example")
    context.load_cert_chain(pair.certificate, pair.key)
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        for path in ("/", "/fhir/metadata", "/sign-in", "/ready"):
            assert (await client.get(f"{here.address}{path}")).status_code == 404


async def test_a_port_that_is_taken_is_said(here):
    port = int(here.address.rpartition(":")[2])
    into = Feeds(keep=here.store.keep, pledge=here.store.pledge, source_of=lambda _: None)
    with pytest.raises(AddressInUse):
        async with taken(into, ssl.create_default_context(), "127.0.0.1", port):
            pass


@pytest.mark.parametrize(
    "said",
    [
        'port = 1\nsources = {}\ncertificate = "a"\nclients = "b"',
        'port = 1\nsources = { a = "b" }\ncertificate = ""\nclients = "b"',
        'port = 1\nsources = { a = "b" }\ncertificate = "a"',
        'port = 1\nsources = { a = "b" }\ncertificate = "a"\nclients = "b"\nplain = true',
    ],
)
def test_a_port_for_feeds_without_certificates_is_refused(said):
    with pytest.raises(BadChannels):
        channels(f"[[https]]\n{said}\n")

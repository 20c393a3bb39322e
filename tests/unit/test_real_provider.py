"""Signing in with somebody else's identity provider: `oidc-provider-mock`, in its own process."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tests.e2e.deliveries import bundle, condition
from tests.unit.door_site import site
from tests.unit.hostile_provider import PERSON_CLAIMS, PERSON_INFO, STAFF_CLAIMS, STAFF_INFO
from tests.unit.test_signing_in import HERE, verified
from wholerecord.access import Doorstep
from wholerecord.portal import Persona, Seal, Site, routes
from wholerecord.signin import Door, Party, Provider


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs for as long as the tests do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "--require-nonce", "1"]
    with subprocess.Popen(  # noqa: S603 - our own environment's
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _until_it_answers(address)
            yield address
        finally:
            process.terminate()


def _until_it_answers(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider did not start")


async def went(issuer: str, door: Door, claims: dict[str, Any], page: str) -> httpx.Response:
    """What the page answers to somebody who came by that provider, whoever signs in there."""
    way, _ = await site(bundle(verified(), condition("c1", "p1")))
    provider = Provider(
        door=door,
        issuer=issuer,
        client="wholerecord",
        secret="any",
        back=f"{HERE}/sign-in/{door.value}/back",
    )

    async def nobody() -> tuple[Persona, ...]:
        return ()

    here = Site(
        door=way.door,
        personas=nobody,
        seal=Seal(b"test"),
        secure=True,
        parties={door.value: Party(provider)},
        doorstep=Doorstep(way),
    )
    ours = httpx.ASGITransport(app=Starlette(routes=routes(here)))
    async with (
        httpx.AsyncClient(transport=ours, base_url=HERE) as browser,
        httpx.AsyncClient(trust_env=False) as there,
    ):
        (await there.put(f"{issuer}/users/s1", json=claims)).raise_for_status()
        sent = await browser.get(f"/sign-in/{door.value}", params={"next": page})
        back = await there.post(sent.headers["location"], data={"sub": "s1"})
        assert back.status_code == 302, back.text
        returned = await browser.get(back.headers["location"])
        return returned if returned.status_code >= 400 else await browser.get(page)


def test_a_doctor_comes_by_a_real_provider(issuer):
    page = asyncio.run(went(issuer, Door.STAFF, STAFF_CLAIMS | STAFF_INFO, "/people"))
    assert page.status_code == 200
    assert "TESFAYE Yonas (Dr), doctor" in page.text


def test_a_person_comes_by_a_real_provider_to_their_own_record(issuer):
    page = asyncio.run(went(issuer, Door.PEOPLE, PERSON_CLAIMS | PERSON_INFO, "/me"))
    assert page.status_code == 200


def test_somebody_whom_a_real_provider_did_not_prove_is_refused(issuer):
    page = asyncio.run(went(issuer, Door.PEOPLE, PERSON_INFO, "/me"))
    assert page.status_code == 403
    assert "A claim is missing" in page.text

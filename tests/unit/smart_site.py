"""The application with apps registered, on loopback, and an app that speaks to it over HTTP."""

import base64
import hashlib
import html
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.door_web import application_of
from wholerecord.access import Doorway
from wholerecord.people.search import Search
from wholerecord.record import PersonId
from wholerecord.signin.keys import Jwks
from wholerecord.smart import App, Proof, checked, digest
from wholerecord.storage.memory.apps import Registry

BACK = "https://app.example/back"
SECRET = "a-secret-of-the-test"
OTHER = "9990000026"
KEY = ECKey.generate_key("P-384", {"kid": "k1", "use": "sig", "alg": "ES384"})
LOINC = "http://loinc.org"
ALL = "patient/*.cruds user/*.cruds launch launch/patient offline_access online_access"


def app(id: str, **more: Any) -> App:
    """An app that may be registered; by default one that keeps no secret."""
    said: dict[str, Any] = {
        "title": id.capitalize(),
        "organisation": "RXA",
        "scope": ALL,
        "proof": Proof.NONE,
        "redirects": (BACK,),
    }
    return checked(App(id=id, **(said | more)))


def registered() -> list[App]:
    """A public one that opens from a record, one with a secret, a backend, a resource server."""
    keys = Jwks((KEY.as_dict(private=False),))
    backend = {"proof": Proof.KEY, "redirects": (), "keys": keys}
    return [
        app("growth", launch="https://app.example/launch"),
        app("narrow", scope="patient/Observation.rs launch/patient"),
        app("secretive", proof=Proof.SECRET, secret=digest(SECRET)),
        app("backend", scope="system/*.rs", **backend),
        app("watcher", proof=Proof.SECRET, secret=digest(SECRET), introspects=True),
    ]


def observation(id: str, category: str, words: str, code: str) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"system": system, "code": category}]}],
        "code": {"coding": [{"system": LOINC, "code": code}], "text": words},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2025-03-01T10:00:00Z",
        "valueQuantity": {"value": 5, "unit": "mmol/L"},
    }


@dataclass
class World:
    """The application over a small region, and where its apps are registered."""

    way: Doorway
    person: PersonId
    other: PersonId
    apps: Registry
    web: Starlette = field(repr=False)


async def world() -> World:
    mine = bundle(
        patient("p1", NUMBER),
        condition("c1", "p1"),
        observation("o1", "laboratory", "Potassium", "2823-3"),
        observation("o2", "vital-signs", "Heart rate", "8867-4"),
    )
    way, person = await site(mine, bundle(patient("p2", OTHER), condition("c2", "p2")))
    [(other, _), *_] = await way.store.find(Search.of(OTHER).keys)
    apps = Registry()
    for one in registered():
        await apps.add_app(one)
    return World(way, person, other, apps, application_of(way, person, apps))


@contextmanager
def served(web: Starlette) -> Iterator[str]:
    """The application on a port of this machine; yields its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(web, log_level="error", ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield address
        finally:
            server.should_exit = True
            thread.join()


def pkce() -> tuple[str, str]:
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def said(address: str) -> dict[str, str]:
    """What an address says in its query."""
    return {name: each[-1] for name, each in parse_qs(urlsplit(address).query).items()}


def assertion(address: str, **more: Any) -> dict[str, str]:
    """A signed assertion of the backend's, as form fields."""
    claims = {
        "iss": "backend",
        "sub": "backend",
        "aud": f"{address}/auth/token",
        "exp": int(time.time()) + 200,
        "jti": secrets.token_hex(8),
    }
    claims = {name: one for name, one in (claims | more).items() if one is not None}
    header = {"alg": "ES384", "kid": "k1", "typ": "JWT"}
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(header, claims, KEY, algorithms=["ES384"]),
    }


class Flow:
    """Somebody's browser and an app, going through a launch together."""

    def __init__(self, browser: httpx.AsyncClient, address: str, app: str = "growth") -> None:
        self.browser = browser
        self.address = address
        self.app = app
        self.verifier, self.challenge = pkce()

    def asked(self, scope: str, **more: str | None) -> dict[str, str]:
        """The parameters of the request to be let in."""
        asking = {
            "response_type": "code",
            "client_id": self.app,
            "redirect_uri": BACK,
            "scope": scope,
            "state": "a-state",
            "aud": f"{self.address}/record/fhir",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return {name: one for name, one in (asking | more).items() if one is not None}

    async def let_in(self, scope: str, /, *, form: Mapping[str, Any] | None = None, **more: Any):
        """Where the browser is sent when its person says yes to all that is asked."""
        asking = self.asked(scope, **more)
        page = await self.browser.get("/auth/authorize", params=asking)
        if page.status_code != 200:
            return page
        [token, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page.text)
        rows = [html.unescape(row) for row in re.findall(r'name="row" value="([^"]+)"', page.text)]
        sent = {"form": token, "decision": "allow", "row": rows} | dict(form or {})
        return await self.browser.post("/auth/authorize", params=asking, data=sent)

    async def code(self, scope: str, /, **more: Any) -> str:
        back = await self.let_in(scope, **more)
        assert back.status_code == 303, back.text
        told = said(back.headers["location"])
        assert told["state"] == "a-state"
        return told["code"]

    async def token(self, code: str, **more: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": self.app,
            "code_verifier": self.verifier,
        }
        return await self.post("token", {n: v for n, v in (form | more).items() if v is not None})

    async def refreshed(self, token: str, **more: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.app}
        return await self.post("token", form | more)

    async def post(self, path: str, form: dict[str, str], **more: Any) -> httpx.Response:
        async with self.itself() as client:
            return await client.post(f"/auth/{path}", data=form, **more)

    async def get(self, path: str, token: str, **more: Any) -> httpx.Response:
        """What the API answers to the app itself."""
        headers = {"authorization": f"Bearer {token}"}
        async with self.itself() as client:
            return await client.get(f"/record/fhir{path}", headers=headers, **more)

    def itself(self) -> httpx.AsyncClient:
        transport = self.browser._transport
        if isinstance(transport, httpx.ASGITransport):
            return httpx.AsyncClient(transport=transport, base_url=self.address)
        return httpx.AsyncClient(base_url=self.address, trust_env=False)

    async def access(self, scope: str, /, **more: Any) -> str:
        answer = await self.token(await self.code(scope, **more))
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

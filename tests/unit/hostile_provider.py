"""An identity provider that does what it is told, and tells lies where it is told to.

It answers over HTTP as a provider does, within this process. `lies` says what it gets wrong.
"""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ISSUER = "https://identity.example"
CLIENT = "wholerecord-test"
SECRET = "not a secret"
STAFF_CLAIMS = {"id_assurance_level": "3", "authentication_assurance_level": "3"}
STAFF_INFO: dict[str, Any] = {
    "name": "TESFAYE Yonas (Dr)",
    "selected_roleid": "555000000001",
    "nhsid_nrbac_roles": [
        {
            "org_code": "RXA",
            "person_roleid": "555000000001",
            "role_code": "S8000:G8000:R8000",
            "role_name": "Clinical Practitioner Access Role",
            "activity_codes": ["B0264", "B0401"],
        },
        {"org_code": "RZZ", "person_roleid": "555000000002", "role_code": "S8000:G8000:R8009"},
    ],
    "nhsid_user_orgs": [{"org_code": "RXA", "org_name": "St Elsewhere"}],
}
PERSON_CLAIMS = {"vot": "P9.Cp.Cd", "vtm": f"{ISSUER}/trustmark"}
PERSON_INFO = {
    "nhs_number": "9990000018",
    "birthdate": "1950-03-02",
    "family_name": "EXAMPLE",
    "given_name": "Ada",
}
_KEYS: dict[str, RSAKey] = {}


def rsa(name: str) -> RSAKey:
    """A key by name, made once in a run: making one takes a while."""
    if name not in _KEYS:
        _KEYS[name] = RSAKey.generate_key(2048, {"kid": name, "use": "sig"})
    return _KEYS[name]


@dataclass
class Provider:
    """What it says, and what it saw."""

    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    info: dict[str, Any] = field(default_factory=dict[str, Any])
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    published: list[str] = field(default_factory=lambda: ["one"])
    signs_with: str = "one"
    header: dict[str, Any] = field(default_factory=dict[str, Any])
    how: str = "RS256"
    token_redirect: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    seen: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    logout: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """The network, as far as this provider is concerned."""
        return httpx.ASGITransport(
            app=Starlette(
                routes=[
                    Route("/.well-known/openid-configuration", self._metadata),
                    Route("/keys", self._keys),
                    Route("/token", self._token, methods=["POST"]),
                    Route("/me", self._me),
                    Route("/{path:path}", self._lost, methods=["GET", "POST"]),
                ]
            )
        )

    def signed_in(self, address: str) -> dict[str, str]:
        """What the browser brings back from being sent to `address`."""
        asked = {name: each[-1] for name, each in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def token(self, **claims: Any) -> str:
        """An identity token, signed as told. A claim that is None is left out."""
        now = int(time.time())
        said = {"iss": ISSUER, "sub": "s1", "aud": CLIENT, "iat": now, "exp": now + 300}
        said |= claims | self.claims
        payload = json.dumps({name: one for name, one in said.items() if one is not None})
        header = {"alg": self.how, "kid": self.signs_with} | self.header
        return signed(header, payload.encode(), self.signs_with)

    async def _metadata(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "userinfo_endpoint": f"{ISSUER}/me",
                "jwks_uri": f"{ISSUER}/keys",
            }
            | self.metadata
        )

    async def _keys(self, _: Request) -> Response:
        keys = [rsa(name).as_dict(private=False) for name in self.published]
        return JSONResponse({"keys": keys})

    async def _token(self, request: Request) -> Response:
        self._saw(request)
        if self.token_redirect:
            return RedirectResponse(self.token_redirect, 307)
        async with request.form() as sent:
            asked = self.codes.pop(str(sent.get("code")), None)
            verifier = str(sent.get("code_verifier"))
        digest = hashlib.sha256(verifier.encode()).digest()
        if (
            asked is None
            or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode()[:-1]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        told = self.token(nonce=asked["nonce"])
        return JSONResponse({"access_token": "a1", "token_type": "Bearer", "id_token": told})

    async def _me(self, request: Request) -> Response:
        self._saw(request)
        return JSONResponse({"sub": "s1"} | self.info)

    async def _lost(self, request: Request) -> Response:
        self._saw(request)
        return Response(status_code=404)

    def _saw(self, request: Request) -> None:
        host, path = request.headers["host"], request.url.path
        self.seen.append((host, path, request.headers.get("authorization", "")))


def signed(header: dict[str, Any], payload: bytes, name: str) -> str:
    """The token, however wrong the header is."""
    text = f"{_part(json.dumps(header).encode())}.{_part(payload)}"
    how = header["alg"]
    if how == "HS256":  # the public key taken for a shared secret
        secret = rsa(name).as_pem(private=False)
        return f"{text}.{_part(hmac.digest(secret, text.encode(), 'sha256'))}"
    if how == "ES256":
        key = ECKey.generate_key("P-256")
        return jws.serialize_compact(header, payload, key, algorithms=["ES256"])
    if how == "RS256" and "crit" not in header:
        return jws.serialize_compact(header, payload, rsa(name), algorithms=[how])
    return f"{text}."


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

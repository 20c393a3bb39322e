"""The addresses that apps themselves ask: tokens, introspection, revocation, configuration.

| route | answers |
|---|---|
| `POST /auth/token` | 200 with tokens; 400 or 401 with the standard's error code |
| `POST /auth/introspect` | 200: whether a token counts; 401 to an app that is not proven |
| `POST /auth/revoke` | 200, whatever the token was; 401 to an app that is not proven |
| `GET /{fhir}/.well-known/smart-configuration` | 200 |
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wholerecord.smart.authority import Authority
from wholerecord.smart.proving import Brought
from wholerecord.smart.published import configuration
from wholerecord.smart.refused import AppRefused, Fault
from wholerecord.smart.registered import App, Proof

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_FORM = "application/x-www-form-urlencoded"
_LONGEST = 32_000
_Answer = Callable[[Authority, App, Mapping[str, str], datetime], Awaitable[dict[str, Any]]]


def token_routes(authority: Authority | None, base: Callable[[Request], str]) -> list[Route]:
    """Tokens, introspection and revocation, below `/auth` of the `base` we are reached at."""

    def at(path: str, answer: _Answer) -> Route:
        async def post(request: Request) -> Response:
            if authority is None:
                return Response(status_code=404)
            try:
                form = await _form(request)
                now = datetime.now(UTC)
                brought = Brought(
                    form=form,
                    authorization=request.headers.get("authorization", ""),
                    endpoint=f"{base(request)}/auth/token",
                )
                app = await authority.provings.app(brought, now=now)
                return JSONResponse(await answer(authority, app, form, now), headers=_NO_STORE)
            except AppRefused as error:
                return _refused(error)

        return Route(path, post, methods=["POST"])

    return [
        at("/token", _token),
        at("/introspect", _introspect),
        at("/revoke", _revoke),
    ]


def configuration_route(base: Callable[[Request], str]) -> Route:
    """What apps look for below a FHIR address to find the rest."""

    async def show(request: Request) -> Response:
        return JSONResponse(configuration(base(request)))

    return Route("/.well-known/smart-configuration", show)


async def _token(
    authority: Authority, app: App, form: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    return await authority.token(app, form, now=now)


async def _introspect(
    authority: Authority, app: App, form: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    if app.proof is Proof.NONE:
        raise AppRefused(Fault.CLIENT, "Only an app that proves which it is may ask about tokens.")
    return await authority.introspect(app, form.get("token", ""), now=now)


async def _revoke(
    authority: Authority, app: App, form: Mapping[str, str], _: datetime
) -> dict[str, Any]:
    await authority.revoke(app, form.get("token", ""))
    return {}


async def _form(request: Request) -> dict[str, str]:
    """The form that was sent, each field once.

    Raises:
        AppRefused: it is no form, too long, or says something twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise AppRefused(Fault.REQUEST, f"Send {_FORM}.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST:
            raise AppRefused(Fault.REQUEST, "The form is too long.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=30, errors="strict"
        )
    except (UnicodeDecodeError, ValueError):
        raise AppRefused(Fault.REQUEST, "The form cannot be read.") from None
    if len(dict(pairs)) != len(pairs):
        raise AppRefused(Fault.REQUEST, "Something is said twice.")
    return dict(pairs)


def _refused(error: AppRefused) -> Response:
    unproven = error.fault is Fault.CLIENT
    headers = {**_NO_STORE, **({"WWW-Authenticate": "Basic"} if unproven else {})}
    told = {"error": error.fault.value, "error_description": error.says}
    return JSONResponse(told, 401 if unproven else 400, headers)

"""`POST /ai/prompt`: a prompt about a person, sent without names and answered with them.

Only JSON is read, which no form of another site can send along with somebody's session.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from wholerecord.access import Actor, Doorway, Refused
from wholerecord.errors import Incorrect, NotFound, UnknownCaller, WholerecordError
from wholerecord.fhir.outcome import status_of
from wholerecord.record import PersonId
from wholerecord.research.gateway.ask import Model, Unsure, ask
from wholerecord.research.gateway.prompts import Prompts

#: Bytes of a request: a prompt's characters may be four each, and JSON may escape them.
_LONGEST = 700_000


class NoGateway(NotFound):
    """This site sends no prompts: WHOLERECORD_AI names no model."""


class BadPrompt(Incorrect):
    """Send JSON with `person` and `prompt`, both text."""


class _Asked(msgspec.Struct, frozen=True):
    person: str
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What prompts go through: where they are kept, and the model."""

    prompts: Prompts
    model: Model


def prompting(
    way: Doorway,
    gateway: Gateway | None,
    who_asks: Callable[[Request], Awaitable[Actor | None]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answers prompts: 200 with the answer, 422 with the places that may name somebody."""

    async def answer(request: Request) -> Response:
        try:
            return await _answered(request, way, gateway, who_asks)
        except WholerecordError as error:
            return JSONResponse({"error": str(error)}, status_of(error))

    return answer


async def _answered(
    request: Request,
    way: Doorway,
    gateway: Gateway | None,
    who_asks: Callable[[Request], Awaitable[Actor | None]],
) -> Response:
    actor = await who_asks(request)
    if actor is None:
        raise UnknownCaller
    if gateway is None:
        raise NoGateway
    asked = await _read(request)
    door = way.door(actor)
    told = await ask(door, gateway.prompts, gateway.model, PersonId(asked.person), asked.prompt)
    if isinstance(told, Refused):
        return JSONResponse({"error": f"Refused: {told.reason}."}, 403)
    if isinstance(told, Unsure):
        places = [{"at": one.at, "until": one.until, "what": one.what} for one in told.places]
        return JSONResponse({"n": told.n, "unsure": places, "withheld": told.withheld}, 422)
    return JSONResponse({"n": told.n, "answer": told.answer, "taken_out": told.taken_out})


async def _read(request: Request) -> _Asked:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadPrompt
    raw = bytearray()
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > _LONGEST:
                raise BadPrompt
        return msgspec.json.decode(bytes(raw), type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, ClientDisconnect):
        raise BadPrompt from None

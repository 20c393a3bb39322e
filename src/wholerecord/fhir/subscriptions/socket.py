"""The websocket on which subscribers are told: bound with a token, and ended with their right.

Source: Subscriptions R5 Backport IG 1.1.0, "Websockets"; RFC 6455. A client connects, sends
`bind-with-token TOKEN` (or the same as JSON, as clients in use send it), and hears a handshake,
events and heartbeats. There is no queue: what there is to tell waits in the store, one notification
at a time is on its way, and who does not take it in the time they asked for is hung up on.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from wholerecord.access import Door
from wholerecord.errors import WholerecordError
from wholerecord.fhir.request import Api
from wholerecord.fhir.subscriptions.binding import LONGEST, Binding, asker, bindings
from wholerecord.fhir.subscriptions.live import Ended, Line, Live, begun, told

#: Seconds for a token to come; words that are none, passed over; seconds to say goodbye.
_PATIENCE, _IDLE_WORDS, _GOODBYE = 10, 1_000, 1.0
#: Subscriptions of one socket.
_MOST = 50
_WORD = "bind-with-token"
_log = structlog.get_logger()


class _Payload(msgspec.Struct):
    token: str = ""


class _Said(msgspec.Struct):
    type: str = ""
    payload: _Payload = msgspec.field(default_factory=_Payload)


_READ = msgspec.json.Decoder(_Said)


def token_in(words: str) -> str:
    """The token that a message binds with; "" where it is another message.

    >>> token_in("bind-with-token abc"), token_in("bind-with-token: abc"), token_in("hello")
    ('abc', 'abc', '')
    >>> token_in('{"type": "bind-with-token", "payload": {"token": "abc"}}'), token_in("{")
    ('abc', '')
    """
    if words[:1] == "{":
        with suppress(msgspec.DecodeError):
            said = _READ.decode(words)
            return said.payload.token if said.type == _WORD else ""
        return ""
    word, _, token = words.strip().partition(" ")
    return token.strip() if word.removesuffix(":") == _WORD else ""


async def socket(api: Api, websocket: WebSocket) -> None:
    """Tell by this socket until it ends; refused (403) where there are too many."""
    live = api.live
    if live is None or live.open >= live.most:
        await websocket.close()
        return
    live.open += 1
    try:
        await websocket.accept()
        await _until_it_ends(Talk(api=api, live=live, websocket=websocket))
    finally:
        live.open -= 1


async def _until_it_ends(talk: "Talk") -> None:
    code, says = 1011, "Something went wrong here: connect again."
    try:
        await talk.go_on()
    except Ended as ended:
        code, says = ended.code, str(ended)
    except WebSocketDisconnect:
        return
    except (WholerecordError, OSError) as error:
        _log.warning("a websocket was ended", error=type(error).__name__)
    with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # it may be gone already
        async with asyncio.timeout(_GOODBYE):
            await talk.websocket.close(code, says)


@dataclass(slots=True, kw_only=True)
class _Bound:
    """What one token bound: its lines, through the door of whoever asked, looked at `seen`."""

    binding: Binding
    door: Door
    seen: datetime
    lines: list[Line] = field(default_factory=list[Line])


@dataclass(slots=True, kw_only=True)
class Talk:
    """One socket, and what is told on it."""

    api: Api
    live: Live
    websocket: WebSocket
    bound: list[_Bound] = field(default_factory=list[_Bound])
    idle: int = 0

    async def go_on(self) -> None:
        """Hear and tell, in turns.

        Raises:
            Ended: there is nothing more to tell here, and why.
            WebSocketDisconnect: the other end is gone.
        """
        begin = self.live.now()
        hearing = asyncio.create_task(self._heard())
        try:
            while True:
                done, _ = await asyncio.wait({hearing}, timeout=self.live.turn)
                if done:
                    words = hearing.result()
                    hearing = asyncio.create_task(self._heard())
                    await self._hear(words)
                await self._tell(begin)
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _heard(self) -> str:
        message = await self.websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or 1005)
        words = message.get("text")
        if not isinstance(words, str):
            raise Ended(1003, "Send text.")
        return words

    async def _hear(self, words: str) -> None:
        token = token_in(words)
        if token:
            await self._bind(token)
            return
        self.idle += 1
        if self.idle > _IDLE_WORDS:
            raise Ended(1008, "This socket is for bind-with-token.")

    async def _bind(self, token: str) -> None:
        binding = bindings(self.api).read(token) if len(token) <= LONGEST else None
        now = self.live.now()
        actor = await asker(self.api, binding) if binding is not None else None
        if binding is None or actor is None or binding.until <= now:
            raise Ended(1008, "The token counts no longer: ask for another.")
        bound = _Bound(binding=binding, door=self.api.door(actor), seen=now)
        known = {line.id: line for one in self.bound for line in one.lines}
        for one in self.bound:  # a newer token takes over from the one before
            one.lines = [line for line in one.lines if line.id not in binding.subscriptions]
        self.bound = [*(one for one in self.bound if one.lines), bound]
        if len(known.keys() | set(binding.subscriptions)) > _MOST:
            raise Ended(1008, f"A socket is for {_MOST} subscriptions.")
        for name in binding.subscriptions:
            line = known.get(name) or await begun(self.live, name, bound.door, self._say)
            bound.lines.append(line)

    async def _tell(self, begin: datetime) -> None:
        now = self.live.now()
        if not self.bound and now - begin > timedelta(seconds=_PATIENCE):
            raise Ended(1008, "No token came to bind with.")
        for one in self.bound:
            if one.binding.until <= now:
                raise Ended(1008, "The token has expired: ask for another.")
            if now - one.seen >= timedelta(seconds=self.live.again):
                actor = await asker(self.api, one.binding)
                if actor is None:
                    raise Ended(1008, "Who asked is not let in any more.")
                one.door, one.seen = self.api.door(actor), now
            for line in one.lines:
                await told(self.live, line, one.door, self._say)

    async def _say(self, words: str, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                await self.websocket.send_text(words)
        except TimeoutError:
            raise Ended(1013, "It was not taken in time: connect again.") from None

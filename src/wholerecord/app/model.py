"""The language model that a site has chosen, and the way out to it: one address, and no other.

`WHOLERECORD_AI` is its address and its name there: `https://HOST/v1/chat/completions NAME`; one
within the site's own network begins with `inside:`. The way out is that of notifications: the host
is looked at before each request, no redirect is followed, and no proxy of the environment is asked.
The address speaks as most of them do (a POST of `model` and `messages`, answered by `choices`).
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from wholerecord.app.receivers import BadReceivers, Receivers
from wholerecord.app.sender import Sender
from wholerecord.errors import Incorrect
from wholerecord.fhir.subscriptions.telling import NotTaken
from wholerecord.research.gateway.ask import NoAnswer

_INSIDE = "inside:"
#: Bytes of an answer, and seconds it may take.
_LONGEST, _PATIENCE = 1_000_000, 60


class BadModel(Incorrect):
    """WHOLERECORD_AI is the model's address and its name there: [inside:]URL NAME."""


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenModel:
    """See `research.gateway.ask.Model`. `token` is the file of what it is asked with, if any."""

    address: str
    model: str
    sender: Sender
    token: Path
    patience: float = field(default=_PATIENCE)

    @property
    def name(self) -> str:
        """The model's host."""
        return httpx.URL(self.address).netloc.decode("ascii")

    async def complete(self, prompt: str) -> str:
        """See `research.gateway.ask.Model.complete`."""
        body = {"model": self.model, "messages": [{"role": "user", "content": prompt}]}
        try:
            raw = await self._post(msgspec.json.encode(body))
            answer = msgspec.json.decode(raw, type=_Answer)
        except (NotTaken, httpx.HTTPError, TimeoutError, OSError, ValueError):
            # msgspec's own errors are ValueErrors. None of their words are told: they may quote.
            raise NoAnswer from None
        if not answer.choices:
            raise NoAnswer
        return answer.choices[0].message.content

    async def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self.token.is_file():
            headers["Authorization"] = f"Bearer {self.token.read_text('ascii').strip()}"
        patience = self.patience
        async with (
            asyncio.timeout(patience),
            self.sender.asked("POST", self.address, headers, body, patience=patience) as answer,
        ):
            if answer.status_code != 200:
                raise NoAnswer
            raw = bytearray()
            async for chunk in answer.aiter_bytes():
                raw += chunk
                if len(raw) > _LONGEST:
                    raise NoAnswer
            return bytes(raw)


def chosen_model(setting: str, token: Path) -> ChosenModel | None:
    """The model that the setting names, or None where it is "".

    Raises:
        BadModel: it is not an address and a name.
    """
    if not setting.strip():
        return None
    words = setting.split()
    if len(words) != 2:
        raise BadModel
    inside = words[0].startswith(_INSIDE)
    address = words[0].removeprefix(_INSIDE)
    try:
        url = httpx.URL(address)
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        receivers = Receivers.parse(f"{_INSIDE if inside else ''}{origin}")
    except (BadReceivers, httpx.InvalidURL, UnicodeDecodeError):
        raise BadModel from None
    if not receivers.may_go_to(address):
        raise BadModel
    return ChosenModel(
        address=address, model=words[1], sender=Sender(receivers=receivers), token=token
    )

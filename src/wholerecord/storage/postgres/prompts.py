"""Prompts to a language model, each encrypted with a key of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.research.gateway.prompts import Fate, Prompt, Words
from wholerecord.storage.keyring import Wrapped
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.sealed import DataKey, new_key, prompt_place
from wholerecord.storage.text import storable

#: The first number too large for a database.
_TOO_LARGE = 1 << 63
#: The places of a prompt's parts: what left, what came, and its key.
_SENT, _ANSWERED, KEY_OF = b"s", b"a", b"k"


class Prompts:
    """See `research.gateway.prompts.Prompts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_prompt(
        self,
        *,
        opening: int,
        person: PersonId,
        actor: str,
        service: str,
        sent: str,
        taken_out: int,
        fate: Fate,
    ) -> int:
        """See `research.gateway.prompts.Prompts.keep_prompt`."""
        words, wrapped = storable(sent).encode(), None
        keys = self._database.keys
        if keys.on:
            key = new_key()
            words = DataKey.of(0, key).seal(words, prompt_place(opening, _SENT))
            wrapped = keys.keyring.wrap(key, prompt_place(opening, KEY_OF))
        [row] = await self._database.fetch(
            "keep_prompt",
            opening,
            person,
            storable(actor),
            storable(service),
            words,
            taken_out,
            fate.name,
            wrapped.kek if wrapped else None,
            wrapped.data if wrapped else None,
        )
        return row["n"]

    async def settle_prompt(self, n: int, fate: Fate, *, answered: str = "") -> None:
        """See `research.gateway.prompts.Prompts.settle_prompt`."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(QUERIES["lock_prompt"], n)
            if row is None:
                raise NotFound(f"Prompt {n} waits for no answer.")
            words = b"" if row["forgotten"] else storable(answered).encode()
            if row["kek"] is not None:
                key = _key(self._database.keys, row)
                place = prompt_place(row["opening"], _ANSWERED)
                words = b"" if key is None else key.seal(words, place)
            await connection.execute(QUERIES["settle_prompt"], n, fate.name, words)

    async def prompts(self, *, limit: int = 100) -> Sequence[Prompt]:
        """See `research.gateway.prompts.Prompts.prompts`."""
        return [_prompt(row) for row in await self._database.fetch("prompts", limit)]

    async def prompt(self, n: int) -> Prompt | None:
        """See `research.gateway.prompts.Prompts.prompt`."""
        row = await self._database.fetchrow("prompt", n) if 0 < n < _TOO_LARGE else None
        return None if row is None else _prompt(row)

    async def prompt_words(self, n: int) -> Words | None:
        """See `research.gateway.prompts.Prompts.prompt_words`."""
        row = await self._database.fetchrow("prompt_words", n) if 0 < n < _TOO_LARGE else None
        if row is None or row["forgotten"]:
            return None
        sent, answered = row["sent"], row["answered"]
        if row["kek"] is not None:
            key = _key(self._database.keys, row)
            if key is None:
                return None
            sent = key.open(sent, prompt_place(row["opening"], _SENT))
            answered = answered and key.open(answered, prompt_place(row["opening"], _ANSWERED))
        return Words(sent=sent.decode(), answered=answered.decode())

    async def forget_prompts(self, before: datetime) -> int:
        """See `research.gateway.prompts.Prompts.forget_prompts`."""
        return len(await self._database.fetch("forget_prompts", before))


def _key(keys: DataKeys, row: Record) -> DataKey | None:
    """The key of a prompt's words; None when it was destroyed."""
    if row["wrapped"] is None:
        return None
    place = prompt_place(row["opening"], KEY_OF)
    return DataKey.of(0, keys.keyring.unwrap(Wrapped(row["kek"], row["wrapped"]), place))


def _prompt(row: Record) -> Prompt:
    said: dict[str, Any] = dict(row)
    person = PersonId(said.pop("person"))
    return Prompt(fate=Fate[said.pop("fate")], person=person, **said)

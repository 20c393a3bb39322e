"""Prompts to a language model, as they left and were answered."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.research.gateway.prompts import Fate, Prompt
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable


class Prompts:
    """See `research.gateway.prompts.Prompts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_prompt(
        self, *, opening: int, actor: str, service: str, sent: str, fate: Fate
    ) -> int:
        """See `research.gateway.prompts.Prompts.keep_prompt`."""
        said = opening, storable(actor), storable(service), storable(sent), fate.name
        [row] = await self._database.fetch("keep_prompt", *said)
        return row["n"]

    async def settle_prompt(self, n: int, fate: Fate, *, answered: str = "") -> None:
        """See `research.gateway.prompts.Prompts.settle_prompt`."""
        row = await self._database.fetchrow("settle_prompt", n, fate.name, storable(answered))
        if row is None:
            raise NotFound(f"Prompt {n} waits for no answer.")

    async def prompts(self, *, limit: int = 100) -> Sequence[Prompt]:
        """See `research.gateway.prompts.Prompts.prompts`."""
        rows = await self._database.fetch("prompts", limit)
        return [_prompt(row) for row in rows]


def _prompt(row: Record) -> Prompt:
    said: dict[str, Any] = dict(row)
    return Prompt(fate=Fate[said.pop("fate")], **said)

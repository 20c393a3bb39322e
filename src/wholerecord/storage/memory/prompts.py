"""Prompts to a language model, as they left and were answered."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.errors import NotFound
from wholerecord.research.gateway.prompts import Fate, Prompt
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Prompts:
    """See `research.gateway.prompts.Prompts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def keep_prompt(
        self, *, opening: int, actor: str, service: str, sent: str, fate: Fate
    ) -> int:
        """See `research.gateway.prompts.Prompts.keep_prompt`."""
        kept = self._tables.prompts
        kept.append(
            Prompt(
                n=len(kept) + 1,
                at=now(),
                opening=opening,
                actor=storable(actor),
                service=storable(service),
                sent=storable(sent),
                fate=fate,
            )
        )
        return len(kept)

    async def settle_prompt(self, n: int, fate: Fate, *, answered: str = "") -> None:
        """See `research.gateway.prompts.Prompts.settle_prompt`."""
        kept = self._tables.prompts
        if not 1 <= n <= len(kept) or kept[n - 1].fate is not Fate.SENT:
            raise NotFound(f"Prompt {n} waits for no answer.")
        kept[n - 1] = replace(kept[n - 1], fate=fate, answered=storable(answered))

    async def prompts(self, *, limit: int = 100) -> Sequence[Prompt]:
        """See `research.gateway.prompts.Prompts.prompts`."""
        return list(reversed(self._tables.prompts))[:limit]

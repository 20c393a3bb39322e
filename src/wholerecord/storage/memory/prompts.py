"""Prompts to a language model, as they left and were answered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.research.gateway.prompts import Fate, Prompt, Words
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Prompts:
    """See `research.gateway.prompts.Prompts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

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
        kept = self._tables.prompts
        line = Prompt(
            n=len(kept) + 1,
            at=now(),
            opening=opening,
            person=person,
            actor=storable(actor),
            service=storable(service),
            taken_out=taken_out,
            fate=fate,
        )
        kept.append((line, Words(sent=storable(sent), answered="")))
        return len(kept)

    async def settle_prompt(self, n: int, fate: Fate, *, answered: str = "") -> None:
        """See `research.gateway.prompts.Prompts.settle_prompt`."""
        kept = self._tables.prompts
        if not 1 <= n <= len(kept) or kept[n - 1][0].fate is not Fate.SENT:
            raise NotFound(f"Prompt {n} waits for no answer.")
        line, words = kept[n - 1]
        said = None if words is None else replace(words, answered=storable(answered))
        kept[n - 1] = replace(line, fate=fate), said

    async def prompts(self, *, limit: int = 100) -> Sequence[Prompt]:
        """See `research.gateway.prompts.Prompts.prompts`."""
        return [line for line, _ in reversed(self._tables.prompts)][:limit]

    async def prompt(self, n: int) -> Prompt | None:
        """See `research.gateway.prompts.Prompts.prompt`."""
        kept = self._tables.prompts
        return kept[n - 1][0] if 1 <= n <= len(kept) else None

    async def prompt_words(self, n: int) -> Words | None:
        """See `research.gateway.prompts.Prompts.prompt_words`."""
        kept = self._tables.prompts
        return kept[n - 1][1] if 1 <= n <= len(kept) else None

    async def forget_prompts(self, before: datetime) -> int:
        """See `research.gateway.prompts.Prompts.forget_prompts`."""
        kept, count = self._tables.prompts, 0
        for place, (line, words) in enumerate(kept):
            if line.at < before and words is not None:
                kept[place] = line, None
                count += 1
        return count

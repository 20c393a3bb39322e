"""What is kept of prompts: each as it left and as it was answered, never with a name in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


class Fate(Enum):
    """What became of a prompt."""

    SENT = "sent, and no answer yet"
    ANSWERED = "answered"
    UNANSWERED = "not answered"
    KEPT_BACK = "kept back: it was not sure that it names nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt. `opening` is the number of the look at the record that it is about.

    `sent` is what left, "" for nothing; `answered` what came, with its marks.
    """

    n: int
    at: datetime
    opening: int
    actor: str
    service: str
    sent: str
    fate: Fate
    answered: str = ""


class Prompts(Protocol):
    """Where prompts are kept, for ever."""

    async def keep_prompt(
        self, *, opening: int, actor: str, service: str, sent: str, fate: Fate
    ) -> int:
        """Keep a prompt before it leaves; its number."""
        ...

    async def settle_prompt(self, n: int, fate: Fate, *, answered: str = "") -> None:
        """Write down once what became of a prompt that was sent.

        Raises:
            NotFound: there is none of that number that waits for an answer.
        """
        ...

    async def prompts(self, *, limit: int = 100) -> Sequence[Prompt]:
        """The newest prompts, newest first."""
        ...

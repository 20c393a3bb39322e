"""What is kept of prompts: each as it left and as it was answered, never with a name in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from wholerecord.record import PersonId

#: For how long the words of a prompt are kept; that there was one is for ever. A demonstration's
#: until the site's governance says.
WORDS_LAST = timedelta(days=365)


class Fate(Enum):
    """What became of a prompt."""

    SENT = "sent, and no answer yet"
    ANSWERED = "answered"
    UNANSWERED = "not answered"
    KEPT_BACK = "kept back: it was not sure that it names nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt without its words. `opening` is the number of the look at the record it is about.

    `taken_out` counts the names and identifiers that were taken out of it.
    """

    n: int
    at: datetime
    opening: int
    person: PersonId
    actor: str
    service: str
    taken_out: int
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a prompt: what left, "" for nothing, and what came, with its marks."""

    sent: str
    answered: str

    def __repr__(self) -> str:
        return "Words(…)"  # a repr can reach a log


class Prompts(Protocol):
    """Where prompts are kept, for ever, and their words for `WORDS_LAST`."""

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

    async def prompt(self, n: int) -> Prompt | None:
        """The prompt of that number."""
        ...

    async def prompt_words(self, n: int) -> Words | None:
        """The words of a prompt; None when they are kept no longer, or there is no such prompt."""
        ...

    async def forget_prompts(self, before: datetime) -> int:
        """Keep the words of prompts from before a moment no longer; of how many. For good."""
        ...

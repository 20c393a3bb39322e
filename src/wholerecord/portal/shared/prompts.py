"""What the page of prompts is given: which there were, and the words of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.access import Door, Refused
from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine:
    """One prompt without its words. `taken_out` counts names and identifiers."""

    n: int
    at: datetime
    actor: str
    person: PersonId
    service: str
    taken_out: int
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPage:
    """One prompt: what left and what came; `kept` is False when its words are kept no longer."""

    line: PromptLine
    kept: bool
    sent: str = ""
    answered: str = ""


class PromptLog(Protocol):
    """Prompts to a language model, as the page shows them."""

    async def prompt_lines(self, door: Door) -> Sequence[PromptLine] | Refused:
        """The newest, newest first; or why they may not be seen."""
        ...

    async def prompt_page(self, door: Door, n: int, *, why: str) -> PromptPage | Refused:
        """One with its words; or why it may not be read.

        Raises:
            NotFound: there is none of that number.
        """
        ...

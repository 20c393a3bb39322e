"""Prompts, as governance's page asks for them: research's log in the page's words."""

from collections.abc import Sequence

from wholerecord.access import Door, Refused
from wholerecord.portal import PromptLine, PromptPage
from wholerecord.research.gateway.log import prompt_log, read_prompt
from wholerecord.research.gateway.prompts import Prompt, Prompts


class KeptPrompts:
    """See `portal.PromptLog`."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    async def prompt_lines(self, door: Door) -> Sequence[PromptLine] | Refused:
        """See `portal.PromptLog.prompt_lines`."""
        found = await prompt_log(door, self._prompts)
        return found if isinstance(found, Refused) else list(map(_line, found))

    async def prompt_page(self, door: Door, n: int, *, why: str) -> PromptPage | Refused:
        """See `portal.PromptLog.prompt_page`."""
        found = await read_prompt(door, self._prompts, n, why=why)
        if isinstance(found, Refused):
            return found
        prompt, words = found
        if words is None:
            return PromptPage(line=_line(prompt), kept=False)
        return PromptPage(line=_line(prompt), kept=True, sent=words.sent, answered=words.answered)


def _line(prompt: Prompt) -> PromptLine:
    return PromptLine(
        n=prompt.n,
        at=prompt.at,
        actor=prompt.actor,
        person=prompt.person,
        service=prompt.service,
        taken_out=prompt.taken_out,
        became=prompt.fate.value,
    )

"""What governance is shown of prompts: who asked, when, what became of it; its words with a reason.

To read the words of a prompt is an opening of the record it is about, with the reason: the person
sees it.
"""

from collections.abc import Sequence

from wholerecord.access import Door, Refused
from wholerecord.errors import NotFound
from wholerecord.research.gateway.prompts import Prompt, Prompts, Words


async def prompt_log(door: Door, prompts: Prompts) -> Sequence[Prompt] | Refused:
    """The newest prompts, newest first, without their words; or why they may not be seen."""
    refused = await door.sees_prompts()
    return await prompts.prompts() if refused is None else refused


async def read_prompt(
    door: Door, prompts: Prompts, n: int, *, why: str
) -> tuple[Prompt, Words | None] | Refused:
    """One prompt and its words, None where they are kept no longer; or why it may not be read.

    Raises:
        NotFound: there is none of that number.
    """
    found = await prompts.prompt(n)
    refused = await door.reads_prompt(found.person if found else None, n, why=why)
    if refused is not None:
        return refused
    if found is None:
        raise NotFound(f"There is no prompt {n}.")
    return found, await prompts.prompt_words(n)

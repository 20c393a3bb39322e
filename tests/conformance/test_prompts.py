"""What every store does with prompts to a language model."""

from typing import cast

import pytest

from wholerecord.access import Store
from wholerecord.errors import NotFound
from wholerecord.research.gateway.prompts import Fate, Prompts


async def test_a_prompt_is_kept_before_it_leaves_and_settled_once(store: Store) -> None:
    book = cast("Prompts", store)
    said = {"opening": 4, "actor": "dr\0", "service": "here.example"}
    first = await book.keep_prompt(**said, sent="Ask about [NAME 1]", fate=Fate.SENT)
    back = await book.keep_prompt(**said, sent="", fate=Fate.KEPT_BACK)
    await book.settle_prompt(first, Fate.ANSWERED, answered="[NAME 1] is well")
    for n in (first, back, 99):
        with pytest.raises(NotFound):
            await book.settle_prompt(n, Fate.ANSWERED)
    newest, oldest = await book.prompts()
    assert (newest.n, newest.fate, newest.sent) == (back, Fate.KEPT_BACK, "")
    assert (oldest.sent, oldest.answered) == ("Ask about [NAME 1]", "[NAME 1] is well")
    assert (oldest.actor, oldest.opening, oldest.fate) == ("dr\ufffd", 4, Fate.ANSWERED)
    assert len(await book.prompts(limit=1)) == 1

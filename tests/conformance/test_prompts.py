"""What every store does with prompts to a language model."""

from datetime import timedelta
from typing import cast

import pytest

from wholerecord.access import Store
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.research.gateway.prompts import Fate, Prompts

SAID = {"person": PersonId("p"), "actor": "dr\0", "service": "here.example"}


async def test_a_prompt_is_kept_before_it_leaves_and_settled_once(store: Store) -> None:
    book = cast("Prompts", store)
    sent = "Ask about [NAME 1]"
    first = await book.keep_prompt(**SAID, opening=4, sent=sent, taken_out=1, fate=Fate.SENT)
    back = await book.keep_prompt(**SAID, opening=5, sent="", taken_out=0, fate=Fate.KEPT_BACK)
    await book.settle_prompt(first, Fate.ANSWERED, answered="[NAME 1] is well")
    for n in (first, back, 99):
        with pytest.raises(NotFound):
            await book.settle_prompt(n, Fate.ANSWERED)
    newest, oldest = await book.prompts()
    assert (newest.n, newest.fate, newest.taken_out) == (back, Fate.KEPT_BACK, 0)
    assert (oldest.actor, oldest.opening, oldest.fate) == ("dr\ufffd", 4, Fate.ANSWERED)
    assert (oldest.person, oldest.taken_out) == (PersonId("p"), 1)
    assert await book.prompt(first) == oldest
    words = await book.prompt_words(first)
    assert words is not None
    assert (words.sent, words.answered) == (sent, "[NAME 1] is well")
    assert "NAME" not in repr(words)
    assert len(await book.prompts(limit=1)) == 1
    assert await book.prompt(1 << 63) is None
    assert await book.prompt_words(99) is None


async def test_the_words_of_an_old_prompt_are_forgotten_and_that_it_was_is_not(store: Store):
    book = cast("Prompts", store)
    n = await book.keep_prompt(**SAID, opening=4, sent="words", taken_out=0, fate=Fate.SENT)
    [line] = await book.prompts()
    assert await book.forget_prompts(line.at - timedelta(days=1)) == 0
    assert await book.prompt_words(n) is not None
    assert await book.forget_prompts(line.at + timedelta(seconds=1)) == 1
    assert await book.forget_prompts(line.at + timedelta(seconds=1)) == 0
    assert await book.prompt_words(n) is None
    await book.settle_prompt(n, Fate.ANSWERED, answered="late")
    assert await book.prompt_words(n) is None
    assert [one.n for one in await book.prompts()] == [n]

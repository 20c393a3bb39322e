"""What every store does with the ledger of the privacy budget."""

import asyncio
from typing import cast

from wholerecord.access import Store
from wholerecord.research.openly.budget import BudgetBook


async def test_what_is_spent_is_refused_when_it_is_more_than_is_left(store: Store) -> None:
    book = cast("BudgetBook", store)

    async def spend(snapshot: str, epsilon: int) -> bool:
        return await book.spend_budget(snapshot, "w", epsilon, of_snapshot=100, of_year=250)

    assert await spend("a", 60)
    assert not await spend("a", 41)
    assert await spend("a", 40)
    assert await spend("b", 100)
    assert not await spend("c", 51)  # of the year
    assert await spend("c", 50)
    assert [(one.n, one.snapshot, one.epsilon) for one in await book.spendings()] == [
        (4, "c", 50), (3, "b", 100), (2, "a", 40), (1, "a", 60),
    ]  # fmt: skip


async def test_two_at_once_never_spend_the_same_rest(store: Store) -> None:
    book = cast("BudgetBook", store)
    asked = [book.spend_budget("a", "w", 60, of_snapshot=100, of_year=1000) for _ in range(8)]
    assert sum(await asyncio.gather(*asked)) == 1
    assert len(await book.spendings()) == 1

"""Settling: batches are filed at once, and what fails is told once, by whoever asked."""

import asyncio
from typing import Any

import pytest

from wholerecord import worker
from wholerecord.storage.memory import Store
from wholerecord.storage.postgres.lost import Lost


class LosingItsDatabase(Store):
    """A store whose database goes away under the first batch, and later under the second."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def file_waiting(self, prepare: Any, *, limit: int) -> Any:
        del prepare, limit
        self.asked += 1
        for _ in range(3 * self.asked):
            await asyncio.sleep(0)
        raise Lost


async def test_what_fails_leaves_no_batch_behind_to_fail_unheard():
    store = LosingItsDatabase()
    before = asyncio.all_tasks()
    with pytest.raises(Lost):
        await worker.settle(store, worker.prepare_here)
    assert store.asked == 2
    assert asyncio.all_tasks() == before

"""Transactions done again where the database ended them for the sake of others."""

import asyncpg
import pytest

from wholerecord.errors import Category
from wholerecord.storage.postgres.redone import Contended, redone


class Work:
    """Is ended so many times, then gives what it was asked."""

    def __init__(self, ended: int, error: type[Exception] = asyncpg.DeadlockDetectedError) -> None:
        self.ended = ended
        self.error = error
        self.begun = 0

    @redone
    async def __call__(self, asked: int, *, more: int = 0) -> int:
        self.begun += 1
        if self.begun <= self.ended:
            raise self.error
        return asked + more

    @redone
    async def with_another(self) -> int:
        return await self(1)


@pytest.mark.parametrize(
    "error", [asyncpg.DeadlockDetectedError, asyncpg.SerializationError], ids=["40P01", "40001"]
)
async def test_what_was_ended_is_done_again(error: type[Exception]) -> None:
    work = Work(ended=2, error=error)
    assert await work(1, more=2) == 3
    assert work.begun == 3


async def test_what_is_ended_every_time_is_to_be_tried_later() -> None:
    work = Work(ended=99)
    with pytest.raises(Contended) as caught:
        await work(1)
    assert caught.value.category is Category.UNAVAILABLE
    assert work.begun == 6


async def test_another_error_is_the_callers() -> None:
    work = Work(ended=1, error=ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        await work(1)
    assert work.begun == 1


async def test_what_is_part_of_another_is_done_again_as_a_whole_only() -> None:
    work = Work(ended=5)
    assert await work.with_another() == 1
    assert work.begun == 6  # once for each time the whole was begun, and not six times six

"""What waits is written soon, all of it at the end, and nothing twice."""

import asyncio

from wholerecord.app.soon import Soon


class Book:
    """Lines that take their time to be written, and are in the book whoever stops waiting."""

    def __init__(self, pause=60.0, slow=0.0):
        self.waiting, self.written, self.slow = [], [], slow
        self.begun = asyncio.Event()
        self.soon = Soon(self.write, lambda: bool(self.waiting), pause)

    def add(self, line):
        self.waiting.append(line)
        self.soon.ask()

    async def write(self):
        some = [*self.waiting]
        self.written += some
        self.begun.set()
        await asyncio.sleep(self.slow)
        del self.waiting[: len(some)]


async def test_the_first_is_written_at_once():
    book = Book()
    book.add("one")
    await book.begun.wait()
    assert book.written == ["one"]
    await book.soon.close()


async def test_what_waits_through_the_pause_is_written_at_the_end():
    book = Book()
    book.add("one")
    await book.begun.wait()
    await asyncio.sleep(0)
    book.add("two")
    assert book.written == ["one"]
    await book.soon.close()
    assert book.written == ["one", "two"]


async def test_a_write_that_has_begun_is_not_made_again_at_the_end():
    book = Book(slow=0.02)
    book.add("one")
    await book.begun.wait()
    await book.soon.close()
    assert book.written == ["one"]


async def test_what_comes_after_the_end_is_written_too():
    book = Book()
    await book.soon.close()
    book.add("late")
    await book.begun.wait()
    await book.soon.close()
    assert book.written == ["late"]


async def test_more_is_written_after_the_pause():
    book = Book(pause=0.01)
    book.add("one")
    await book.begun.wait()
    book.begun.clear()
    await asyncio.sleep(0)
    book.add("two")
    await asyncio.wait_for(book.begun.wait(), 5)
    assert book.written == ["one", "two"]
    await book.soon.close()

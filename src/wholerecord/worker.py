"""Files and links what is kept: beside the server, and at the end of an ingest.

Reading is pure, so it can run in other processes; what is written is written by the store in one
commit a batch. Killed at any moment, what was not committed is waiting still.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context

import structlog

from wholerecord.access import Store
from wholerecord.access.detecting import detect
from wholerecord.app.comparing import compare_proposals
from wholerecord.app.garbage import collect_seldom
from wholerecord.app.notifying import notify_for_ever, telling_of
from wholerecord.app.receivers import Receivers
from wholerecord.app.sender import Sender
from wholerecord.app.sending import senders
from wholerecord.app.telling import tell_for_ever
from wholerecord.errors import WholerecordError
from wholerecord.intake import Filed, Filing, Kept, Prepare
from wholerecord.intake.prepare import prepare
from wholerecord.people.decide import decide
from wholerecord.people.weigh import MODEL
from wholerecord.settings import Settings
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring

#: Seconds between looks for kept messages when nobody rings.
_IDLE = 0.5
#: Messages filed in one commit, and batches under way at once.
_BATCH, _AT_ONCE = 256, 2
#: How much the worker beside the server gives way: half a share against whoever looks at a record.
#: Not more, since what is not filed is not seen: with 5, on a machine others kept busy, it starved.
_NICE = 3
_log = structlog.get_logger()


async def prepare_here(batch: Sequence[Kept]) -> Sequence[Filing]:
    """Read a batch in this process."""
    return prepare(batch)


class ReaderEnded(WholerecordError):
    """A process that read messages was ended from outside, for want of memory perhaps.

    Nothing is lost and nothing is half done: what it read waits. Run the command again.
    """


@asynccontextmanager
async def readers(processes: int) -> AsyncGenerator[Prepare]:
    """Read in `processes` other processes, or here when 0."""
    if processes == 0:
        yield prepare_here
        return
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=collect_seldom
    ) as pool:
        loop = asyncio.get_running_loop()

        async def prepare_there(batch: Sequence[Kept]) -> Sequence[Filing]:
            try:
                return await loop.run_in_executor(pool, prepare, batch)
            except BrokenProcessPool:
                raise ReaderEnded from None

        yield prepare_there


@dataclass(slots=True)
class Settled:
    """What settling did, counted."""

    messages: int = 0
    statements: int = 0
    parked: int = 0
    links: int = 0

    def add(self, filed: Sequence[Filed]) -> None:
        """Count a batch."""
        self.messages += len(filed)
        self.statements += sum(one.statements for one in filed)
        self.parked += sum(one.parked for one in filed)


async def settle(
    store: Store, prepare: Prepare, *, told: Callable[[int], None] = lambda _: None
) -> Settled:
    """File every kept message and link every patient that waits; what was done, counted.

    Whoever was just joined is looked at for false merges: what is found waits at the desk.

    `told` hears how many messages each batch filed.
    """
    done = Settled()

    async def file() -> None:
        while filed := await store.file_waiting(prepare, limit=_BATCH):
            done.add(filed)
            told(len(filed))

    # Every one of them is waited for: one left behind would fail later, and nobody would hear.
    ended = await asyncio.gather(*(file() for _ in range(_AT_ONCE)), return_exceptions=True)
    for failed in ended:
        if failed is not None:
            raise failed
    while events := await store.link_waiting(decide, model=MODEL):
        done.links += len(events)
        await detect(store, {event.person for event in events})
    return done


async def settle_for_ever(store: Store, prepare: Prepare, rung: asyncio.Event) -> None:
    """Settle whenever `rung` is set, and now and then; until cancelled.

    What fails is logged and tried again: one bad moment must not stop the filing of a nation.
    """
    while True:
        try:
            await settle(store, prepare)
        except (WholerecordError, OSError) as error:
            _log.warning("settling failed, will try again", error=type(error).__name__)
            await asyncio.sleep(_IDLE)
        rung.clear()
        try:
            await asyncio.wait_for(rung.wait(), _IDLE)
        except TimeoutError:
            continue


async def _work(settings: Settings) -> None:
    """Settle and tell until standard input ends: whoever started this program holds it open."""
    loop = asyncio.get_running_loop()
    rung = asyncio.Event()
    async with open_store(settings.database, keyring(settings.keys)) as store:
        settling = asyncio.create_task(settle_for_ever(store, prepare_here, rung))
        by = senders(settings.smtp, settings.outbox)
        telling = asyncio.create_task(tell_for_ever(store, by))
        sender = Sender(receivers=Receivers.parse(settings.receivers))
        notifying = asyncio.create_task(notify_for_ever(telling_of(store, sender)))
        ended = loop.run_in_executor(None, sys.stdin.buffer.read)
        comparing = asyncio.create_task(compare_proposals(store))
        working = {settling, telling, notifying, comparing}
        await asyncio.wait({*working, ended}, return_when=asyncio.FIRST_COMPLETED)
        for each in working:
            each.cancel()


if __name__ == "__main__":
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)  # see cli
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    os.nice(_NICE)
    collect_seldom()
    asyncio.run(_work(Settings.from_environment()))

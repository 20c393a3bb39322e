"""The nightly checks, beside the server: of the ledger, of what left, and of who looked."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog

from wholerecord.access.detecting import detect_all
from wholerecord.access.doubting import doubt_emergencies, doubt_patterns
from wholerecord.access.nightly import check, until_next
from wholerecord.app.reconciling import Kept, reconcile
from wholerecord.errors import WholerecordError
from wholerecord.research.gateway.prompts import WORDS_LAST

_log = structlog.get_logger()


async def check_every_night(store: Kept, tables: Path) -> None:
    """Check the ledger, hold what left against the log, and look for false merges, every night.

    What is wrong is logged, with no person in it; false merges and doubtful looks go to the desk.
    """
    while True:
        await asyncio.sleep(until_next(datetime.now(UTC)).total_seconds())
        try:
            checked = await check(store, datetime.now(UTC))
            left = await reconcile(store, tables)
            await store.forget_departures(until=left.until, keep=left.unbacked)
            found = await detect_all(store)
            forgotten = await store.forget_prompts(datetime.now(UTC) - WORDS_LAST)
            doubts = await doubt_emergencies(store) + await doubt_patterns(store)
        except (WholerecordError, OSError) as error:
            _log.warning("the nightly check failed", error=type(error).__name__)
            continue
        for wrong in checked.wrong:
            _log.error("the ledger does not hold", wrong=wrong)
        for wrong in left.wrong:
            _log.error("something left without an opening", wrong=wrong)
        _log.info("held what left against the log", left=dict(left.left))
        _log.info("looked for false merges", new=found)
        _log.info("kept the words of prompts no longer", prompts=forgotten)
        _log.info("went through who looked", new=doubts)
        if not checked.wrong:
            _log.info("the ledger holds")

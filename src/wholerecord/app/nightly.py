"""The nightly checks, beside the server: of the ledger, for false merges, and of who looked."""

import asyncio
from datetime import UTC, datetime

import structlog

from wholerecord.access import Store
from wholerecord.access.detecting import detect_all
from wholerecord.access.doubting import doubt_emergencies, doubt_patterns
from wholerecord.access.nightly import check, until_next
from wholerecord.errors import WholerecordError

_log = structlog.get_logger()


async def check_every_night(store: Store) -> None:
    """Check the ledger and look for false merges every night, until cancelled.

    What is wrong is logged, by day and source; false merges and doubtful looks go to the desk.
    """
    while True:
        await asyncio.sleep(until_next(datetime.now(UTC)).total_seconds())
        try:
            checked = await check(store, datetime.now(UTC))
            found = await detect_all(store)
            doubts = await doubt_emergencies(store) + await doubt_patterns(store)
        except (WholerecordError, OSError) as error:
            _log.warning("the nightly check failed", error=type(error).__name__)
            continue
        for wrong in checked.wrong:
            _log.error("the ledger does not hold", wrong=wrong)
        _log.info("looked for false merges", new=found)
        _log.info("went through who looked", new=doubts)
        if not checked.wrong:
            _log.info("the ledger holds")

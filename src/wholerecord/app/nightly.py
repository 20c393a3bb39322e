"""The nightly check, beside the server."""

import asyncio
from datetime import UTC, datetime

import structlog

from wholerecord.access import Store
from wholerecord.access.nightly import check, until_next
from wholerecord.errors import WholerecordError

_log = structlog.get_logger()


async def check_every_night(store: Store) -> None:
    """Check the ledger every night, until cancelled. What is wrong is logged, by day and source."""
    while True:
        await asyncio.sleep(until_next(datetime.now(UTC)).total_seconds())
        try:
            checked = await check(store, datetime.now(UTC))
        except (WholerecordError, OSError) as error:
            _log.warning("the nightly check failed", error=type(error).__name__)
            continue
        for wrong in checked.wrong:
            _log.error("the ledger does not hold", wrong=wrong)
        if not checked.wrong:
            _log.info("the ledger holds")

"""Wrong facts looked for beside the server, so that whoever saw one is told when they sign in."""

import asyncio
from datetime import UTC, datetime

import structlog

from wholerecord.access import Store
from wholerecord.access.finding_wrong import find_wrong
from wholerecord.errors import WholerecordError

#: Seconds between two looks.
_EVERY = 300.0
_log = structlog.get_logger()


async def find_wrong_for_ever(store: Store) -> None:
    """Look every five minutes, until cancelled."""
    while True:
        try:
            found = await find_wrong(store, datetime.now(UTC))
        except (WholerecordError, OSError) as error:
            _log.warning("wrong facts were not looked for", error=type(error).__name__)
        else:
            if found:
                _log.info("found facts that were wrong", new=found)
        await asyncio.sleep(_EVERY)

"""Proposed policies compared with everybody's record, by the worker beside the server."""

import asyncio

import structlog

from wholerecord.access import Store
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.errors import WholerecordError

#: Seconds between looks for a proposal: whoever proposed one waits for it.
_EVERY = 5.0
_log = structlog.get_logger()


async def compare_proposals(store: Store) -> None:
    """Compare each proposal that waits for it, until cancelled.

    Stopped half way it begins again: nothing is kept of a comparison until it is whole.
    """
    while True:
        await asyncio.sleep(_EVERY)
        try:
            found = await compare_waiting(store)
        except (WholerecordError, OSError) as error:
            _log.warning("a policy was not compared, will try again", error=type(error).__name__)
            continue
        if found:
            _log.info("compared proposed policies", policies=found)

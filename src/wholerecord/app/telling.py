"""Telling people who looked: from the log into the outbox, and out of the house."""

import asyncio
from collections.abc import Mapping

import structlog

from wholerecord.access import Store
from wholerecord.access.outbox import Channel, wait_after
from wholerecord.app.sending import NotSent, Sender
from wholerecord.errors import WholerecordError

#: Seconds between looks into the log and the outbox.
_EVERY = 5.0
_log = structlog.get_logger()


async def tell(store: Store, by: Mapping[Channel, Sender]) -> int:
    """Write down and send what is due; how many messages went.

    Killed at any moment, what did not go is due again; what went and was not written down as gone
    goes once more.
    """
    while await store.write_dispatches():
        pass
    went = 0
    while dispatches := await store.take_dispatches():
        for dispatch in dispatches:
            try:
                await by[dispatch.channel].send(dispatch)
            except NotSent:
                again = wait_after(dispatch.tries)
                _log.warning("a message to a person did not go", dispatch=dispatch.n, again=again)
                await store.dispatch_failed(dispatch.n, again=again)
                continue
            await store.dispatch_sent(dispatch.n)
            went += 1
    return went


async def tell_for_ever(store: Store, by: Mapping[Channel, Sender]) -> None:
    """Tell, every few seconds; until cancelled."""
    while True:
        try:
            await tell(store, by)
        except (WholerecordError, OSError) as error:
            _log.warning("telling failed, will try again", error=type(error).__name__)
        await asyncio.sleep(_EVERY)

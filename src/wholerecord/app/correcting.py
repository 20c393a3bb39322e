"""Sources asked to put right what was ruled wrong: sent, held against what comes, escalated."""

import asyncio
from datetime import UTC, datetime

import structlog

from wholerecord.access import Doorway, Refused, Store
from wholerecord.access.corrected import close_corrected
from wholerecord.access.correcting import MESSENGER
from wholerecord.access.corrections import Correction
from wholerecord.access.departures import departed, noting
from wholerecord.access.outbox import LONGEST, wait_after
from wholerecord.app.carriers import Carriers
from wholerecord.app.sending import NotSent
from wholerecord.errors import WholerecordError

#: Seconds between two looks at what is to go and what came.
_EVERY = 30.0
_SORT = "correction"
_log = structlog.get_logger()


async def send_corrections(way: Doorway, carriers: Carriers) -> int:
    """Send what is due; how many messages went.

    Killed at any moment, what did not go is due again, and what went and was not written down as
    gone goes once more, by the same name.
    """
    went = 0
    while taken := await way.store.take_corrections():
        for one in taken:
            if await _send(way, carriers, one):
                went += 1
            else:
                again = wait_after(one.tries) or LONGEST
                _log.warning("a request to a source did not go", correction=one.n, again=again)
                await way.store.correction_failed(one.n, again=again)
    return went


async def _send(way: Doorway, carriers: Carriers, one: Correction) -> bool:
    """Whether it went. What leaves has its opening, and its line in the book of what left."""
    carrier = carriers.of(one.source)
    with noting() as noted:
        asked = await way.door(MESSENGER).to_send(one)
    if isinstance(asked, Refused):
        return False
    await way.store.add_departures([departed(datetime.now(UTC), _SORT, noted)])
    try:
        await carrier.carry(asked)
    except NotSent:
        return False
    await way.store.correction_sent(one.n, one.state, via=carrier.via)
    return True


async def see_to_corrections(way: Doorway, carriers: Carriers) -> None:
    """Close what sources did, send what is due, and escalate what nobody answered: once."""
    store: Store = way.store
    closed = await close_corrected(store)
    went = await send_corrections(way, carriers)
    late = await store.escalate_corrections()
    if closed or went or late:
        _log.info("requests to sources", closed=closed, sent=went, escalated=late)


async def see_to_corrections_for_ever(way: Doorway, carriers: Carriers) -> None:
    """See to them twice a minute, until cancelled."""
    while True:
        try:
            await see_to_corrections(way, carriers)
        except (WholerecordError, OSError) as error:
            _log.warning("requests to sources wait", error=type(error).__name__)
        await asyncio.sleep(_EVERY)

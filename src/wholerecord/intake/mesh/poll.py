"""A mailbox looked into for ever."""

import asyncio

import structlog

from wholerecord.errors import WholerecordError
from wholerecord.intake.keeping import Keep
from wholerecord.intake.mesh.mailbox import Collected, Mailbox, collect

#: Seconds between looks at an empty mailbox: MESH asks for no more than one in five minutes, and
#: for another look at once while there is something.
EVERY = 300.0
_log = structlog.get_logger()


async def poll(
    mailbox: Mailbox,
    source: str,
    keep: Keep,
    *,
    every: float = EVERY,
    seen: Collected | None = None,
) -> None:
    """Take what comes into the mailbox, for ever; until cancelled.

    What fails is logged and tried again at the next look; what was not kept is not acknowledged.
    """
    seen = seen or Collected()
    try:
        while True:
            try:
                while await collect(mailbox, source, keep, seen):
                    pass
            except WholerecordError as error:
                _log.warning("a mailbox waits", source=source, error=type(error).__name__)
            await asyncio.sleep(every)
    finally:
        mailbox.close()

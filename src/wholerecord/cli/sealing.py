"""The log sealed again and again while a program runs, and its seals posted to a second place."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import structlog

from wholerecord.audit import Sealer
from wholerecord.audit.elsewhere import Elsewhere
from wholerecord.cli.task import running_task
from wholerecord.errors import WholerecordError
from wholerecord.storage.postgres import Store

#: Seconds between seals, when there is something to seal.
_SEAL_EVERY = 1.0
#: Seconds between seals posted to the second place, and the most it may take to answer.
_PUBLISH_EVERY, _PATIENCE = 60.0, 20.0
_log = structlog.get_logger()


@asynccontextmanager
async def sealed(store: Store, sealer: Sealer, elsewhere: str) -> AsyncGenerator[None]:
    """Seal, and publish at the address `elsewhere` unless it is "", as long as the block lasts.

    What was logged until its end is sealed.
    """
    publishing = _publish_for_ever(store, elsewhere) if elsewhere else asyncio.sleep(0)
    async with running_task(_seal_for_ever(sealer)), running_task(publishing):
        try:
            yield
        finally:
            await sealer.seal()


async def _seal_for_ever(sealer: Sealer) -> None:
    while True:
        await asyncio.sleep(_SEAL_EVERY)
        try:
            await sealer.seal()
        except (WholerecordError, OSError) as error:
            _log.warning("sealing failed, will try again", error=type(error).__name__)


async def _publish_for_ever(store: Store, address: str) -> None:
    async with httpx.AsyncClient(timeout=_PATIENCE) as client:
        place = Elsewhere(store, address, client)
        while True:
            try:
                await place.publish()
            except (WholerecordError, OSError) as error:
                _log.warning("a seal was not published elsewhere", error=type(error).__name__)
            await asyncio.sleep(_PUBLISH_EVERY)

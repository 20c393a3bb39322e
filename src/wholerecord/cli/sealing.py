"""The log sealed again and again while a program runs, its seals posted elsewhere and stamped."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import structlog

from wholerecord.audit import Sealer
from wholerecord.audit.elsewhere import Elsewhere, address_of
from wholerecord.audit.stamping import (
    Authority,
    BadAuthority,
    Stamps,
    authority_at,
    certificates_in,
)
from wholerecord.cli.task import running_task
from wholerecord.errors import WholerecordError
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

#: Seconds between seals, when there is something to seal.
_SEAL_EVERY = 1.0
#: Seconds between seals posted to the second place, and the most it may take to answer.
_PUBLISH_EVERY, _PATIENCE = 60.0, 20.0
#: Seconds between time stamps: a log made again from the start is at most an hour older than it is.
_STAMP_EVERY = 3600.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who else holds seals: the address they are posted to, and that of who stamps them; or ""."""

    publish: str
    stamps_at: str
    stamps: Stamps


def witnesses(settings: Settings) -> Witnesses:
    """Who else is to hold seals, by the settings.

    Raises:
        BadPublish, BadAuthority: a setting is wrong.
    """
    trusted = certificates_in(settings.stamp_authority)
    if settings.stamps_at and not trusted:
        raise BadAuthority
    return Witnesses(
        publish=address_of(settings.publish) if settings.publish else "",
        stamps_at=authority_at(settings.stamps_at) if settings.stamps_at else "",
        stamps=Stamps(settings.stamps, trusted),
    )


@asynccontextmanager
async def sealed(store: Store, sealer: Sealer, by: Witnesses) -> AsyncGenerator[None]:
    """Seal, publish and have stamped, as far as there are witnesses, as long as the block lasts.

    What was logged until its end is sealed.
    """
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=_PATIENCE))
        works: list[Coroutine[None, None, None]] = [_seal_for_ever(sealer)]
        if by.publish:
            place = Elsewhere(store, by.publish, client)
            what = "a seal was not published elsewhere"
            works.append(_again(place.publish, _PUBLISH_EVERY, what))
        if by.stamps_at:
            authority = Authority(store, by.stamps_at, client, by.stamps)
            works.append(_again(authority.stamp, _STAMP_EVERY, "a seal was not stamped"))
        for work in works:
            await stack.enter_async_context(running_task(work))
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


async def _again(work: Callable[[], Awaitable[bool]], every: float, unless: str) -> None:
    """Do it at once and so many seconds after it was done; where it was not, after a minute."""
    while True:
        done = False
        try:
            done = await work()
        except (WholerecordError, OSError) as error:
            _log.warning(unless, error=type(error).__name__)
        await asyncio.sleep(every if done else _PUBLISH_EVERY)

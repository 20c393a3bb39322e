"""Telling subscribers, for ever: what the worker does beside filing."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from wholerecord.access import Doorway, Store
from wholerecord.access.subscriptions import KEPT_DAYS, Subscription
from wholerecord.app.sender import Sender
from wholerecord.consent import Role
from wholerecord.errors import WholerecordError
from wholerecord.fhir.subscriptions.telling import Stands, Telling, deliver, hear
from wholerecord.signin import Spent
from wholerecord.smart import Apps

#: Seconds between looks for news and for what is due.
_EVERY = 1.0
_APP = "app:"
_log = structlog.get_logger()


class Kept(Store, Apps, Spent, Protocol):
    """A store that knows apps, and what of theirs was ended."""


def standing(apps: Apps, spent: Spent) -> Stands:
    """Whether who subscribed may go on: an app while it is registered and was not ended since."""

    async def stands(one: Subscription) -> bool:
        actor = one.wish.actor
        if actor.role is not Role.SYSTEM or not actor.id.startswith(_APP):
            return True
        name = actor.id.removeprefix(_APP)
        ended = await spent.spent((f"app {name}",))
        return await apps.app(name) is not None and (ended is None or ended < one.begun)

    return stands


def telling_of(store: Kept, sender: Sender) -> Telling:
    """What telling needs, of this store."""
    return Telling(store=store, way=Doorway(store), send=sender.send, stands=standing(store, store))


async def notify_for_ever(telling: Telling) -> None:
    """Hear news, and deliver, each in its own time; until cancelled."""
    async with asyncio.TaskGroup() as both:
        both.create_task(_hear_for_ever(telling))
        both.create_task(_deliver_for_ever(telling))


async def _hear_for_ever(telling: Telling) -> None:
    while True:
        now = datetime.now(UTC)
        try:
            await hear(telling, now)
            await telling.store.forget_happenings(before=now - timedelta(days=KEPT_DAYS))
        except (WholerecordError, OSError) as error:
            _log.warning("news was not heard, will try again", error=type(error).__name__)
        await asyncio.sleep(_EVERY)


async def _deliver_for_ever(telling: Telling) -> None:
    while True:
        went = 0
        try:
            went = await deliver(telling, datetime.now(UTC))
        except (WholerecordError, OSError) as error:
            _log.warning("nothing was delivered, will try again", error=type(error).__name__)
        if not went:
            await asyncio.sleep(_EVERY)

"""Which apps are registered, and what was let in."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from wholerecord.access import Actor
from wholerecord.smart import App, Grant, KnownApp
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

_DECODE = msgspec.json.Decoder(App).decode
_DECODE_GRANT = msgspec.json.Decoder(Grant).decode


class Registry:
    """See `smart.Apps` and `smart.Grants`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked = Gatherer(self._named, most=256)

    async def app(self, id: str) -> App | None:
        """See `smart.Apps.app`."""
        return await self._asked.ask(storable(id))

    async def _named(self, ids: Sequence[str]) -> list[App | None]:
        """The apps with these ids: every request that brings a token asks for one."""
        found = {row["id"]: row["said"] for row in await self._database.fetch("app", [*{*ids}])}
        return [_DECODE(found[one]) if one in found else None for one in ids]

    async def apps(self) -> Sequence[App]:
        """See `smart.Apps.apps`."""
        return [_DECODE(row["said"]) for row in await self._database.fetch("apps")]

    async def add_app(self, app: App) -> None:
        """See `smart.Apps.add_app`."""
        if await self._database.fetchrow("add_app", app.id, msgspec.json.encode(app)) is None:
            raise KnownApp

    async def remove_app(self, id: str) -> bool:
        """See `smart.Apps.remove_app`."""
        return await self._database.fetchrow("remove_app", storable(id)) is not None

    async def keep_grant(self, grant: Grant) -> None:
        """See `smart.Grants.keep_grant`."""
        said = msgspec.json.encode(grant)
        actor, person = storable(grant.actor.id), storable(grant.patient or "")
        await self._database.fetch(
            "keep_grant", grant.id, actor, person, grant.begun, grant.until, said
        )

    async def grants(self, actor: Actor, *, now: datetime) -> Sequence[Grant]:
        """See `smart.Grants.grants`."""
        person = storable(actor.person or "")
        rows = await self._database.fetch("grants", storable(actor.id), person, now)
        return [_DECODE_GRANT(row["said"]) for row in rows]

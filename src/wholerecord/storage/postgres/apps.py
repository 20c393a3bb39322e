"""Which apps are registered."""

from collections.abc import Sequence

import msgspec

from wholerecord.smart import App, KnownApp
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

_DECODE = msgspec.json.Decoder(App).decode


class Registry:
    """See `smart.Apps`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def app(self, id: str) -> App | None:
        """See `smart.Apps.app`."""
        row = await self._database.fetchrow("app", storable(id))
        return None if row is None else _DECODE(row["said"])

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

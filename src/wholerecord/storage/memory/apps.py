"""Which apps are registered, and what was let in."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.access import Actor
from wholerecord.smart import App, Grant, KnownApp


class Registry:
    """See `smart.Apps` and `smart.Grants`."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}
        self._grants: list[Grant] = []

    async def app(self, id: str) -> App | None:
        """See `smart.Apps.app`."""
        return self._apps.get(id)

    async def apps(self) -> Sequence[App]:
        """See `smart.Apps.apps`."""
        return [app for _, app in sorted(self._apps.items())]

    async def add_app(self, app: App) -> None:
        """See `smart.Apps.add_app`."""
        if app.id in self._apps:
            raise KnownApp
        self._apps[app.id] = app

    async def remove_app(self, id: str) -> bool:
        """See `smart.Apps.remove_app`."""
        return self._apps.pop(id, None) is not None

    async def keep_grant(self, grant: Grant) -> None:
        """See `smart.Grants.keep_grant`."""
        self._grants.append(grant)

    async def grants(self, actor: Actor, *, now: datetime) -> Sequence[Grant]:
        """See `smart.Grants.grants`."""
        return [
            one
            for one in reversed(self._grants)
            if now < one.until
            and (one.actor.id == actor.id or (actor.person and one.patient == actor.person))
        ]

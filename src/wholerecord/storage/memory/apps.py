"""Which apps are registered."""

from collections.abc import Sequence

from wholerecord.smart import App, KnownApp


class Registry:
    """See `smart.Apps`."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}

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

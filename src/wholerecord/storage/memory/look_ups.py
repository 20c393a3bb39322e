"""The last look-up of national data opt-outs."""

from wholerecord.consent.lookup import LookUp


class LookUps:
    """See `consent.lookup.LookUps`."""

    def __init__(self) -> None:
        self._look_up: LookUp | None = None

    async def hold_look_up(self, found: LookUp) -> None:
        """See `consent.lookup.LookUps.hold_look_up`."""
        self._look_up = found

    async def look_up(self) -> LookUp | None:
        """See `consent.lookup.LookUps.look_up`."""
        return self._look_up

"""What left the system, a line each."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from wholerecord.access.departures import Departure
from wholerecord.storage.text import storable


class Departures:
    """See `access.departures.Departures`."""

    def __init__(self) -> None:
        self._departures: list[Departure] = []
        self._departed = 0

    async def add_departures(self, left: Sequence[Departure]) -> None:
        """See `access.departures.Departures.add_departures`."""
        self._departures += [
            replace(one, n=self._departed + n, sort=storable(one.sort))
            for n, one in enumerate(left, 1)
        ]
        self._departed += len(left)

    async def departures(self, *, after: int = 0, limit: int = 1000) -> Sequence[Departure]:
        """See `access.departures.Departures.departures`."""
        return [one for one in self._departures if one.n > after][:limit]

    async def forget_departures(self, *, until: int, keep: Collection[int] = ()) -> None:
        """See `access.departures.Departures.forget_departures`."""
        self._departures = [one for one in self._departures if one.n > until or one.n in keep]

"""The first half of an ingest: every input cut and kept, before anything is read."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wholerecord.errors import WholerecordError
from wholerecord.intake import Arrival
from wholerecord.intake.archive import BrokenInput, Input, NotTaken, as_it_came
from wholerecord.intake.cut import cut
from wholerecord.intake.masked import masked
from wholerecord.record import MessageId
from wholerecord.storage.postgres import Store

#: Arrivals waiting to be kept at once, and their bytes: they share commits, and bound the memory.
_AT_ONCE, _BYTES_AT_ONCE = 64, 48 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Summary:
    """What an ingest did: the last line it prints, as JSON. `parked` counts by reason.

    `still_parked` are items parked of messages that came `again`, and that nobody has closed.
    """

    source: str
    files: int = 0
    messages: int = 0
    again: int = 0
    statements: int = 0
    parked: dict[str, int] = field(default_factory=dict[str, int])
    still_parked: int = 0
    people: int = 0
    refused: dict[str, str] = field(default_factory=dict[str, str])
    bytes: int = 0
    seconds: float = 0.0

    def refuse(self, name: str, why: str) -> None:
        """Name what was not taken; names that look alike once masked are told apart."""
        shown, n = masked(name), 1
        while shown in self.refused:
            n += 1
            shown = f"{masked(name)} ({n})"
        self.refused[shown] = why


class Keeping:
    """Keeps inputs for one source, several arrivals at once, and counts them in the summary."""

    def __init__(self, store: Store, summary: Summary, told: Callable[[], None]) -> None:
        self._store = store
        self._summary = summary
        self._told = told
        self._under_way: dict[asyncio.Task[None], int] = {}
        self._again: set[MessageId] = set()
        self._damaged: set[Path] = set()

    async def take(self, found: Iterable[Input | NotTaken]) -> Sequence[MessageId]:
        """Keep all of them; the messages among them that had been kept before.

        What cannot be taken is named in the summary.
        """
        for one in found:
            self._summary.files += 1
            if isinstance(one, NotTaken):
                await self._keep_damaged(one.name, one.packed, one.why)
            else:
                await self._keep_input(one)
        while self._under_way:
            await self._some()
        return sorted(self._again)

    async def _keep_input(self, one: Input) -> None:
        try:
            for arrival in cut(self._summary.source, one.name, one.stream):
                await self._begin(arrival)
        except BrokenInput as error:
            await self._keep_damaged(one.name, one.packed, str(error))
        except (WholerecordError, OSError) as error:
            self._summary.refuse(one.name, str(error))

    async def _keep_damaged(self, name: str, packed: Path | None, why: str) -> None:
        """Keep the archive that is damaged once, as it is, where there is one."""
        if packed in self._damaged:
            return
        body = as_it_came(packed) if packed else None
        if packed is None or body is None:
            self._summary.refuse(name, why)
            return
        self._damaged.add(packed)
        await self._begin(Arrival(source=self._summary.source, body=body, name=f"{name} (packed)"))

    async def _begin(self, arrival: Arrival) -> None:
        size = len(arrival.body)
        self._summary.bytes += size
        self._under_way[asyncio.create_task(self._keep(arrival))] = size
        while len(self._under_way) >= _AT_ONCE or sum(self._under_way.values()) > _BYTES_AT_ONCE:
            await self._some()

    async def _keep(self, arrival: Arrival) -> None:
        try:
            receipt = await self._store.keep(arrival)
        except (WholerecordError, OSError) as error:
            self._summary.refuse(arrival.name, str(error))
            return
        self._summary.messages += 1
        if not receipt.fresh:
            self._summary.again += 1
            self._again.add(receipt.message)
        self._told()

    async def _some(self) -> None:
        """Wait until at least one is kept, and let go of it."""
        done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._under_way[task]
            task.result()

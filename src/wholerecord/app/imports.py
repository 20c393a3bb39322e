"""Bulk imports under way and done: files fetched, kept, filed like any message.

Every byte is kept before anything looks at it, by the same way as `POST /intake/{source}`. An
import lives a day at most. One whose process ended goes on in the next: the files that were not
kept whole are fetched again, and the same bytes are kept once, so that nothing is lost or doubled.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import IO, Protocol, cast

import structlog

from wholerecord.app.fetching import fetch
from wholerecord.app.imported import File, Import, Kept
from wholerecord.app.sender import Sender
from wholerecord.errors import Incorrect, WholerecordError
from wholerecord.fhir.subscriptions.telling import NotTaken
from wholerecord.intake import Arrival, Parked, Receipt
from wholerecord.intake.cut import cut
from wholerecord.intake.keeping import keep_all
from wholerecord.intake.trace import Traced
from wholerecord.record import MessageId

LASTS = timedelta(hours=24)
#: Imports of one source at a time; bytes of one file, and of it in memory.
_OF_ONE, _LARGEST, _IN_MEMORY = 3, 1 << 30, 1 << 20
#: Where imports end with the process.
NOWHERE = Kept()
_log = structlog.get_logger()


class Enough(Incorrect):
    """Three imports of this source are there already: DELETE one, or wait."""


class Filed(Protocol):
    """What is asked of a store of what became of messages."""

    async def traced(self, message: MessageId) -> Traced:
        """See `intake.trace.Traces`."""
        ...

    async def parked_of(self, messages: Sequence[MessageId]) -> Sequence[Parked]:
        """See `intake.parked.ParkedWork`."""
        ...


class Imports:
    """The imports of this server, `kept` where it says."""

    def __init__(
        self,
        keep: Callable[[Arrival], Awaitable[Receipt]],
        filed: Filed,
        sender: Sender,
        kept: Kept = NOWHERE,
    ) -> None:
        self._keep = keep
        self._kept = kept
        self._filed = filed
        self._sender = sender
        self._imports: dict[str, Import] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def may_fetch(self, url: str) -> bool:
        """Whether the site lets files come from there."""
        return self._sender.receivers.may_go_to(url)

    def _note(self, one: Import) -> None:
        try:
            self._kept.keep(one)
        except OSError as error:  # then it ends with the process; what it keeps stays
            _log.warning("an import was not noted down", error=type(error).__name__)

    def go_on(self) -> None:
        """Know the imports that a process before began, and go on with those not fetched whole."""
        for one in self._kept.all():
            if one.id in self._imports:
                continue
            one.waiting = [message for file in one.files for message in reversed(file.messages)]
            self._imports[one.id] = one
            if one.fetched is None:
                self._tasks[one.id] = asyncio.create_task(self._fetch(one))
        self._sweep()

    def begin(self, source: str, request: str, urls: Sequence[str]) -> Import:
        """Begin to fetch these.

        Raises:
            Enough: there are too many of this source's.
        """
        one = self._new(source, request, [File(url=url) for url in urls])
        self._note(one)
        self._tasks[one.id] = asyncio.create_task(self._fetch(one))
        return one

    async def take(self, source: str, request: str, body: IO[bytes]) -> Import:
        """Keep a file that came with the request.

        Raises:
            Enough: there are too many of this source's.
            WholerecordError: it was not kept.
        """
        file = File(url="")
        one = self._new(source, request, [file])
        await self._keep_file(one, file, body)
        one.fetched = datetime.now(UTC)
        self._note(one)
        return one

    def of(self, source: str, id: str) -> Import | None:
        """The source's own import of that id."""
        self._sweep()
        one = self._imports.get(id)
        return one if one is not None and one.source == source else None

    async def is_done(self, one: Import) -> bool:
        """Whether all of it was fetched, kept and filed."""
        while one.waiting:
            traced = await self._filed.traced(one.waiting[-1])
            if traced.waiting:
                return False
            one.waiting.pop()
        return one.fetched is not None

    async def parked(self, file: File) -> Sequence[Parked]:
        """What of a file could not be filed."""
        return await self._filed.parked_of(file.messages) if file.messages else ()

    def remove(self, one: Import) -> None:
        """Stop it, and forget it; what was kept stays."""
        self._imports.pop(one.id, None)
        self._kept.forget(one.id)
        task = self._tasks.pop(one.id, None)
        if task is not None:
            task.cancel()

    def _new(self, source: str, request: str, files: list[File]) -> Import:
        self._sweep()
        mine = [one for one in self._imports.values() if one.source == source]
        if len(mine) >= _OF_ONE:
            raise Enough
        name = token_urlsafe(18)
        now = datetime.now(UTC)
        one = Import(id=name, source=source, request=request, began=now, files=files)
        self._imports[name] = one
        return one

    def _sweep(self) -> None:
        now = datetime.now(UTC)
        for one in [*self._imports.values()]:
            if one.began + LASTS < now:
                self.remove(one)

    async def _fetch(self, one: Import) -> None:
        """Fetch and keep each file; one that fails is named, and the others go on."""
        for file in (file for file in one.files if not file.ready):
            if not file.url:  # it came with a request that was broken off
                file.fault = "The server was restarted before it was kept whole: send it again."
                continue
            held = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - below
            with held as aside:
                into = cast("IO[bytes]", aside)
                try:
                    await fetch(self._sender, file.url, into, most=_LARGEST)
                    into.seek(0)
                    await self._keep_file(one, file, into)
                except (NotTaken, WholerecordError, OSError) as error:
                    plain = not isinstance(error, OSError)
                    file.fault = str(error) if plain else "It could not be written aside."
            self._note(one)
        one.fetched = datetime.now(UTC)
        self._note(one)

    async def _keep_file(self, one: Import, file: File, body: IO[bytes]) -> None:
        receipts = await keep_all(cut(one.source, "import.ndjson", body), self._keep)
        file.messages = [receipt.message for receipt in receipts]
        one.waiting += reversed(file.messages)

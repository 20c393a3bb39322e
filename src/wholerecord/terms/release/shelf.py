"""The folder where loaded releases stand, and which of them are in force.

A load writes its file beside the others and, when that is durable, replaces the small file that
names what is in force: one rename. Whatever fails before it leaves everything as it was.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from wholerecord.errors import Category, NotFound, WholerecordError
from wholerecord.terms.content import Content
from wholerecord.terms.release.read import Damaged
from wholerecord.terms.release.write import write_release

_IN_FORCE = "in-force.json"
_NEW = ".new"


class LoadUnderWay(WholerecordError):
    """Another release is being loaded; try again when it is done."""

    category = Category.BUSY


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A release in force. `name` is its kind, and which one where there can be several."""

    name: str
    kind: str
    system: str
    version: str
    title: str
    file: str
    sha256: str
    size: int
    codes: int
    pairs: int
    loaded: datetime
    left_out: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """Its name, version and mark: what a record says it was folded by."""
        return f"{self.name} {self.version} ({self.sha256[:8]})"


class Shelf:
    """The loaded releases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, loaded: Loaded) -> Path:
        """Where its file is."""
        return self._folder / loaded.file

    def in_force(self) -> tuple[Loaded, ...]:
        """The releases in force, by name; none when nothing was ever loaded.

        Raises:
            Damaged: the file that names them cannot be read.
        """
        try:
            said = (self._folder / _IN_FORCE).read_bytes()
        # Whoever needs a folder where there is a file says so; a folder of releases it is not.
        except (FileNotFoundError, NotADirectoryError):
            return ()
        try:
            return msgspec.json.decode(said, type=tuple[Loaded, ...])
        except msgspec.DecodeError:
            raise Damaged(
                f"Remove {_IN_FORCE}, which is not as it was written, and load each."
            ) from None

    def load(self, content: Content, *, name: str = "") -> Loaded:
        """Put `content` in force in place of the release of the same name, or leave all as it was.

        Raises:
            BadRelease: it contradicts itself.
            LoadUnderWay: another load has not ended.
        """
        with self._locked():
            before = self.in_force()
            name = name or content.kind
            new = self._folder / f"{name.replace('/', '-')}{_NEW}"
            try:
                head = write_release(content, new)
                mark, size = _sha256(new), new.stat().st_size
                loaded = Loaded(
                    name=name,
                    kind=content.kind,
                    system=content.system,
                    version=content.version,
                    title=content.title,
                    file=f"{name.replace('/', '-')}-{mark[:16]}.release",
                    sha256=mark,
                    size=size,
                    codes=head.rows,
                    pairs=head.pairs,
                    loaded=datetime.now(UTC),
                    left_out=content.left_out,
                )
                new.rename(self._folder / loaded.file)
            finally:
                new.unlink(missing_ok=True)
            self._switch((*(one for one in before if one.name != name), loaded))
            return loaded

    def drop(self, name: str) -> None:
        """Take a release out of force.

        Raises:
            NotFound: none of this name is in force.
        """
        with self._locked():
            before = self.in_force()
            rest = tuple(one for one in before if one.name != name)
            if len(rest) == len(before):
                raise NotFound("No release of this name is loaded.")
            self._switch(rest)

    def whole(self, loaded: Loaded) -> bool:
        """Whether its file is byte for byte what was written: reads all of it."""
        path = self.path(loaded)
        return path.is_file() and _sha256(path) == loaded.sha256

    def _switch(self, releases: tuple[Loaded, ...]) -> None:
        new = self._folder / f"{_IN_FORCE}{_NEW}"
        ordered = sorted(releases, key=lambda one: one.name)
        with new.open("wb") as file:
            file.write(msgspec.json.encode(ordered))
            file.flush()
            os.fsync(file.fileno())
        new.rename(self._folder / _IN_FORCE)
        _sync(self._folder)
        named = {one.file for one in releases}
        for path in self._folder.glob("*.release"):
            if path.name not in named:
                path.unlink()  # whoever has it mapped keeps it until they end

    @contextmanager
    def _locked(self) -> Generator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LoadUnderWay from None
            yield


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()

"""An import, and how it is kept in a file: so that it goes on after the process that began it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from wholerecord.record import MessageId


@dataclass(slots=True, kw_only=True)
class File:
    """One file: where it is from ("" is the request itself), and what became of it."""

    url: str
    messages: list[MessageId] = field(default_factory=list[MessageId])
    fault: str = ""

    @property
    def ready(self) -> bool:
        """Whether it was kept, or why not is known."""
        return bool(self.messages or self.fault)


@dataclass(slots=True, kw_only=True)
class Import:
    """An import. `fetched` is when the last of its files was kept; `waiting` of its messages."""

    id: str
    source: str
    request: str
    began: datetime
    files: list[File]
    fetched: datetime | None = None
    waiting: list[MessageId] = field(default_factory=list[MessageId])


@dataclass(frozen=True, slots=True)
class Kept:
    """Imports in files of a folder; without one, nowhere."""

    folder: Path | None = None

    def keep(self, one: Import) -> None:
        """Keep how it stands, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        if self.folder is None:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self.folder / f".{one.id}.part"
        aside.touch(mode=0o600)
        aside.write_bytes(msgspec.json.encode(one))
        aside.replace(self._file(self.folder, one.id))

    def forget(self, id: str) -> None:
        """Keep it no more."""
        if self.folder is not None:
            self._file(self.folder, id).unlink(missing_ok=True)

    def all(self) -> Iterator[Import]:
        """Every import that is kept; what cannot be read is none, and is removed."""
        for file in sorted(self.folder.glob("*.json")) if self.folder else ():
            try:
                one = msgspec.json.decode(file.read_bytes(), type=Import)
            except (msgspec.DecodeError, OSError):
                file.unlink(missing_ok=True)
                continue
            yield one

    @staticmethod
    def _file(folder: Path, id: str) -> Path:
        return folder / f"{id}.json"

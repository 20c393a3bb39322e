"""The files of one export: for each type of resource one, and one of what was deleted."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from wholerecord.record import canonical

#: The file of what was deleted, which is no type's.
DELETED = "deleted"


class Files(ABC):
    """Writes files below `folder`, which only we may read; `counts` are resources by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Write what waits, and close every file."""

    @abstractmethod
    def write(self, kind: str, bodies: list[bytes]) -> None:
        """Write resources of one type, each canonical JSON."""

    def add(self, kind: str, bodies: Iterable[bytes]) -> None:
        """Write resources of one type, each canonical JSON, and count them."""
        written = [*bodies]
        if written:
            self.write(kind, written)
            self.counts[kind] = self.counts.get(kind, 0) + len(written)

    def deleted(self, addresses: Iterable[str]) -> None:
        """Write what is there no longer, as transactions that delete it."""
        for address in addresses:
            entry = {"request": {"method": "DELETE", "url": address}}
            bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
            self.add(DELETED, [canonical(bundle)])

    def touched(self, name: str) -> Path:
        """The path of a new file of this name, which only we may read."""
        path = self.folder / name
        path.touch(mode=0o600)
        return path

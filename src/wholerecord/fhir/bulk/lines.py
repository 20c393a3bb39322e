"""The files of one export: for each type of resource one, a resource a line. Constant memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from wholerecord.record import canonical

#: Bytes of a file that wait to be written.
_BUFFER = 1 << 17
#: The file of what was deleted, which is no type's.
DELETED = "deleted"


@dataclass(slots=True)
class Lines:
    """Writes files below `folder`, which only we may read; `counts` are lines by file."""

    folder: Path
    counts: dict[str, int] = field(default_factory=dict[str, int])
    _open: dict[str, BinaryIO] = field(default_factory=dict[str, BinaryIO])

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700, parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._open.values():
            one.close()

    def add(self, kind: str, bodies: Iterable[bytes]) -> None:
        """Write resources of one type, each canonical JSON and so one line."""
        written = [*bodies]
        if written:
            self._file(kind).write(b"\n".join(written) + b"\n")
            self.counts[kind] = self.counts.get(kind, 0) + len(written)

    def deleted(self, addresses: Iterable[str]) -> None:
        """Write what is there no longer, as transactions that delete it."""
        for address in addresses:
            entry = {"request": {"method": "DELETE", "url": address}}
            bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
            self.add(DELETED, [canonical(bundle)])

    def _file(self, kind: str) -> BinaryIO:
        if kind not in self._open:
            path = self.folder / f"{kind}.ndjson"
            path.touch(mode=0o600)
            self._open[kind] = path.open("wb", buffering=_BUFFER)
        return self._open[kind]

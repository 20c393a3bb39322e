"""The files of one export as NDJSON: a resource a line. Constant memory."""

from pathlib import Path
from typing import BinaryIO

from wholerecord.fhir.bulk.files import Files

#: Bytes of a file that wait to be written.
_BUFFER = 1 << 17


class Lines(Files):
    """A file a type, a resource a line: canonical JSON holds no line break."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._open: dict[str, BinaryIO] = {}

    def close(self) -> None:
        """See `Files`."""
        for one in self._open.values():
            one.close()

    def write(self, kind: str, bodies: list[bytes]) -> None:
        """See `Files`."""
        self._file(kind).write(b"\n".join(bodies) + b"\n")

    def _file(self, kind: str) -> BinaryIO:
        if kind not in self._open:
            self._open[kind] = self.touched(f"{kind}.ndjson").open("wb", buffering=_BUFFER)
        return self._open[kind]

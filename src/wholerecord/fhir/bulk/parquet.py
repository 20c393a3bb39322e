"""The files of one export as Apache Parquet: for each type of resource one. Constant memory.

A row is a resource: what tables are joined and narrowed by as columns, and the resource itself as
it is served. Source: Bulk Data Access IG 2.0, `_outputFormat`: other formats are left to servers.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from wholerecord.fhir.bulk.arrow import pa, pq
from wholerecord.fhir.bulk.files import Files

#: Rows of a file that wait to be written, and their bytes.
_ROWS, _BYTES = 2_000, 4 << 20
_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("version", pa.string()),
        ("last_updated", pa.string()),
        ("patient", pa.string()),
        ("resource", pa.string()),
    ]
)


class _Meta(msgspec.Struct, rename="camel"):
    version_id: str = ""
    last_updated: str = ""


class _Reference(msgspec.Struct):
    reference: str = ""


class _Row(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)
    subject: _Reference | list[_Reference] | None = None
    patient: _Reference | None = None

    @property
    def whose(self) -> str:
        """The id of its patient, where an element says so."""
        if self.resource_type == "Patient":
            return self.id
        said = self.subject[0] if isinstance(self.subject, list) and self.subject else self.subject
        found = said if isinstance(said, _Reference) else self.patient
        kind, _, own = (found.reference if found else "").rpartition("/")
        return own if kind.rpartition("/")[2] == "Patient" else ""


_READ = msgspec.json.Decoder(_Row)


@dataclass(slots=True)
class _File:
    """One file being written, and what waits for it."""

    writer: Any
    rows: list[tuple[str, str, str, str, str]] = field(
        default_factory=list[tuple[str, str, str, str, str]]
    )
    size: int = 0

    def add(self, body: bytes) -> None:
        row = _read(body)
        meta = row.meta
        self.rows.append((row.id, meta.version_id, meta.last_updated, row.whose, body.decode()))
        self.size += len(body)
        if len(self.rows) >= _ROWS or self.size >= _BYTES:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        if self.rows:
            columns = [pa.array(one, pa.string()) for one in zip(*self.rows, strict=True)]
            self.writer.write_table(pa.table(columns, schema=_SCHEMA))
        self.rows, self.size = [], 0


def _read(body: bytes) -> _Row:
    """The columns of a resource; of one whose elements are of other shapes, none."""
    try:
        return _READ.decode(body)
    except msgspec.ValidationError:
        return _Row()


class ParquetFiles(Files):
    """A file a type, a resource a row."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._open: dict[str, _File] = {}

    def close(self) -> None:
        """See `Files`."""
        for one in self._open.values():
            one.write()
            one.writer.close()

    def write(self, kind: str, bodies: list[bytes]) -> None:
        """See `Files`."""
        file = self._file(kind)
        for body in bodies:
            file.add(body)

    def _file(self, kind: str) -> _File:
        if kind not in self._open:
            path = self.touched(f"{kind}.parquet")
            self._open[kind] = _File(pq.ParquetWriter(path, _SCHEMA, compression="zstd"))
        return self._open[kind]

"""An export, and how it is kept beside its files: so that it outlives the process that made it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from wholerecord.consent import Purpose
from wholerecord.fhir.bulk.asked import Asked
from wholerecord.record import PersonId

_STATE = "export.json"


@dataclass(slots=True, kw_only=True)
class Export:
    """An export. `done` is when it was, `failed` why it could not be; `people` read so far.

    `last` is the number of the last opening that let some of it out, 0 where none did.
    `whose` are the people, `rules` the numbers of the rules by which what is in it was let out.
    `asker` is a hash of who asked: whoever reads the folder need not learn it.
    """

    id: str
    asker: str
    url: str
    base: str
    asked: Asked
    folder: Path
    began: datetime
    done: datetime | None = None
    failed: str = ""
    people: int = 0
    counts: dict[str, int] = field(default_factory=dict[str, int])
    last: int = 0
    purpose: Purpose = Purpose.DIRECT_CARE
    whose: list[PersonId] = field(default_factory=list[PersonId])
    rules: set[int] = field(default_factory=set[int])


def hashed(asker: str) -> str:
    """What is kept of who asked."""
    return hashlib.sha256(asker.encode("utf-8", "replace")).hexdigest()


def keep(export: Export) -> None:
    """Keep how it stands, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    export.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = export.folder / f".{_STATE}"
    aside.touch(mode=0o600)
    aside.write_bytes(msgspec.json.encode(export, enc_hook=str))
    aside.replace(export.folder / _STATE)


def kept(folder: Path) -> Iterator[Export]:
    """The exports below a folder; what cannot be read is none."""
    for file in sorted(folder.glob(f"*/{_STATE}")):
        try:
            export = msgspec.json.decode(file.read_bytes(), type=Export, dec_hook=_path)
        except (msgspec.DecodeError, OSError):
            continue
        if export.id == file.parent.name:
            export.folder = file.parent
            yield export


def _path(_: type, said: str) -> Path:
    return Path(said)

"""The inputs that paths name: files, folders, archives and standard input, each as a stream.

Nothing is skipped silently: hidden files and files nobody can read go through and are parked by
whoever reads them. Names are relative to the path given, so that no folder of this machine, and no
trick of an archive's author, gets into them.
"""

import gzip
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from wholerecord.errors import NotFound
from wholerecord.intake.letters import TooLargeTogether, joined, pairs
from wholerecord.intake.unpack import DAMAGED, BrokenInput, Budget, Stream, Unpacked, why

__all__ = ["BrokenInput", "Input", "NoSuchInput", "NotTaken", "inputs"]

_GZIP = (".gz",)
_TAR = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".txz", ".tbz2")
#: Files of our own that may lie in a data folder.
_OURS = frozenset({"programs.lock", "turn.lock"})
#: More members than any delivery has: an archive with more is a trap.
_MOST_MEMBERS = 200_000
_LONGEST_NAME = 200


class NoSuchInput(NotFound):
    """There is no file or folder of that name."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name for people, and its bytes, to be read before the next is asked for.

    Reading `stream` may raise `BrokenInput`. `packed` is the archive it comes out of, which can
    then be kept as it is.
    """

    name: str
    stream: Stream
    packed: Path | None = None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An input that could not be opened, and why: for the summary of what was taken.

    `packed` is the archive that is damaged, where that is why: it can be kept as it is.
    """

    name: str
    why: str
    packed: Path | None = None


def as_it_came(damaged: Path, most: int = 64 * 1024 * 1024) -> bytes | None:
    """The bytes of a damaged archive, to be kept and parked; None for what is too large or gone."""
    try:
        return damaged.read_bytes() if damaged.stat().st_size <= most else None
    except OSError:
        return None


def inputs(path: str, standard_input: Stream) -> Iterator[Input | NotTaken]:
    """Every input at `path`, in order of name; `-` is standard input.

    Raises:
        NoSuchInput: `path` is not there.
    """
    if path == "-":
        yield Input("standard input", standard_input)
        return
    at = Path(path)
    if not at.exists():
        raise NoSuchInput(path)
    if at.is_dir():
        yield from _folder(at, at)
    else:
        yield from _file(at, _name(at.name))


def _folder(top: Path, at: Path) -> Iterator[Input | NotTaken]:
    try:
        inside = sorted(at.iterdir())
    except OSError as error:
        yield NotTaken(_name(str(at.relative_to(top))), error.strerror or "cannot be opened")
        return
    together = pairs([each.name for each in inside])
    sidecars = set(together.values())
    for each in inside:
        if each.name in sidecars:
            continue  # it goes with its letter
        if (beside := together.get(each.name)) and each.is_file():
            yield _with_sidecar(each, beside, _name(each.relative_to(top).as_posix()))
        elif each.is_dir():
            if each.is_symlink():  # it may lead back to where it hangs
                yield NotTaken(_name(str(each.relative_to(top))), "a link to a folder")
            else:
                yield from _folder(top, each)
        elif each.name not in _OURS:
            yield from _file(each, _name(each.relative_to(top).as_posix()))


def _with_sidecar(at: Path, beside: str, name: str) -> Input | NotTaken:
    """A letter with the side-car beside it (`scan.tif`, `scan.tif.json`), as one message of both.

    What is too large to be one is named as not taken.
    """
    try:
        return Input(name, BytesIO(joined(at, at.with_name(beside))))
    except TooLargeTogether:
        return NotTaken(name, "too large to be a letter with a side-car")
    except OSError as error:
        return NotTaken(name, why(error))


def _file(at: Path, name: str) -> Iterator[Input | NotTaken]:
    lower = at.name.lower()
    try:
        if not stat.S_ISREG(at.stat().st_mode):
            yield NotTaken(name, "not a file")
        elif lower.endswith(_TAR):
            yield from _tar(at, name)
        elif lower.endswith(".zip"):
            yield from _zip(at, name)
        elif lower.endswith(_GZIP):
            with gzip.open(at) as packed:
                yield Input(name[: -len(".gz")], Unpacked(packed, Budget(at.stat().st_size)), at)
        else:
            with at.open("rb") as stream:
                yield Input(name, stream)
    except OSError as error:
        # gzip says of damage that it is an error of the system, without the system's number.
        yield NotTaken(name, why(error), None if error.errno else at)
    except DAMAGED as error:
        yield NotTaken(name, why(error), at)


def _zip(at: Path, name: str) -> Iterator[Input | NotTaken]:
    budget = Budget(at.stat().st_size)
    with zipfile.ZipFile(at) as archive:
        members = [
            each for each in archive.infolist() if not each.filename.endswith("/")
        ]  # `is_dir` raises for no name
        if len(members) > _MOST_MEMBERS:
            yield NotTaken(name, f"more than {_MOST_MEMBERS} files in one archive")
            return
        for member in sorted(members, key=lambda each: each.filename):
            inside = f"{name}/{_name(member.filename)}"
            if member.flag_bits & 1:
                yield NotTaken(inside, "encrypted")
                continue
            try:
                with archive.open(member) as packed:
                    yield Input(inside, Unpacked(packed, budget), at)
            except DAMAGED as error:
                yield NotTaken(inside, why(error), at)
            if budget.spent:
                return


def _tar(at: Path, name: str) -> Iterator[Input | NotTaken]:
    """The members in the order they stand in: a packed tar cannot be read in another."""
    budget = Budget(at.stat().st_size)
    with tarfile.open(at, "r|*") as archive:
        for n, member in enumerate(archive):
            inside = f"{name}/{_name(member.name)}"
            if n >= _MOST_MEMBERS:
                yield NotTaken(name, f"more than {_MOST_MEMBERS} files in one archive")
                return
            if member.isdir():
                continue
            packed = archive.extractfile(member) if member.isreg() else None
            if packed is None:
                yield NotTaken(inside, "not a file")
                continue
            yield Input(inside, Unpacked(packed, budget), at)
            if budget.spent:  # before tarfile unpacks the rest of the member to pass over it
                return


def _name(path: str) -> str:
    """A path inside the input as people read it: no way up, no control characters, not too long."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    plain = "".join(c if c.isprintable() else "_" for c in "/".join(parts))
    return plain[-_LONGEST_NAME:] or "unnamed"

"""Published seals: a file beside the store, a seal a line, that a site copies elsewhere.

A line is whole or it is not there: one that a killed process left half is taken off before the
next is added.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from wholerecord.audit.opening import Seal

#: Hexadecimal digits of a root.
_ROOT = 64


def publish(path: Path, seals: Sequence[Seal]) -> None:
    """Add a line for each seal, durably."""
    if not seals:
        return
    with path.open("a", encoding="ascii") as file:
        file.writelines(line_of(seal) for seal in seals)
        file.flush()
        os.fsync(file.fileno())


def publish_missing(path: Path, seals: Sequence[Seal]) -> None:
    """Publish every seal larger than the last one published."""
    published = _without_half_a_line(path)
    last = max((_size(line) for line in published), default=0)
    publish(path, [seal for seal in seals if seal.size > last])


def published_lines(path: Path) -> list[str] | None:
    """The lines of the file; None when there is no file."""
    return path.read_text("ascii", errors="replace").splitlines() if path.exists() else None


def against_published(seals: Sequence[Seal], lines: Sequence[str] | None) -> str:
    """What is wrong between the store's seals and those published, in words; "" when nothing.

    A store restored from an older copy lacks seals that were published.
    """
    if lines is None:
        return "the file of published seals is missing" if seals else ""
    roots = {seal.size: seal.root.hex() for seal in seals}
    for n, line in enumerate(lines, 1):
        size, _, rest = line.partition(" ")
        root = rest.partition(" ")[0]
        if not size.isdecimal() or len(root) != _ROOT:
            return f"line {n} of the published seals is not a seal"
        if roots.get(int(size)) != root:
            return f"the published seal of {size} openings is not in the store"
    return ""


def line_of(seal: Seal) -> str:
    """The line that publishes a seal: size, root, moment, signature."""
    return f"{seal.size} {seal.root.hex()} {seal.at.isoformat()} {seal.signature.hex()}\n"


def _size(line: str) -> int:
    size = line.partition(" ")[0]
    return int(size) if size.isdecimal() else 0


def _without_half_a_line(path: Path) -> list[str]:
    """The lines of the file, after taking off a last one that was never ended."""
    if not path.exists():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if whole != raw:
        os.truncate(path, len(whole))
    return whole.decode("ascii", errors="replace").splitlines()

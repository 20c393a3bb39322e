"""Files made once: keys and secrets, which two programs that start together must agree about."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file at `path` holds; made, and readable by its owner only, when it is missing.

    It is written aside and put in place whole: whoever is killed while making it leaves no empty
    key behind, and of two who make it at once both get the first one's.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        made = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(made, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            _put(aside, path)
        finally:
            aside.unlink()
    return path.read_bytes()


def _put(aside: Path, path: Path) -> None:
    """Give the file its name, unless somebody was quicker."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

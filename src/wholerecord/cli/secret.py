"""Secrets of one installation: made once, in a file that only its owner reads."""

import os
import secrets
from pathlib import Path


def secret(path: Path) -> str:
    """The secret in the file at `path`, 64 hexadecimal digits; made when the file is missing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    text = secrets.token_hex(32)
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(text + "\n")
    return text

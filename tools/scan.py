"""No tracked file holds a secret: `python tools/scan.py`, which names each that does.

Sources of the shapes: RFC 7468 (labels), and the issuers' own prefixes.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What a secret looks like.
SECRETS = {
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64}"),
    "a cloud key": re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})\b"),
    "a token of a registry": re.compile(rb"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}"),
    "a token of a chat": re.compile(rb"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "a signed token": re.compile(rb"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
    "a key file": re.compile(rb"^[\w.-]{1,64} [A-Za-z0-9+/]{43}=$", re.MULTILINE),
}


class NoRepository(Exception):
    """There is no list of tracked files: this is an unpacked archive."""


def tracked() -> list[Path]:
    """Every file that is tracked and there.

    Raises:
        NoRepository: nothing says which those are.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the one on the path
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        raise NoRepository
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def told(body: bytes) -> list[str]:
    """What secrets the bytes hold."""
    return [what for what, shape in SECRETS.items() if shape.search(body)]


def held() -> dict[str, list[str]]:
    """What secrets tracked files hold, by path; none where all is well."""
    found = {path.relative_to(ROOT).as_posix(): told(path.read_bytes()) for path in tracked()}
    return {path: what for path, what in found.items() if what}


def main() -> int:
    """0 where there is none, else 1."""
    try:
        found = held()
    except NoRepository:
        sys.stdout.write("not looked for secrets: this is no repository\n")
        return 0
    for path, what in found.items():
        sys.stdout.write(f"{path}: holds {', '.join(what)}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

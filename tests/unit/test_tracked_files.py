"""What is in the repository: no secrets, and a bill of what it is made with."""

import re
import subprocess
from pathlib import Path

import pytest

from tools.sbom import bill

ROOT = Path(__file__).parents[2]
#: What a secret looks like. Sources: RFC 7468 (labels), and the issuers' own prefixes.
SECRETS = {
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64}"),
    "a cloud key": re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})\b"),
    "a token of a registry": re.compile(rb"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}"),
    "a token of a chat": re.compile(rb"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "a signed token": re.compile(rb"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
    "a key file": re.compile(rb"^[\w.-]{1,64} [A-Za-z0-9+/]{43}=$", re.MULTILINE),
}


def tracked() -> list[Path]:
    """Every file that is tracked; of an unpacked archive there is no list."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the one on the path
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a repository")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def told(body: bytes) -> list[str]:
    """What secrets the bytes hold."""
    return [what for what, shape in SECRETS.items() if shape.search(body)]


def test_no_tracked_file_holds_a_secret():
    found = {
        str(path.relative_to(ROOT)): told(path.read_bytes()) for path in tracked() if path.is_file()
    }
    assert {path: what for path, what in found.items() if what} == {}


def test_a_secret_would_be_found():
    key = b"-----BEGIN " + b"PRIVATE KEY-----\n" + b"A" * 64
    assert told(key) == ["a private key"]
    assert told(b"x = 'AKIA" + b"A" * 16 + b"'") == ["a cloud key"]
    assert told(b"old " + b"A" * 43 + b"=") == ["a key file"]


def test_the_bill_names_every_locked_package_with_its_hashes():
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    made = bill(lock)
    names = [one["name"] for one in made["components"]]
    assert len(names) == sum("==" in line for line in lock.splitlines() if line[:1].isalnum())
    assert {"cryptography", "asyncpg"} <= set(names)
    assert all(one["hashes"] for one in made["components"])

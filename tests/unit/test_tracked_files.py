"""What is in the repository: no secrets; a bill of what it is made with, and its known faults."""

import json
from pathlib import Path

import pytest

from tools.audit import NOT_ASKED, result
from tools.sbom import bill
from tools.scan import NoRepository, held, told

ROOT = Path(__file__).parents[2]


def test_no_tracked_file_holds_a_secret():
    try:
        assert held() == {}
    except NoRepository:
        pytest.skip("this is not a repository")


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


def test_a_known_fault_of_what_is_locked_fails_and_no_network_says_so():
    vulns = [{"id": "PYSEC-2099-1", "fix_versions": ["2.0"]}]
    sound = {"name": "sound", "version": "1.0", "vulns": []}
    faulty = {"name": "faulty", "version": "1.0", "vulns": vulns}
    said = json.dumps({"dependencies": [sound, faulty]})
    assert result(said, "", must=False) == (1, ["faulty 1.0: PYSEC-2099-1, mended in 2.0"])
    assert result(json.dumps({"dependencies": [sound]}), "", must=True) == (0, ["no known fault"])
    assert result("", "socket: Name or service not known", must=False) == (0, [NOT_ASKED])
    assert result("", "socket: Name or service not known", must=True) == (1, [NOT_ASKED])
    assert result("", "the lock file has no hashes", must=False)[0] == 2


def test_what_is_checked_is_checked_by_make_check():
    lines = (ROOT / "Makefile").read_text("utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    for tool in ("ruff check", "pyright", "lint-imports", "tools/scan.py", "tools/audit.py"):
        assert tool in lines
    assert "tools/sbom.py" in lines

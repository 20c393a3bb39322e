"""Known faults of what is locked: `python tools/audit.py requirements.txt …`.

Asks the public service that `pip-audit` asks. Where that cannot be reached it says so, on the last
line, and does not fail: a machine without a network can still be checked, and a release is made
where there is one (`AUDIT=must` in the environment makes it fail instead).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

_UNREACHED = (
    "ConnectionError",
    "Connection refused",
    "Failed to establish",
    "HTTPError",
    "Max retries exceeded",
    "Name or service not known",
    "NameResolutionError",
    "ProxyError",
    "ReadTimeout",
    "ServiceError",
    "Temporary failure in name resolution",
    "timed out",
)
NOT_ASKED = "NOT AUDITED: no service that knows of faults could be reached from here."


def audited(lock: str) -> tuple[str, str]:
    """What `pip-audit` prints of a lock file, and what it complains of."""
    done = subprocess.run(  # noqa: S603 - ourselves, with the lock file of whoever checks
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", lock),
            *("--require-hashes", "--disable-pip", "--format", "json"),
            *("--progress-spinner", "off", "--timeout", "10"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout, done.stderr


def faults(said: str) -> Iterator[str]:
    """Each known fault in what `pip-audit` printed, one line each.

    Raises:
        json.JSONDecodeError: it printed something else.
    """
    packages: Sequence[dict[str, Any]] = json.loads(said)["dependencies"]
    for one in packages:
        for fault in one.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "no version yet"
            yield f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}"


def result(said: str, complained: str, *, must: bool) -> tuple[int, list[str]]:
    """The exit status, and what to print.

    >>> result("", "requests.exceptions.ConnectionError: …", must=False)[0]
    0
    >>> result("", "requests.exceptions.ConnectionError: …", must=True)[0]
    1
    """
    try:
        found = list(faults(said))
    except json.JSONDecodeError:
        if any(word in complained for word in _UNREACHED):
            return int(must), [NOT_ASKED]
        return 2, complained.splitlines()[-20:]
    return int(bool(found)), found or ["no known fault"]


def main() -> int:
    """0: no known fault, or nobody to ask; 1: some; 2: `pip-audit` failed."""
    worst = 0
    for lock in sys.argv[1:]:
        try:
            said, complained = audited(lock)
        except subprocess.TimeoutExpired:
            said, complained = "", "timed out"
        status, lines = result(said, complained, must=os.environ.get("AUDIT") == "must")
        worst = max(worst, status)
        sys.stdout.writelines(f"{lock}: {line}\n" for line in lines)
    return worst


if __name__ == "__main__":
    sys.exit(main())

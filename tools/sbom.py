"""A software bill of materials from the lock file: `python tools/sbom.py requirements.txt`.

Prints CycloneDX 1.5 JSON (ECMA-424): every locked package with its version, package URL and
hashes. The same lock file gives the same bytes.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PACKAGE = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> Iterator[dict[str, Any]]:
    """Each locked package, in the order of the file."""
    found: dict[str, Any] | None = None
    for line in lock.splitlines():
        if start := _PACKAGE.match(line):
            if found:
                yield found
            name, version = start["name"], start["version"]
            url = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
            found = {
                "type": "library",
                "bom-ref": url,
                "name": name,
                "version": version,
                "purl": url,
                "hashes": [],
            }
        if found and (given := _HASH.search(line)):
            found["hashes"].append({"alg": "SHA-256", "content": given[1]})
    if found:
        yield found


def bill(lock: str) -> dict[str, Any]:
    """The whole bill."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "wholerecord"}},
        "components": list(components(lock)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(Path(sys.argv[1]).read_text("utf-8")), indent=1) + "\n")

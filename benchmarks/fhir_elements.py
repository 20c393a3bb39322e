"""Makes the table of R4's elements in order: `src/wholerecord/fhir/elements/r4.txt.gz`.

Usage: python -m benchmarks.fhir_elements FOLDER  (of HL7's definitions: profiles-types.json.gz,
profiles-resources.json.gz; CC0). Prints what it made of what, and its size.

A line is a type and its elements as its StructureDefinition lists them, `+` behind those that are
of its summary. FHIR in XML is written in this order. The same definitions make the same bytes.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path("src/wholerecord/fhir/elements/r4.txt.gz")


def lines_of(definition: dict[str, Any]) -> dict[str, list[str]]:
    """The type, and each type that is written within it, with their elements."""
    found: dict[str, list[str]] = {definition["type"]: []}
    for element in definition["snapshot"]["element"][1:]:
        parent, _, name = element["path"].rpartition(".")
        found.setdefault(parent, []).append(name + "+" * bool(element.get("isSummary")))
    return found


def main() -> None:
    """Make the table, and say what it is made of."""
    folder = Path(sys.argv[1])
    types: dict[str, list[str]] = {}
    for name in ("profiles-types", "profiles-resources"):
        bundle = json.loads(gzip.decompress((folder / f"{name}.json.gz").read_bytes()))
        for entry in bundle["entry"]:
            one = entry["resource"]
            if one["resourceType"] == "StructureDefinition" and one.get("derivation") != (
                "constraint"
            ):
                types |= lines_of(one)
    said = "".join(f"{name} {' '.join(each)}\n" for name, each in sorted(types.items()) if each)
    packed = gzip.compress(said.encode("ascii"), 9, mtime=0)
    TARGET.write_bytes(packed)
    sys.stdout.write(f"{len(types)} types in {len(packed)} bytes\n")


if __name__ == "__main__":
    main()

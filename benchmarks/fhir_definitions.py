"""Makes the table of R4 types that the package ships: `src/wholerecord/fhir/validation/r4.json.gz`.

Usage: python benchmarks/fhir_definitions.py FOLDER  (of HL7's definitions: profiles-types.json.gz,
profiles-resources.json.gz, valuesets.json.gz; CC0). Prints what it made of what, and its size.

Each type is its elements: `min max types`, with `@n` for the n-th list of codes where the binding
is required. The same definitions make the same bytes.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TARGET = Path("src/wholerecord/fhir/validation/r4.json.gz")
_SYSTEM_TYPE = "http://hl7.org/fhirpath/System."


def resources(path: Path) -> Iterator[Json]:
    """The resources of a Bundle file."""
    for entry in json.loads(gzip.decompress(path.read_bytes()))["entry"]:
        yield entry["resource"]


class Codes:
    """The value sets that can be listed."""

    def __init__(self, path: Path) -> None:
        self._sets: dict[str, Json] = {}
        self._systems: dict[str, Json] = {}
        for one in resources(path):
            if one["resourceType"] == "ValueSet":
                self._sets[one["url"]] = one
            elif one["resourceType"] == "CodeSystem" and one.get("content") == "complete":
                self._systems[one["url"]] = one
        self.lists: list[list[str]] = []
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, url: str) -> int | None:
        """The number of the list of a value set; None where it cannot be listed."""
        codes = self._codes(url.partition("|")[0])
        if not codes:
            return None
        key = tuple(sorted(codes))
        if key not in self._numbers:
            self._numbers[key] = len(self.lists)
            self.lists.append(list(key))
        return self._numbers[key]

    def _codes(self, url: str) -> set[str] | None:
        found = self._sets.get(url)
        if found is None:
            return None
        codes: set[str] = set()
        compose = found.get("compose", {})
        if compose.get("exclude"):
            return None
        for include in compose.get("include", []):
            if "filter" in include:
                return None
            for other in include.get("valueSet", []):
                more = self._codes(other.partition("|")[0])
                if more is None:
                    return None
                codes |= more
            if "concept" in include:
                codes |= {one["code"] for one in include["concept"]}
            elif "system" in include:
                system = self._systems.get(include["system"])
                if system is None:
                    return None
                codes |= set(_all(system.get("concept", [])))
        return codes


def _all(concepts: list[Json]) -> Iterator[str]:
    for one in concepts:
        yield one["code"]
        yield from _all(one.get("concept", []))


def types_of(definition: Json, codes: Codes) -> Iterator[tuple[str, dict[str, str]]]:
    """The type, and each type that is written within it, by name with their elements."""
    found: dict[str, dict[str, str]] = {definition["type"]: {}}
    for element in definition["snapshot"]["element"][1:]:
        parent, _, name = element["path"].rpartition(".")
        found.setdefault(parent, {})[name] = _element(element, codes)
    yield from found.items()


def _element(element: Json, codes: Codes) -> str:
    if "contentReference" in element:
        types = element["contentReference"].removeprefix("#")
    else:
        named = [one["code"] for one in element.get("type", [])]
        if named in (["BackboneElement"], ["Element"]):
            named = [element["path"]]
        types = "|".join("string" if one.startswith(_SYSTEM_TYPE) else one for one in named)
    said = f"{element['min']} {element['max']} {types}"
    binding = element.get("binding", {})
    if types == "code" and binding.get("strength") == "required":
        number = codes.number(binding.get("valueSet", ""))
        if number is not None:
            said += f" @{number}"
    return said


def main(folder: Path) -> None:
    """Make the table and say what it holds."""
    codes = Codes(folder / "valuesets.json.gz")
    types: dict[str, dict[str, str]] = {}
    for name in ("profiles-types.json.gz", "profiles-resources.json.gz"):
        for one in resources(folder / name):
            if (
                one["resourceType"] == "StructureDefinition"
                and one["kind"] in {"complex-type", "resource"}
                and one.get("derivation") != "constraint"
            ):
                types.update(types_of(one, codes))
    table = json.dumps(
        {"types": types, "codes": codes.lists}, sort_keys=True, separators=(",", ":")
    )
    TARGET.write_bytes(gzip.compress(table.encode(), 9, mtime=0))
    elements = sum(map(len, types.values()))
    print(f"{len(types)} types, {elements} elements, {len(codes.lists)} lists of codes")
    print(f"{len(table)} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

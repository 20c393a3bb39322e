"""Makes the table of R4 types that the package ships: `src/wholerecord/fhir/validation/r4.json.gz`.

Usage: python benchmarks/fhir_definitions.py FOLDER  (of HL7's definitions: profiles-types.json.gz,
profiles-resources.json.gz, valuesets.json.gz; CC0). Prints what it made of what, and its size.

Each type is its elements: `min max types`, of a Reference with `>` and the types it may be to. `@n`
is the n-th list of codes where the binding is required, `#n` that of `system|code` pairs where what
is bound is a CodeableConcept. `rules` are the invariants by path: key, severity and expression, but
for those written by hand in `validation` and those that one resource cannot answer. The same
definitions make the same bytes.
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
_PROFILE = "http://hl7.org/fhir/StructureDefinition/"
#: Invariants that `validation` has by hand, of every element or resource; and those that ask for
#: what else there is (`resolve()`), are about later versions of FHIR, or look at every element for
#: every element (`sdf-8`, `sdf-8a`).
_BY_HAND = frozenset(
    {"ele-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "ref-1", "obs-7", "txt-1", "txt-2"}
)
_NOT_ANSWERED = frozenset({"ctm-1", "dom-r4b", "ig-1", "ig-2", "sdf-8", "sdf-8a"})


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

    def number(self, url: str, *, pairs: bool = False) -> int | None:
        """The number of the list of a value set; None where it cannot be listed."""
        found = self._codes(url.partition("|")[0])
        if not found:
            return None
        key = tuple(sorted(found if pairs else {one.rpartition("|")[2] for one in found}))
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
                codes |= {f"{include['system']}|{one['code']}" for one in include["concept"]}
            elif "system" in include:
                system = self._systems.get(include["system"])
                if system is None:
                    return None
                codes |= {f"{include['system']}|{code}" for code in _all(system.get("concept", []))}
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
        types = types.replace("Reference", f"Reference{_targets(element)}")
    if types == "string" and element["base"]["path"] == "Resource.id":
        types = "id"
    said = f"{element['min']} {element['max']} {types}"
    binding = element.get("binding", {})
    if types == "code" and binding.get("strength") == "required":
        number = codes.number(binding.get("valueSet", ""))
        if number is not None:
            said += f" @{number}"
    elif types == "CodeableConcept" and binding.get("strength") == "required":
        number = codes.number(binding.get("valueSet", ""), pairs=True)
        if number is not None:
            said += f" #{number}"
    return said


def _targets(element: Json) -> str:
    """The types that a Reference may be to, "" for any."""
    profiles = {
        profile.removeprefix(_PROFILE)
        for one in element.get("type", [])
        if one["code"] == "Reference"
        for profile in one.get("targetProfile", [])
    }
    return "" if not profiles or "Resource" in profiles else f">{','.join(sorted(profiles))}"


def rules_of(definition: Json) -> Iterator[tuple[str, list[list[str]]]]:
    """The invariants that are said where they are meant, by path: key, severity, expression."""
    for element in definition["snapshot"]["element"]:
        path: str = element["path"]
        rules = [
            [one["key"], one["severity"], one["expression"]]
            for one in element.get("constraint", [])
            if one["key"] not in _BY_HAND | _NOT_ANSWERED
            and (one["key"] != "ext-1" or path == "Extension")
            and (one["key"] not in {"qty-3", "age-1"} or "." not in path)
        ]
        if rules:
            yield path, rules


def main(folder: Path) -> None:
    """Make the table and say what it holds."""
    codes = Codes(folder / "valuesets.json.gz")
    types: dict[str, dict[str, str]] = {}
    rules: dict[str, list[list[str]]] = {}
    for name in ("profiles-types.json.gz", "profiles-resources.json.gz"):
        for one in resources(folder / name):
            if (
                one["resourceType"] == "StructureDefinition"
                and one["kind"] in {"complex-type", "resource"}
                and one.get("derivation") != "constraint"
            ):
                types.update(types_of(one, codes))
                rules.update(rules_of(one))
    table = json.dumps(
        {"types": types, "codes": codes.lists, "rules": rules},
        sort_keys=True,
        separators=(",", ":"),
    )
    TARGET.write_bytes(gzip.compress(table.encode(), 9, mtime=0))
    elements = sum(map(len, types.values()))
    print(f"{len(types)} types, {elements} elements, {len(codes.lists)} lists of codes")
    print(f"{sum(map(len, rules.values()))} invariants")
    print(f"{len(table)} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

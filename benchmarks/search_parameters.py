"""`python -m benchmarks.search_parameters ../shared/data/fhir-r4-core`: writes parameters.json.

What FHIR R4 (4.0.1, CC0) defines of search, in the form `wholerecord.fhir.search` reads: each
parameter's FHIRPath worked out against the structure definitions, so that what is left to do for
a resource is to walk keys. A path is its steps and the type found there (`component.code
CodeableConcept`), then the code system that its binding implies where there is just one. A step
may be filtered: `telecom[system=phone]`, `subject[is:Patient]`, `entry[0]`. `^` starts again at
the resource.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

WRITTEN = Path(__file__).parents[1] / "src/wholerecord/fhir/search/parameters.json"
_DECEASED = "Patient.deceased.exists() and Patient.deceased != false"
_BACKBONE = {"BackboneElement", "Element"}
_STEP = re.compile(
    r"where\((?P<key>\w+)='(?P<value>[^']+)'\)|where\(resolve\(\) is (?P<is>\w+)\)"
    r"|as\((?P<as>\w+)\)|(?P<name>\w+)(?:\[(?P<at>\d+)\])?"
)


class Found(NamedTuple):
    """Where a path has come to: the keys so far, the definition there, its type and binding."""

    keys: tuple[str, ...]
    node: str
    type: str
    binding: str = ""


class Definitions:
    """The published definitions in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.elements: dict[str, dict[str, Any]] = {}
        self.children: dict[str, dict[str, str]] = {}
        self.concrete: list[str] = []
        self.compartments: dict[str, dict[str, list[str]]] = {}
        for name in ("profiles-types", "profiles-resources"):
            for resource in self._resources(name):
                self._take(resource)

    def _resources(self, name: str) -> Iterator[dict[str, Any]]:
        with gzip.open(self._folder / f"{name}.json.gz") as file:
            yield from (entry["resource"] for entry in json.load(file)["entry"])

    def _take(self, resource: dict[str, Any]) -> None:
        if resource["resourceType"] == "CompartmentDefinition":
            self.compartments[resource["code"]] = {
                one["code"]: one["param"] for one in resource["resource"] if "param" in one
            }
        if resource["resourceType"] != "StructureDefinition":
            return
        if resource["kind"] == "resource" and not resource["abstract"]:
            self.concrete.append(resource["type"])
        for element in resource["snapshot"]["element"]:
            path = element["path"]
            self.elements[path] = element
            parent, _, name = path.rpartition(".")
            if parent:
                self.children.setdefault(parent, {})[name.removesuffix("[x]")] = path

    @cached_property
    def systems(self) -> dict[str, str]:
        """The one code system of each value set that has one and no other part."""
        found: dict[str, str] = {}
        for resource in self._resources("valuesets"):
            if resource["resourceType"] != "ValueSet":
                continue
            parts = resource.get("compose", {}).get("include", [])
            systems = {part.get("system", "") for part in parts}
            if len(systems) == 1 and (system := systems.pop()):
                found[resource["url"]] = system
        return found

    def parameters(self) -> list[dict[str, Any]]:
        """The search parameters as they are published."""
        return list(self._resources("search-parameters"))

    def step(self, at: Found, name: str) -> Iterator[Found]:
        """What `name` leads to: one for each type of a choice."""
        path = self.children[at.node][name]
        element = self.elements[path]
        if "contentReference" in element:
            node = element["contentReference"].lstrip("#")
            yield Found((*at.keys, name), node, "BackboneElement")
            return
        is_choice = path.endswith("[x]")
        binding = element.get("binding", {})
        bound = binding.get("valueSet", "") if binding.get("strength") == "required" else ""
        for kind in element["type"]:
            code = _type(kind)
            key = name + code[0].upper() + code[1:] if is_choice else name
            node = path if code in _BACKBONE else code
            yield Found((*at.keys, key), node, code, bound.partition("|")[0])


def _type(kind: dict[str, Any]) -> str:
    for extension in kind.get("extension", ()):
        if extension["url"].endswith("structuredefinition-fhir-type"):
            return extension["valueUrl"]
    return kind["code"].rpartition(".")[2] if "fhirpath" in kind["code"] else kind["code"]


def resolved(definitions: Definitions, start: Found, expression: str) -> list[Found]:
    """Everywhere an expression without unions leads from `start`."""
    text = re.sub(r"\((\S+) as (\w+)\)", r"\1.as(\2)", expression.strip())
    text = re.sub(r"^(\S+) as (\w+)$", r"\1.as(\2)", text)
    found, at = [start], 0
    if text.startswith("%resource."):
        found, text = [Found(("^",), start.type, start.type)], text.removeprefix("%resource.")
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            raise ValueError(expression)
        found = _stepped(definitions, found, step, bare="." not in text[:at])
        at = step.end() + 1
    return found


def _stepped(
    definitions: Definitions, found: list[Found], step: re.Match[str], *, bare: bool
) -> list[Found]:
    said = step.groupdict()
    if said["name"]:
        if bare and not found[0].keys and said["name"] == found[0].node:
            return found  # the type's own name: where one stands already
        index = f"[{said['at']}]" if said["at"] else ""
        return [
            one._replace(keys=(*one.keys[:-1], one.keys[-1] + index))
            for before in found
            for one in definitions.step(before, said["name"])
        ]
    if said["as"]:
        return [one for one in found if one.type.casefold() == said["as"].casefold()]
    test = f"[is:{said['is']}]" if said["is"] else f"[{said['key']}={said['value']}]"
    if said["is"]:
        found = [one for one in found if one.type in ("Reference", "canonical")]
    return [one._replace(keys=(*one.keys[:-1], one.keys[-1] + test)) for one in found]


def written(definitions: Definitions, found: list[Found]) -> list[str]:
    """The paths as they are shipped, each once."""
    lines = [
        " ".join(
            filter(
                None,
                (
                    ".".join(one.keys) or ".",
                    one.type,
                    definitions.systems.get(one.binding, "") if one.type == "code" else "",
                ),
            )
        )
        for one in found
    ]
    return list(dict.fromkeys(lines))


def shipped(definitions: Definitions, published: dict[str, Any], types: dict[str, str]) -> Any:
    """One parameter, with its paths in each type it is defined for."""
    entry: dict[str, Any] = {
        "name": published["code"],
        "type": published["type"],
        "id": published["url"].removeprefix("http://hl7.org/fhir/SearchParameter/"),
        "of": {},
    }
    if "target" in published:
        entry["targets"] = published["target"]
    expression = published.get("expression", "")
    for base in published["base"]:
        start = Found((), base, base)
        if expression == _DECEASED:
            entry["of"][base] = ["$deceased boolean"]
            continue
        alternatives = [
            part
            for part in map(str.strip, expression.split(" | "))
            if re.match(rf"\(?{base}\b", part) or "." not in part
        ]
        found = [one for part in alternatives for one in resolved(definitions, start, part)]
        entry["of"][base] = written(definitions, found)
        if published["type"] == "composite":
            entry.setdefault("parts", {})[base] = _parts(definitions, published, base, found, types)
    return entry


def _parts(
    definitions: Definitions,
    published: dict[str, Any],
    base: str,
    found: list[Found],
    types: dict[str, str],
) -> list[Any]:
    """For each place a composite is found: the type and paths of each of its components."""
    return [
        [
            _part(definitions, component, Found((), place.node, base), types)
            for component in published["component"]
        ]
        for place in found
    ]


def _part(
    definitions: Definitions, component: dict[str, Any], place: Found, types: dict[str, str]
) -> dict[str, Any]:
    found = [
        one
        for part in component["expression"].split(" | ")
        for one in resolved(definitions, place, part)
    ]
    kind = types[component["definition"]]
    if {one.type for one in found} == {"code"}:
        kind = "token"  # the two components of DocumentReference.relationship are interchanged
    elif {one.type for one in found} == {"Reference"}:
        kind = "reference"
    return {"type": kind, "paths": written(definitions, found)}


def main(folder: Path) -> None:
    definitions = Definitions(folder)
    published = definitions.parameters()
    types = {one["url"]: one["type"] for one in published}
    entries = [shipped(definitions, one, types) for one in published]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    types_line = json.dumps(sorted(definitions.concrete), separators=(",", ":"))
    compartments = json.dumps(definitions.compartments, separators=(",", ":"), sort_keys=True)
    WRITTEN.write_text(
        f'{{"version":"4.0.1",\n"types":{types_line},\n"compartments":{compartments},\n'
        f'"parameters":[\n{lines}\n]}}\n'
    )
    empty = [(one["name"], base) for one in entries for base, at in one["of"].items() if not at]
    print(f"{len(entries)} parameters, {WRITTEN.stat().st_size:,} bytes; without a path: {empty}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

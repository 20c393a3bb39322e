"""The few kinds of change that lie between an STU3 element and its R4 one.

All leave an element alone that already has its R4 shape, so that a message which mixes the two is
read as well as it can be. None changes the resource it is given.
"""

from collections.abc import Mapping
from typing import Any

from wholerecord.intake.fhir.shape import Object, an_object, objects, text

#: FHIR R4, "Extensions for converting between versions": an STU3 element R4 has no place for.
_CARRIED = "http://hl7.org/fhir/3.0/StructureDefinition/extension-"


def renamed(resource: Object, names: Mapping[str, str]) -> Object:
    """A copy with the elements called by their R4 names."""
    return {names.get(name, name): said for name, said in resource.items()}


def listed(resource: Object, *names: str) -> None:
    """Make each named element an array where it is a single object."""
    for name in names:
        if isinstance(resource.get(name), dict):
            resource[name] = [resource[name]]


def concept(resource: Object, name: str, system: str) -> None:
    """Make a code a CodeableConcept in `system`."""
    code = resource.get(name)
    if isinstance(code, str):
        resource[name] = {"coding": [{"system": system, "code": code}]}


def agent(resource: Object, name: str = "requester") -> None:
    """Make `requester.agent` the requester."""
    asked = an_object(resource.get(name))
    if isinstance(asked.get("agent"), dict):
        resource[name] = asked["agent"]


def noted(resource: Object, said: Any) -> None:
    """Add a note of `said`, where it is text."""
    if text(said):
        resource["note"] = [*objects(resource.get("note")), {"text": said}]


def carried(resource: Object, kind: str, name: str) -> None:
    """Move a code R4 has no element for into the extension that the standard keeps for it."""
    code = resource.pop(name, None)
    if isinstance(code, str):
        extension = {"url": f"{_CARRIED}{kind}.{name}", "valueCode": code}
        resource["extension"] = [*objects(resource.get("extension")), extension]


def extension(resource: Object, ending: str) -> Object:
    """The first extension whose address ends so, else an empty object."""
    for found in objects(resource.get("extension")):
        if text(found.get("url")).endswith(ending):
            return found
    return {}

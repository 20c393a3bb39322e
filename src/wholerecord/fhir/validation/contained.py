"""Resources within a resource: how they may be said, and that each is there for something.

Source: FHIR R4, "Contained Resources"; invariants dom-2 to dom-5 and ref-1, by hand because every
resource with contained ones is asked them.
"""

from typing import Any

from wholerecord.fhir.validation.places import Found, Place
from wholerecord.intake.fhir.shape import is_array, is_object, objects


def contained(resource: dict[str, Any], at: Place, found: Found) -> None:
    """Tell what is wrong with how resources are contained in this one."""
    pointed: set[str] | None = None
    for n, one in enumerate(objects(resource["contained"])):
        here: Place = (at, "contained", n)
        if "contained" in one:
            found.add("invariant", "What is contained contains nothing (dom-2).", here)
        meta = one.get("meta")
        if is_object(meta):
            if "versionId" in meta or "lastUpdated" in meta:
                found.add("invariant", "What is contained has no version (dom-4).", here)
            if "security" in meta:
                found.add("invariant", "What is contained has no label (dom-5).", here)
        pointed = _pointed(resource) if pointed is None else pointed
        if f"#{one.get('id')}" not in pointed and "#" not in _pointed(one):
            found.add("invariant", "Nothing refers to it, and it to nothing (dom-3).", here)


def referred(reference: str, at: Place, found: Found) -> None:
    """Tell where a reference leads to nothing that is contained."""
    if reference != "#" and reference[1:] not in found.contained():
        found.add("not-found", "Nothing with that id is contained (ref-1).", at, "reference")


def _pointed(value: Any) -> set[str]:
    """Every local address that is said in it."""
    found: set[str] = set()
    level: list[Any] = [value]
    while level:
        one = level.pop()
        if isinstance(one, str):
            if one[:1] == "#":
                found.add(one)
        elif is_object(one):
            level += one.values()
        elif is_array(one):
            level += one
    return found

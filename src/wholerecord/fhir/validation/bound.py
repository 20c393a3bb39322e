"""What an element is bound to beside its type: codes, codings, and what a reference may be to."""

from collections.abc import Callable
from functools import cache
from typing import Any

from wholerecord.fhir.validation.places import Found, Place
from wholerecord.fhir.validation.types import type_of
from wholerecord.intake.fhir.shape import is_object

#: Checks a value at a place, so deep; what is wrong is added.
Check = Callable[[Any, Place, int, Found], None]


def primitive(kind: str, test: Callable[[Any], bool], codes: frozenset[str] | None) -> Check:
    """A primitive of this kind, one of the codes where there are some."""

    def check(value: Any, at: Place, _: int, found: Found) -> None:
        if not test(value):
            found.add("value", f"It is not a {kind}.", at)
        elif codes is not None and value not in codes:
            found.add("code-invalid", "It is not one of the codes there are.", at)

    return check


def reference(plain: Check, targets: frozenset[str]) -> Check:
    """A Reference to one of these types, as far as it says to which."""

    def check(value: Any, at: Place, depth: int, found: Found) -> None:
        plain(value, at, depth, found)
        if not is_object(value):
            return
        said = value.get("reference")
        kind = _kind_of(said) if isinstance(said, str) else None
        if kind and kind not in targets:
            found.add("value", "It may not be to a resource of this type.", at, "reference")
        named = value.get("type")
        if isinstance(named, str) and named not in targets and _is_resource(named):
            found.add("value", "It may not be to a resource of this type.", at, "type")

    return check


def _kind_of(reference: str) -> str | None:
    """The type of resource that an address ends with, where it is one of R4."""
    parts = reference.partition("|")[0].split("/")
    if len(parts) > 3 and parts[-2] == "_history":
        parts = parts[:-2]
    return parts[-2] if len(parts) > 1 and _is_resource(parts[-2]) else None


@cache
def _is_resource(name: str) -> bool:
    named = type_of(name) if name.isalpha() and len(name) < 64 else None
    return named is not None and named.is_resource


def concept(plain: Check, pairs: frozenset[str]) -> Check:
    """A CodeableConcept with one of these codings, or an extension that says why not."""

    def check(value: Any, at: Place, depth: int, found: Found) -> None:
        before = len(found.wrong)
        plain(value, at, depth, found)
        if len(found.wrong) > before or "extension" in value:
            return
        codings: list[dict[str, Any]] = value.get("coding", [])
        if not any(f"{one.get('system')}|{one.get('code')}" in pairs for one in codings):
            found.add("code-invalid", "None of its codings is one that there must be.", at)

    return check

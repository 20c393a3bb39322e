"""Profiles that a site has loaded: what they ask of a resource beyond its type.

Source: FHIR R4, StructureDefinition, ElementDefinition, "Profiling FHIR". A profile is made into
functions once, when it is first asked for. Nothing of a profile is shipped.
"""

from wholerecord.fhir.profiles.definitions import (
    Base,
    Definition,
    Definitions,
    NotADefinition,
    read,
)
from wholerecord.fhir.profiles.shelf import NONE, Profiles

__all__ = ["NONE", "Base", "Definition", "Definitions", "NotADefinition", "Profiles", "read"]

"""What FHIR R4 defines of search: every parameter, where it is found, and the compartments.

Source: FHIR R4 (4.0.1) SearchParameters and CompartmentDefinitions (CC0), as
`benchmarks.search_parameters` worked them out into `parameters.json`. Read when first asked for.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

_URL = "http://hl7.org/fhir/SearchParameter/"
#: Of whom every resource, and every resource with a narrative, is a kind.
_ABSTRACT = ("DomainResource", "Resource")
#: Defined, and about something else than what a resource says.
_NOT_ASKED = frozenset({"_query"})


class Part(msgspec.Struct, frozen=True):
    """One component of a composite: its type, and its paths from where the composite stands."""

    type: str
    paths: tuple[str, ...]


class Definition(msgspec.Struct, frozen=True):
    """A search parameter.

    `of` has its paths by resource type, `parts` those of a composite's components for each of these
    paths, `targets` the types that a reference may be to.
    """

    name: str
    type: str
    id: str
    of: dict[str, tuple[str, ...]]
    targets: tuple[str, ...] = ()
    parts: dict[str, tuple[tuple[Part, ...], ...]] = {}

    @property
    def url(self) -> str:
        """The definition's canonical address."""
        return _URL + self.id


class _File(msgspec.Struct):
    version: str
    types: tuple[str, ...]
    compartments: dict[str, dict[str, tuple[str, ...]]]
    parameters: tuple[Definition, ...]


@cache
def _file() -> _File:
    raw = files("wholerecord.fhir.search").joinpath("parameters.json").read_bytes()
    return msgspec.json.decode(raw, type=_File)


@cache
def types() -> frozenset[str]:
    """Every resource type of R4."""
    return frozenset(_file().types)


@cache
def of_type(type: str) -> Mapping[str, Definition]:
    """Every parameter that a resource of the type may be searched by, by name.

    >>> of_type("Observation")["code"].type
    'token'
    >>> of_type("Observation")["_id"].url
    'http://hl7.org/fhir/SearchParameter/Resource-id'
    """
    found: dict[str, Definition] = {}
    for base in (type, *_ABSTRACT):
        for one in _file().parameters:
            if base in one.of and one.name not in _NOT_ASKED:
                found.setdefault(one.name, one)
    return MappingProxyType(found)


def paths(definition: Definition, type: str) -> tuple[str, ...]:
    """Where the parameter is found in a resource of the type."""
    return next((definition.of[base] for base in (type, *_ABSTRACT) if base in definition.of), ())


def compartment(owner: str, type: str) -> tuple[str, ...]:
    """The parameters by which a resource of `type` belongs to an `owner`; empty: by none.

    >>> compartment("Patient", "AllergyIntolerance")
    ('patient', 'recorder', 'asserter')
    """
    return _file().compartments.get(owner, {}).get(type, ())


def owners() -> frozenset[str]:
    """The types that have a compartment."""
    return frozenset(_file().compartments)

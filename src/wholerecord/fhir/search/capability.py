"""What a CapabilityStatement says of search: every parameter by its definition."""

from collections.abc import Sequence

from wholerecord.fhir.search.definitions import of_type
from wholerecord.fhir.search.path import Json


def searching(type: str, served: Sequence[str]) -> Json:
    """`searchParam`, `searchInclude` and `searchRevInclude` of a type, among the types served."""
    return {
        "searchParam": [
            {"name": one.name, "definition": one.url, "type": one.type}
            for one in sorted(of_type(type).values(), key=lambda one: one.name)
        ],
        "searchInclude": ["*", *_references(type, served)],
        "searchRevInclude": [
            "*",
            *(each for source in served for each in _references(source, (type,))),
        ],
    }


def _references(type: str, served: Sequence[str]) -> list[str]:
    """The references of a type that may be to any of those served."""
    return [
        f"{type}:{one.name}"
        for one in sorted(of_type(type).values(), key=lambda one: one.name)
        if one.type == "reference" and not set(served).isdisjoint(one.targets)
    ]

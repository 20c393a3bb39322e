"""The elements of R4's types in the order of their definitions, and which are of the summary.

Source: HL7's StructureDefinitions of 4.0.1 (CC0), made small by `benchmarks/fhir_elements.py`.
"""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from wholerecord.fhir.validation.types import type_of


class Ordered(NamedTuple):
    """One element by the name JSON has for it.

    `place` is where it stands among its type's, `kind` its type; `must`: there has to be one.
    """

    place: int
    kind: str
    many: bool
    summary: bool
    must: bool


@lru_cache(maxsize=1)
def _lines() -> Mapping[str, tuple[str, ...]]:
    packed = (files("wholerecord.fhir.elements") / "r4.txt.gz").read_bytes()
    rows = (line.split(" ") for line in gzip.decompress(packed).decode("ascii").splitlines())
    return {name: tuple(each) for name, *each in rows}


@lru_cache(maxsize=1024)
def ordered(kind: str) -> Mapping[str, Ordered]:
    """The elements of a type by the names JSON has for them; of no type of R4, none.

    >>> [name for name, one in ordered("Patient").items() if one.summary][:4]
    ['id', 'meta', 'implicitRules', 'identifier']
    """
    known = type_of(kind)
    if known is None:
        return {}
    marked = {one.removesuffix("+"): (n, one) for n, one in enumerate(_lines().get(kind, ()))}
    found = {
        name: Ordered(
            place=marked[element.choice or name][0],
            kind=element.kind,
            many=element.many,
            summary=marked[element.choice or name][1].endswith("+"),
            must=element.least > 0,
        )
        for name, element in known.elements.items()
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1].place))

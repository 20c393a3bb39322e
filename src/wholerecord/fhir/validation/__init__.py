"""Whether a resource is what FHIR R4 says its type is: elements, how many, types, codes, rules.

A client's write that is not is refused, with every problem and its place. What a feed says is kept
all the same.
"""

from typing import Any

from wholerecord.fhir.problem import Problem
from wholerecord.fhir.validation.check import checked, wrong

__all__ = ["checked", "must_be_valid", "wrong"]


def must_be_valid(kind: str, resource: dict[str, Any], place: str = "") -> None:
    """Go on only with a resource as its type has it.

    Raises:
        Problem: 422, with everything that is wrong and where.
    """
    if found := wrong(kind, resource, place):
        raise Problem(422, *found)

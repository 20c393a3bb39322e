"""Patients of one message who would be filed as one though the message holds them apart.

Twins registered under one NHS number, a mother's number on her baby: joining them here would be
silent, and joining is a decision that needs evidence.
"""

from collections import defaultdict
from collections.abc import Sequence

from wholerecord.intake.fhir.parts import Part
from wholerecord.intake.fhir.shape import text
from wholerecord.intake.reading import Fault, Reason


def apart(parts: Sequence[Part]) -> tuple[list[Part], list[Fault]]:
    """`parts` without the Patients who share a number by identifier only, and a fault for each."""
    claims: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        own = text(part.resource.get("id"))
        if part.number and own != part.number:
            claims[part.number].add(own or part.full_url or part.place)
    shared = {number for number, claimed in claims.items() if len(claimed) > 1}
    if not shared:
        return list(parts), []
    faults = [
        Fault(reason=Reason.SHARED_KEY, place=part.place, detail="one identifier on two Patients")
        for part in parts
        if part.number in shared
    ]
    return [part for part in parts if part.number not in shared], faults

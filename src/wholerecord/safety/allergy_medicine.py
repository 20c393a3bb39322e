"""A current medicine that a recorded allergy speaks against.

Hazard HAZ-02. Source: NICE CG183, Drug allergy: diagnosis and management (2014), recommendations on
documenting and checking before prescribing. Demonstration.
"""

from collections.abc import Iterator

from wholerecord.fold import NOT_SO, Kind, Record, by_kind
from wholerecord.safety.alert import Alert
from wholerecord.safety.substance import allergen_of, medicine_of
from wholerecord.terms import is_a

_CURRENT = {"active", "planned", "unknown"}
_OVER = NOT_SO | {"resolved"}


def allergy_and_medicine(record: Record) -> Iterator[Alert]:
    """One alert for each pair of an allergy that stands and a medicine that is, or is of, it.

    A medicine given without an order (status unknown) counts as current.
    """
    medicines = [
        (entry, found)
        for entry in by_kind(record)[Kind.MEDICINE]
        if entry.status in _CURRENT and (found := medicine_of(entry)) is not None
    ]
    for allergy in by_kind(record)[Kind.ALLERGY]:
        allergen = allergen_of(allergy)
        if allergen is None or allergy.status in _OVER:
            continue
        for medicine, found in medicines:
            if is_a(found, allergen):
                yield Alert(
                    hazard="HAZ-02",
                    title="Allergy and current medicine",
                    says=(
                        f"Allergy to {allergen.title.lower()} is recorded by "
                        f"{', '.join(allergy.sources)}; {found.title} is current "
                        f"({', '.join(medicine.sources)})."
                    ),
                    source="NICE CG183, Drug allergy (2014)",
                    entries=tuple(sorted((allergy.key, medicine.key))),
                )

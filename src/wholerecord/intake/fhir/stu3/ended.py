"""Allergies that ended: GP Connect sends them contained in a List, where nobody would look.

Source: GP Connect 1.6, AllergyIntolerance ("ended allergies" are contained in the List of SNOMED CT
1103671000000101). An allergy that was thought to have ended is still one to know of.
"""

from collections.abc import Iterator

from wholerecord.intake.fhir.shape import Object, objects, text
from wholerecord.intake.fhir.stu3 import allergy

_KIND = "AllergyIntolerance"


def ended_allergies(a_list: Object) -> Iterator[tuple[int, Object]]:
    """(which of the contained, R4 AllergyIntolerance) for each allergy a List contains.

    Its id joins the List's and its own, which by itself means nothing outside the List.
    """
    for n, held in enumerate(objects(a_list.get("contained"))):
        if held.get("resourceType") == _KIND:
            own = f"{text(a_list.get('id'))}-{text(held.get('id')) or n}"
            yield n, {**allergy.to_r4(held), "id": own}

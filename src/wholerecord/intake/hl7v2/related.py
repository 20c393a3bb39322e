"""NK1 as a RelatedPerson. Source: v2-to-FHIR segment map NK1[RelatedPerson]."""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import concepts, name
from wholerecord.intake.hl7v2.reach import address, contact
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling

_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"
_RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/v2-0063"


def say_related(telling: Telling, nk1: Segment) -> None:
    """File the person of one NK1. They are known by NK1-33, else by their place in the list."""
    known_by = telling.unlike("RelatedPerson", *telling.number, nk1.text(33), nk1.text(1))
    phones = [
        said
        for field, use in ((5, "home"), (6, "work"), (40, ""))
        for each in nk1.repetitions(field)
        if (said := contact(each, use))
    ]
    telling.say(
        "RelatedPerson",
        known_by,
        nk1.place,
        {
            "patient": telling.subject,
            "relationship": concepts(nk1, 3, _RELATIONSHIP) + concepts(nk1, 7, _ROLE),
            "name": [said for each in nk1.repetitions(2) if (said := name(each))],
            "telecom": phones,
            "address": [said for each in nk1.repetitions(4) if (said := address(each))],
            "gender": tables.SEX.get(nk1.text(15).upper(), ""),
            "birthDate": telling.moment(nk1, 16)[:10],
            "period": {
                key: said
                for key, field in (("start", 8), ("end", 9))
                if (said := telling.moment(nk1, field))
            },
        },
    )

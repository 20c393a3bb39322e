"""Made-up people of exactly so many statements, as messages of five sources: for `screen`.

The mix is that of `benchmarks.fold`: seven in ten are observations, the rest one of seven kinds.
Every message is a FHIR R4 Bundle of one patient and nineteen things said of them.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.fold import SOURCES, person
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM, NhsNumber
from wholerecord.record import Source, canonical, read_json

#: Statements of one message, the patient's own among them.
_IN_ONE = 20

SENDERS = tuple(
    Source(name=f"sized-{name}", controller="Z99900", title=f"Sized {name}") for name in SOURCES
)


#: How many statements each of the people has, their number's first nine digits, name and birth.
SIZES = (
    (2_000, "999820002", "Middleton", "1961-04-09"),
    (10_000, "999810000", "Longbottom", "1938-11-23"),
)


def messages(count: int) -> Iterator[tuple[str, bytes]]:
    """Source and bytes of the messages that say `count` statements of the person of that size.

    Raises:
        ValueError: `count` is not a multiple of twenty.
    """
    if count % _IN_ONE:
        raise ValueError(count)
    each = count // _IN_ONE
    patient = next(_patient(*one[1:]) for one in SIZES if one[0] == count)
    said = person(each * (_IN_ONE - 1))
    for n in range(each):
        source = SENDERS[n % len(SENDERS)]
        about = {"subject": {"reference": f"Patient/{patient['id']}"}}
        some = [read_json(one.body) | about for one in said[n::each]]
        at = max(one["meta"]["lastUpdated"] for one in some)
        resources = [patient | {"meta": {"lastUpdated": at}}, *some]
        entries = [{"resource": resource} for resource in resources]
        yield (
            source.name,
            canonical({"resourceType": "Bundle", "type": "collection", "entry": entries}),
        )


def later(count: int, most: int) -> Iterator[tuple[str, bytes]]:
    """Source and bytes of `most` messages of one new result each, about the person of that size."""
    patient = next(_patient(*one[1:]) for one in SIZES if one[0] == count)
    for n in range(most):
        at = f"2026-11-21T{n:02}:15:00+00:00"
        result = {
            "resourceType": "Observation",
            "id": f"later-{n}",
            "status": "final",
            "code": {"text": "Potassium"},
            "effectiveDateTime": at,
            "valueQuantity": {"value": 4.1, "unit": "mmol/L"},
        }
        entries = [{"resource": each} for each in (patient, result)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        yield SENDERS[0].name, canonical(bundle)


def _patient(nine: str, family: str, born: str) -> dict[str, Any]:
    number = f"{nine}{NhsNumber.check_digit(nine)}"
    return {
        "resourceType": "Patient",
        "id": number,
        "identifier": [{"system": NHS_NUMBER_SYSTEM, "value": number}],
        "name": [{"use": "official", "family": family, "given": ["Sam"]}],
        "gender": "female",
        "birthDate": born,
    }

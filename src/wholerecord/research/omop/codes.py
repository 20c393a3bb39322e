"""Which concept a code of the views is: by the site's vocabularies, or by our own value set.

The views have a row for each code of an entry and no number of the entry. So a source's code that
our value set knows is the same thing as our concept on the same day; a code that it does not know
is a thing of its own.
"""

from collections.abc import Iterable
from typing import Any

from wholerecord.research.arrow import pa
from wholerecord.research.codes import concepts_of
from wholerecord.research.tables import CONCEPT
from wholerecord.terms import CONCEPTS

#: System of a code → the OMOP vocabularies that may hold it, the best first.
_VOCABULARIES = {
    "http://snomed.info/sct": ("SNOMED", "dm+d"),
    "https://dmd.nhs.uk": ("dm+d",),
    "http://hl7.org/fhir/sid/icd-10": ("ICD10",),
    "http://loinc.org": ("LOINC",),
    "https://fhir.hl7.org.uk/Id/opcs-4": ("OPCS4",),
    "http://fhir.hl7.org/fhir/sid/opcs-4": ("OPCS4",),
    "http://read.info/readv2": ("Read",),
    "http://hl7.org/fhir/sid/cvx": ("CVX",),
}
#: Which row of a thing is kept: a standard terminology's, a classification's, another, our own.
_PLACES = ("http://snomed.info/sct", "http://loinc.org", "http://hl7.org/fhir/sid/icd-10")
_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string())
        for name in ("system", "code", "vocabulary", "concept_code", "meant")
    ]
    + [pa.field("own", pa.bool_()), pa.field("place", pa.int64())]
)


def said_codes(codes: Iterable[tuple[str, str]]) -> Any:
    """An Arrow table: for each (system, code), where a vocabulary may hold it and what it means."""
    rows = [line for system, code in sorted(set(codes)) for line in _lines(system, code)]
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA.names)
    return pa.table([list(column) for column in columns], schema=_SCHEMA)


def _lines(system: str, code: str) -> list[tuple[str, str, str, str, str | None, bool, int]]:
    if system == CONCEPT:
        snomed = CONCEPTS[code].codes.get("snomed", ()) if code in CONCEPTS else ()
        found = [("SNOMED", each) for each in snomed[:1]] or [("", "")]
        place = len(_PLACES) + 1
        return [(system, code, name, each, code, True, place) for name, each in found]
    meant = next(iter(concepts_of(system, code)), None)
    place = _PLACES.index(system) if system in _PLACES else len(_PLACES)
    names = _VOCABULARIES.get(system, ("",))
    return [(system, code, name, code, meant, False, place) for name in names]

"""When a source said a version, where it did not put that into `meta.lastUpdated`.

Source: FHIR R4: `instant` is a date and time to the second at least, with a time zone.
"""

import re

from wholerecord.intake.fhir.shape import Object, an_object, text
from wholerecord.nhs import PartialDate

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
#: Elements that say when a resource was written down, as against when it happened.
_OWN = ("recorded", "recordedDate", "issued", "authoredOn", "authored", "dateAsserted")
#: Types whose `date` is when they were written.
_WRITTEN_ON_DATE = frozenset({"Composition", "DocumentReference", "List", "RiskAssessment"})


def recorded_at(kind: str, resource: Object, envelope_at: str) -> str | None:
    """The `meta.lastUpdated` to set: None when there is one already, or nothing to make it of.

    The envelope's moment comes first: it is when this version was sent.
    """
    if "lastUpdated" in an_object(resource.get("meta")):
        return None
    if envelope_at and is_instant(envelope_at):
        return envelope_at
    for element in _OWN:
        said = resource.get(element)
        if isinstance(said, str) and is_instant(said):
            return said
    said = text(resource.get("date"))
    return said if kind in _WRITTEN_ON_DATE and is_instant(said) else None


def is_instant(said: str) -> bool:
    """Whether `said` is a moment to the second, with its time zone, that the calendar has."""
    return _INSTANT.fullmatch(said) is not None and PartialDate.parse(said) is not None

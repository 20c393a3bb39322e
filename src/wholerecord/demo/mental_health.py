"""The mental-health trust: FHIR messages, its diagnoses mostly in its clinicians' words."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Told
from wholerecord.demo.r4.bundle import message
from wholerecord.demo.r4.posted import posted
from wholerecord.demo.r4.voice import Voice
from wholerecord.record import Source

SOURCE = Source(
    name="chevin-mental-health",
    controller="RZ8",
    title="Chevin Mental Health NHS Trust",
    setting="mental-health",
    expected=timedelta(days=7),
)
VOICE = Voice(
    source=SOURCE.name,
    base="https://ehr.chevin.example.org/fhir",
    ods=SOURCE.controller,
    title=SOURCE.title,
)


def deliveries(told: Iterable[Told], live: datetime) -> Iterator[Delivery]:
    """One message for each patient's past at `live`, then one for each day something is said."""
    return posted(
        told,
        live,
        source=SOURCE.name,
        name="mental health message",
        body=lambda batch: message(batch, VOICE, "clinical-update"),
    )

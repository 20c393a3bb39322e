"""The community pharmacies' system: FHIR collections of what was handed over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Told
from wholerecord.demo.r4.bundle import collection
from wholerecord.demo.r4.posted import posted
from wholerecord.demo.r4.voice import Voice
from wholerecord.record import Source

SOURCE = Source(
    name="wharfe-pharmacies",
    controller="FZ901",
    title="Wharfe Bridge Pharmacy",
    setting="pharmacy",
    expected=timedelta(days=3),
)
VOICE = Voice(
    source=SOURCE.name,
    base="https://pmr.wharfe-pharmacy.example.org",
    ods=SOURCE.controller,
    title=SOURCE.title,
)


def deliveries(told: Iterable[Told], live: datetime) -> Iterator[Delivery]:
    """One bundle for each patient's past at `live`, then one for each day of handing over."""
    return posted(
        told,
        live,
        source=SOURCE.name,
        name="pharmacy bundle",
        body=lambda batch: collection(batch, VOICE),
    )

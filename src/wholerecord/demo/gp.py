"""The practices' shared record system: UK Core transactions over HTTP, SNOMED CT throughout."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Told
from wholerecord.demo.r4.bundle import transaction
from wholerecord.demo.r4.posted import posted
from wholerecord.demo.r4.voice import Voice
from wholerecord.record import Source

SOURCE = Source(
    name="aireborough-gp",
    controller="Z99001",
    title="Aireborough and Wharfe practices",
    setting="gp",
    expected=timedelta(days=3),
)
VOICE = Voice(
    source=SOURCE.name,
    base="https://gp.aireborough.example.org/fhir/R4",
    ods=SOURCE.controller,
    title=SOURCE.title,
)


def deliveries(told: Iterable[Told], live: datetime) -> Iterator[Delivery]:
    """One bundle for each patient's past at `live`, then one for each day something is said."""
    return posted(
        told,
        live,
        source=SOURCE.name,
        name="gp bundle",
        body=lambda batch: transaction(batch, VOICE),
    )

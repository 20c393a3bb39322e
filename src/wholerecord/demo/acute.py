"""The acute trust: HL7 v2.4 from its patient administration and laboratory systems over MLLP.

What its discharge system knows (letters, medicines to take home, operations) it posts as FHIR.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from wholerecord.demo.batch import batches, said_at
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Contact, Merging, Report, Told
from wholerecord.demo.hl7 import adt, oru
from wholerecord.demo.human import Known
from wholerecord.demo.r4.bundle import collection
from wholerecord.demo.r4.voice import Voice
from wholerecord.record import Source

SOURCE = Source(
    name="aireborough-hospital",
    controller="RZ9",
    title="Aireborough Hospitals NHS Trust",
    setting="acute",
    expected=timedelta(days=2),
)
VOICE = Voice(
    source=SOURCE.name,
    base="https://discharge.aireborough-hospital.example.org/fhir",
    ods=SOURCE.controller,
    title=SOURCE.title,
)


def deliveries(told: Iterable[Told], started: datetime) -> Iterator[Delivery]:
    """Every message as it happened; discharge bundles day by day since `started`."""
    listed = tuple(told)
    by_mllp = [one for one in listed if isinstance(one.what, Contact | Report | Merging)]
    posted = [one for one in listed if not isinstance(one.what, Contact | Report | Merging)]
    messages = sorted(
        (message for one in by_mllp for message in _messages(one)),
        key=lambda message: (message[0], message[1].number),
    )
    for n, (sent, _, write) in enumerate(messages, start=1):
        control = f"AW{n:08d}"
        yield Delivery(
            source=SOURCE.name,
            door="mllp",
            name=f"hospital message {control}",
            body=write(control).encode(),
            sent=sent,
        )
    for n, batch in enumerate(batches(posted, started), start=1):
        yield Delivery(
            source=SOURCE.name,
            door="post",
            name=f"hospital discharge {n}",
            body=collection(batch, VOICE),
            sent=batch.sent,
        )


def _messages(one: Told) -> list[tuple[datetime, Known, Callable[[str], str]]]:
    """What one happening sends: when, about whom, and the writer that takes a control id."""
    who, what = one.who, one.what
    if isinstance(what, Report):
        return [(said_at(what), who, lambda control: oru.report(who, what, control))]
    if isinstance(what, Merging):
        return [(what.at, who, lambda control: adt.merged(who, what, control))]
    if not isinstance(what, Contact):
        return []
    sent: list[tuple[datetime, Known, Callable[[str], str]]] = [
        (what.at, who, lambda control: adt.began(who, what, control))
    ]
    until = what.until
    if until is not None and what.setting != "outpatient":
        sent.append((until, who, lambda control: adt.ended(who, what, control, until)))
    return sent

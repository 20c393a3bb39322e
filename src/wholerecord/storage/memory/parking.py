"""A fault parked."""

from wholerecord.intake import Fault, Kept, Parked
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import phrase, storable


def parked_as(tables: Tables, kept: Kept, fault: Fault) -> None:
    """Park what could not be filed of a message."""
    tables.parked.append(
        Parked(
            n=len(tables.parked) + 1,
            message=kept.message,
            source=kept.source,
            place=storable(fault.place),
            reason=fault.reason.name,
            says=phrase(fault),
            owner=tables.sources[kept.source].controller,
            since=now(),
            patient=fault.about.id if fault.about else None,
        )
    )

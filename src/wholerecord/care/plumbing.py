"""Which entries are about messages and not about the person: no list of care shows them unasked.

A message's envelope, who looked, and where a statement is from (FHIR R4 MessageHeader, AuditEvent,
Provenance) are kept and counted like everything said, and stand on a list of their own. What a
source says went wrong (OperationOutcome) is not among them: it may say that something is missing.
"""

from collections.abc import Iterable

from wholerecord.fold import Entry, Kind

PLUMBING = frozenset({"MessageHeader", "AuditEvent", "Provenance"})


def is_plumbing(entry: Entry) -> bool:
    """Whether everything said of it is about messages."""
    if entry.kind is not Kind.OTHER:
        return False
    return all(said.kind in PLUMBING for said in entry.said_by)


def apart(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What is of the person, and what is about messages: each in the order given, none left out."""
    of_person: list[Entry] = []
    of_messages: list[Entry] = []
    for entry in entries:
        (of_messages if is_plumbing(entry) else of_person).append(entry)
    return of_person, of_messages

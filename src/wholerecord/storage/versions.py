"""Which of a patient's statements are versions of one resource: the same for every store."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from wholerecord.record import LogicalId, Statement, Version
from wholerecord.record.logical_id import key_of
from wholerecord.record.resources import identified


def in_order(version: Version) -> tuple[datetime, int, int, int]:
    """When it was filed, and its address: what versions are listed by."""
    said = version.statement
    return version.filed, said.patient, said.t, said.n


def numbered(statements: Sequence[Statement], id: LogicalId) -> Iterator[tuple[int, int, bool]]:
    """(place, number, gone) of each of one type's `statements` that is a version of `id`.

    What its message no longer says, having been read again, is no version.
    """
    number = 0
    for at, statement in enumerate(statements):
        own, gone = identified(statement.body)
        if not statement.replaced and key_of(own) == id.key:
            number += 1
            yield at, number, gone

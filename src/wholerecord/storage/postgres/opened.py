"""Openings between values and rows."""

from typing import Any

import msgspec
from asyncpg import Record

from wholerecord.audit import Opening
from wholerecord.record import PatientId

_SEEN = msgspec.json.Decoder(dict[PatientId, int])


def opening(row: Record | dict[str, Any]) -> Opening:
    """A row of `opening`."""
    said: dict[str, Any] = dict(row)
    said["seen"] = _SEEN.decode(row["seen"])
    return Opening(**said)

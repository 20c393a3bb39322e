"""Every statement as it was said. Knows patients, as sources do; knows no person."""

from wholerecord.record.canonical import NotJson, canonical, read_json
from wholerecord.record.source import Source
from wholerecord.record.statement import (
    MessageId,
    PatientId,
    PatientKey,
    PersonId,
    Saying,
    Statement,
)
from wholerecord.record.store import Marks, Statements

__all__ = [
    "Marks",
    "MessageId",
    "NotJson",
    "PatientId",
    "PatientKey",
    "PersonId",
    "Saying",
    "Source",
    "Statement",
    "Statements",
    "canonical",
    "read_json",
]

"""Every statement as it was said. Knows patients, as sources do; knows no person."""

from wholerecord.record.canonical import NotJson, canonical, read_json
from wholerecord.record.logical_id import LogicalId
from wholerecord.record.resources import Filed, FiledOf, FiledPage, Mark, Resources, Version
from wholerecord.record.source import Source, is_app
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
    "Filed",
    "FiledOf",
    "FiledPage",
    "LogicalId",
    "Mark",
    "Marks",
    "MessageId",
    "NotJson",
    "PatientId",
    "PatientKey",
    "PersonId",
    "Resources",
    "Saying",
    "Source",
    "Statement",
    "Statements",
    "Version",
    "canonical",
    "is_app",
    "read_json",
]

"""What the reference store holds of studies."""

from dataclasses import dataclass, field
from datetime import datetime

from wholerecord.research.study.book import Check, Ran, Sent
from wholerecord.research.study.project import Project


@dataclass(slots=True)
class StudyTables:
    """What is kept of studies. A study's number is its place, from 1."""

    projects: dict[str, Project] = field(default_factory=dict[str, Project])
    sent: list[tuple[Sent, datetime]] = field(default_factory=list[tuple[Sent, datetime]])
    ran: dict[int, Ran] = field(default_factory=dict[int, Ran])
    checks: list[tuple[int, Check]] = field(default_factory=list[tuple[int, Check]])
    released: dict[int, datetime] = field(default_factory=dict[int, datetime])
    boards: list[bytes] = field(default_factory=list[bytes])

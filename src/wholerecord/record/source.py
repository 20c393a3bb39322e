"""A system that sends, and the organisation that answers for it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system that sends. Its `controller` is an organisation's ODS code.

    `setting` is one of gp, acute, mental-health, community, pharmacy, social-care, home, other.
    `expected` is how long the source may be silent before it is named as silent; None: never.
    `columns` is the declared column map of a source that sends CSV (JSON), else empty.
    """

    name: str
    controller: str
    title: str
    setting: str = "other"
    expected: timedelta | None = None
    columns: bytes = b""

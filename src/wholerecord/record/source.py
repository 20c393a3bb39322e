"""A system that sends, and the organisation that answers for it."""

from dataclasses import dataclass
from datetime import timedelta

_APP = "app:"


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


def app_of(client: str) -> str:
    """The name of the source that a client of the API writes as."""
    return _APP + client


def is_app(source: str) -> bool:
    """Whether a source is a client of the API: what it sends are its writes."""
    return source[: len(_APP)] == _APP

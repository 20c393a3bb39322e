"""One sending of the region: bytes, by which door they come, and when they were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Door = Literal["mllp", "post", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one source sends at once. `sent` is the source's own time of sending, in UTC.

    `name` is unique within the region and says what it is, never whom it is about.
    """

    source: str
    door: Door
    name: str
    body: bytes
    sent: datetime

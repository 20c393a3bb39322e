"""How one source writes: who it is, its addresses, and how its resources refer to each other."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from wholerecord.demo.coding import Json

_WRITE = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A source that writes FHIR. `base` is the address its resources have at home."""

    source: str
    base: str
    ods: str
    title: str

    def identifier(self, kind: str, id: str) -> list[Json]:
        """The resource's business identifier at this source."""
        return [{"system": f"{self.base}/Id/{kind}", "value": id}]


def moment(at: datetime) -> str:
    """A FHIR instant in UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%S}+00:00"


def written(value: Json) -> bytes:
    """`value` as UTF-8 JSON, keys in the order written, decimals with their precision."""
    return _WRITE.encode(value)

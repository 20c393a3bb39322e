"""A series of readings as one saying a day: how many, the lowest, the highest, and the mean.

A watch takes a pulse a thousand times a day. The readings stay whole in the message that is kept;
what the record says of them is a line that people can read. Nothing is rounded but the mean, which
keeps two places more than its readings have.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

_STATISTICS = "http://terminology.hl7.org/CodeSystem/observation-statistics"
#: More readings of one thing on one day than this are one saying.
MANY = 24
#: Digits kept while summing: enough for any number of readings of thirty places, exactly.
_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)


@dataclass(slots=True)
class Day:
    """The readings of one thing, by one device, in one unit, on one day. Times as FHIR says them.

    `last` is the latest end, and `recorded` the latest that any was written down.
    """

    first: str = ""
    last: str = ""
    recorded: str = ""
    values: list[Decimal] = field(default_factory=list[Decimal])

    def add(self, value: Decimal, start: str, end: str, recorded: str) -> None:
        """Count one reading."""
        self.values.append(value)
        self.first = min(self.first, start) if self.first else start
        self.last = max(self.last, end)
        self.recorded = max(self.recorded, recorded)

    @property
    def mean(self) -> Decimal:
        """The mean, two places more than its readings have."""
        exact = _EXACT.divide(self.total, Decimal(len(self.values)))
        places = min((_places(value) for value in self.values), default=0) - 2
        return exact.quantize(Decimal((0, (1,), places)), context=_EXACT)

    @property
    def total(self) -> Decimal:
        """The sum, exact."""
        total = Decimal(0)
        for value in self.values:
            total = _EXACT.add(total, value)
        return total


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0


def components(day: Day, unit: dict[str, str], *, summed: bool) -> list[dict[str, Any]]:
    """The components of the day's Observation; `unit` is a Quantity without its value.

    `summed` adds the total, for what is counted up over a day, as steps.
    """
    said: list[tuple[str, str, Decimal, dict[str, str]]] = [
        ("count", "Readings", Decimal(len(day.values)), {}),
        ("minimum", "Lowest", min(day.values), unit),
        ("maximum", "Highest", max(day.values), unit),
        ("average", "Mean", day.mean, unit),
    ]
    if summed:
        said.append(("sum", "Total", day.total, unit))
    return [
        {
            "code": {"coding": [{"system": _STATISTICS, "code": code}], "text": words},
            "valueQuantity": {"value": value, **of},
        }
        for code, words, value, of in said
    ]

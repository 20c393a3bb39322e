"""How much evidence joining, asking and doubting need at the bedside.

Joining and splitting are apart (hysteresis), so that a link made does not come and go with every
changed address: a pair is joined at `join` bits, asked about from `ask`, and a link that stands
is doubted only when its evidence has fallen under `split`. `join` and `ask` are the model's own.
A demonstration until a clinical safety officer signs.
"""

from dataclasses import dataclass

from wholerecord.people.weigh import CERTAIN, POSSIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Bits of evidence at which people are joined, asked about and doubted."""

    join: float
    ask: float
    split: float

    def uncertainty(self, weight: float) -> float:
        """How little the evidence decides, 0 to 1: 1 half way between asking and joining."""
        middle = (self.ask + self.join) / 2
        share = 1 / (1 + 2 ** min(max(middle - weight, -50.0), 50.0))
        return 4 * share * (1 - share)


#: Four bits under where people are asked: sixteen times less likely.
BEDSIDE = Thresholds(join=CERTAIN, ask=POSSIBLE, split=POSSIBLE - 4)

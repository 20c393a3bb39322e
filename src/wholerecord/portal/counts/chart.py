"""Charts of shares: a bar for each group with its bounds, as numbers that a template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.portal.shared.boards import BoardGroup

#: Pixels: the names' column, the bars' column, and a row.
NAMES, BARS, ROW = 190, 380, 26
#: Where an axis may end, in hundredths.
_ENDS = (1, 2, 5, 10, 20, 40, 60, 80, 100)
_TICKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group: where its row, its bar and its bounds are. `width` None: it is not shown."""

    name: str
    y: int
    width: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole chart. `ticks` are places and words of the axis; `says` is it in words."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    height: int
    says: str


def chart(groups: Sequence[BoardGroup]) -> Chart | None:
    """The chart of the groups, or None where no number is shown."""
    seen = [each for each in groups if each.share is not None]
    if not seen:
        return None
    highest = 100 * max(each.high or 0.0 for each in seen)
    end = next((each for each in _ENDS if each >= highest), _ENDS[-1])
    scale = BARS / end * 100
    bars = tuple(
        Bar(
            name=each.name,
            y=n * ROW,
            width=None if each.share is None else round(NAMES + each.share * scale, 1),
            low=round(NAMES + (each.low or 0.0) * scale, 1),
            high=round(NAMES + (each.high or 0.0) * scale, 1),
        )
        for n, each in enumerate(groups)
    )
    ticks = tuple(
        (round(NAMES + BARS * n / _TICKS, 1), f"{end * n / _TICKS:g}%") for n in range(_TICKS + 1)
    )
    return Chart(bars=bars, ticks=ticks, height=ROW * len(bars) + ROW, says=_says(seen))


def _says(seen: Sequence[BoardGroup]) -> str:
    least = min(seen, key=lambda each: each.share or 0.0)
    most = max(seen, key=lambda each: each.share or 0.0)
    if least is most:
        return f"{most.name}: {percent(most.share)}."
    return (
        f"From {percent(least.share)} ({least.name}) to {percent(most.share)} ({most.name})."
        " The table below has every number."
    )


def percent(share: float | None) -> str:
    """A share as a page says it.

    >>> percent(0.1234), percent(None)
    ('12.3%', 'not shown')
    """
    return "not shown" if share is None else f"{100 * share:.1f}%"

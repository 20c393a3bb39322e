"""Which statements speak of one condition: an episode, while its statements are found.

A statement dated to the day is placed first, then one that says only the month or year, then what
retells the past: so an imprecise date never decides where a precise one goes. Windows are in
`policy.json`. Demonstration rules until a clinical safety officer signs them.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from wholerecord.fold.diagnosis import Diagnosis
from wholerecord.fold.policy import Policy
from wholerecord.terms import related

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
#: How many episodes an imprecise statement is compared with: a long record stays linear.
_MOST = 8


class Episode:
    """One real thing while its statements are found."""

    __slots__ = ("certainty", "hospital", "members", "names", "rules", "side", "sources", "start")

    def __init__(self, first: Diagnosis, rules: Policy) -> None:
        self.rules = rules
        self.members = [first]
        self.sources = {first.told.said.source: first.start}
        self.names = {first.name: first}  # one of each concept: enough to compare with
        self.start = first.start
        self.side = first.side
        self.certainty = first.certainty
        self.hospital = first.hospital

    def takes(self, one: Diagnosis) -> float | None:
        """How many days away `one` is when it can speak of this; None when it cannot."""
        if self.certainty != one.certainty:
            return None
        if self.side and one.side and self.side != one.side:
            return None
        if not all(_same_name(kind, one) for kind in self.names.values()):
            return None
        if one.history and one.start is None:
            return self._before(one)
        if self.start is None or one.start is None or one.until is None:
            return 0.0 if one.course != "acute" else None
        after, before = (one.start - self.start) / _DAY, (one.until - self.start) / _DAY
        days = max(after, 0.0) or min(before, 0.0)
        return abs(days) if self._reaches(one, days) else None

    def _before(self, one: Diagnosis) -> float | None:
        """Days before `one` was written; it retells the last of what was before it."""
        written = one.told.at
        if self.start is None or written is None:
            return 0.0 if self.members[0].history else None
        days = (written.start - self.start) / _DAY
        return days if days >= 0 else None

    def _reaches(self, one: Diagnosis, days: float) -> bool:
        """Whether `one`, so many days after this began, is near enough to be of it."""
        if one.course != "acute" or any(each.course != "acute" for each in self.names.values()):
            return True
        window = min(each.window for each in (*self.names.values(), one))
        if abs(days) <= window:
            return True
        source = one.told.said.source
        if source in self.sources:  # twice by one source, late both times
            first = self.sources[source]
            return (
                first is not None
                and one.start is not None
                and (abs((one.start - first) / _DAY) <= window)
            )
        return not one.hospital and 0 <= days <= max(window, self.rules.echo_days)

    def add(self, one: Diagnosis) -> None:
        """`one` speaks of this too."""
        self.members.append(one)
        self.sources.setdefault(one.told.said.source, one.start)
        self.names.setdefault(one.name, one)
        self.side = self.side or one.side
        self.hospital = self.hospital or one.hospital


def _same_name(one: Diagnosis, other: Diagnosis) -> bool:
    if one.concept is not None and other.concept is not None:
        return related(one.concept, other.concept)
    return one.concept is other.concept and one.name == other.name


class Family:
    """The episodes of concepts that can be one; each statement joins the nearest that takes it."""

    __slots__ = ("_dated", "_rules", "_starts", "_vague")

    def __init__(self, rules: Policy) -> None:
        self._rules = rules
        self._dated: list[Episode] = []
        self._starts: list[datetime] = []  # of the dated: they come in order
        self._vague: list[Episode] = []

    @property
    def episodes(self) -> list[Episode]:
        """All, those with days first."""
        return [*self._dated, *self._vague]

    def place(self, one: Diagnosis) -> None:
        """Add `one` to the nearest episode that takes it, of two the later; else to a new one."""
        vague = one.vagueness > 0
        best: Episode | None = None
        least = 0.0
        for episode in self._possible(one) if vague else self._recent(one):
            days = episode.takes(one)
            if days is not None and (best is None or days < least):
                best, least = episode, days
        if best is not None:
            best.add(one)
        elif vague:
            self._vague.append(Episode(one, self._rules))
        else:
            self._dated.append(Episode(one, self._rules))
            self._starts.append(one.start or _NEVER)

    def _recent(self, one: Diagnosis) -> Iterator[Episode]:
        """The episodes that could take `one`, latest first; for acute ones, those near in time."""
        acute = one.start is not None and one.course == "acute"
        far = self._rules.echo_days + one.window
        for episode in reversed(self._dated):
            start = episode.start
            near = start is None or one.start is None or (one.start - start).days <= far
            if acute and not near:
                return
            yield episode

    def _possible(self, one: Diagnosis) -> Iterator[Episode]:
        """The episodes of its month or year, or the last before it was written; then vague ones."""
        last = one.until or (one.told.at.start if one.told.at else _NEVER)
        if one.start is not None:
            last += one.window * _DAY
        after = bisect_right(self._starts, last)
        yield from reversed(self._dated[max(after - _MOST, 0) : after])
        yield from reversed(self._vague[-_MOST:])

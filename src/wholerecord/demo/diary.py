"""One human's diary: every happening, and which source tells it as whom it knows them.

Opened for each human of the region; lives and stories write in it.
"""

from datetime import UTC, date, datetime, time, timedelta

from wholerecord.demo import acute, gp, home, mental_health, pharmacy, social_care
from wholerecord.demo.casting import Casting
from wholerecord.demo.happening import Happening, Told
from wholerecord.demo.human import Human, Known
from wholerecord.demo.measuring import Measuring

#: Source, prefix of its numbers, digits.
_NUMBERS = {
    gp.SOURCE.name: ("", 7),
    acute.SOURCE.name: ("AW", 6),
    mental_health.SOURCE.name: ("CH", 6),
    pharmacy.SOURCE.name: ("P", 5),
    social_care.SOURCE.name: ("SC", 6),
    home.SOURCE.name: ("hh", 5),
}


class Diary:
    """A human's happenings in no order; `known` gives and keeps each source's number for them."""

    def __init__(
        self, human: Human, casting: Casting, conditions: frozenset[str] = frozenset()
    ) -> None:
        self.human = human
        self.casting = casting
        self.rng = casting.rng
        self.today = casting.today
        self.told: list[Told] = []
        self.measuring = Measuring(self.rng, conditions, human.age(self.today))
        self._known: dict[str, Known] = {}

    def known(self, source: str) -> Known:
        """As whom `source` knows them: with a number of its own from the first time on."""
        if source not in self._known:
            prefix, digits = _NUMBERS[source]
            number = self.casting.number(source, prefix, digits)
            self._known[source] = Known(human=self.human, source=source, number=number)
        return self._known[source]

    def know(self, known: Known) -> Known:
        """From now on that source knows them like this."""
        self._known[known.source] = known
        return known

    def tell(self, source: str, *happenings: Happening) -> None:
        """`source` tells these, knowing the human as it does now."""
        who = self.known(source)
        self.told += [Told(who, what) for what in happenings]

    def id(self, kind: str) -> str:
        """An id no other happening of the region has."""
        return self.casting.next_id(kind)

    def at(self, on: date, hour: int | None = None) -> datetime:
        """A moment in working hours on the day `on`, or in the hour given."""
        drawn = self.rng.randint(8, 17) if hour is None else hour
        return moment_on(on, drawn, self.rng.randint(0, 59))

    def days_ago(self, days: float) -> date:
        """The day that many days before today."""
        return self.today - timedelta(days=round(days))

    def years_ago(self, on: date) -> float:
        """Years between that day and today."""
        return (self.today - on).days / 365.25


def moment_on(on: date, hour: int, minute: int = 0) -> datetime:
    """That minute of the day `on`, in UTC."""
    return datetime.combine(on, time(hour, minute), tzinfo=UTC)

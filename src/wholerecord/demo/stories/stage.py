"""Where stories are told: they cast people, write diaries, and note what is truly so."""

from datetime import date, timedelta
from typing import Any

from wholerecord.demo.casting import Casting
from wholerecord.demo.choice import Choice, Chosen
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import Told
from wholerecord.demo.human import Home, Human
from wholerecord.record import Source

#: The mental-health trust's interface stopped this many days before today, unnoticed.
SILENT_DAYS = 23


class Stage:
    """Everything the stories put into the region. `truth` is their part of `truth.json`."""

    def __init__(self, casting: Casting) -> None:
        self.casting = casting
        self.today = casting.today
        self.diaries: list[Diary] = []
        self.choices: list[Choice] = []
        self.strays: list[Delivery] = []
        self.truth: dict[str, list[dict[str, Any]]] = {
            "events": [],
            "conflicts": [],
            "not_the_same": [],
            "merged": [],
            "parked": [],
        }

    def cast(
        self,
        family: str,
        *given: str,
        sex: str,
        age: int,
        heritage: str = "british",
        home: Home | None = None,
        born: date | None = None,
        nhs_number: str | None = None,
        conditions: frozenset[str] = frozenset(),
    ) -> Diary:
        """The diary of a named human of that age, of the given home or one of their own."""
        human = self.casting.human(
            sex=sex,
            born=born or self.casting.born(age, age),
            heritage=heritage,
            family=family,
            given=given,
            home=home,
            nhs_number=nhs_number,
        )
        diary = Diary(human, self.casting, conditions)
        self.diaries.append(diary)
        return diary

    def chosen(
        self,
        human: Human,
        chosen: Chosen,
        reason: str,
        *,
        carer: str = "",
        label: str = "",
        since: date | None = None,
    ) -> None:
        """`human` chose this, or it was chosen for them; a year ago unless `since` is given."""
        since = since or self.today - timedelta(days=365)
        self.choices.append(
            Choice(
                nhs_number=human.nhs_number,
                chosen=chosen,
                since=since,
                reason=reason,
                carer=carer,
                label=label,
            )
        )

    def stray(self, source: Source, delivery: Delivery, reason: str) -> None:
        """A delivery that must end parked, and the name of the `intake.Reason` why."""
        self.strays.append(delivery)
        self.truth["parked"].append(
            {"source": source.name, "delivery": delivery.name, "reason": reason}
        )

    def event(self, human: Human, kind: str, concept: str, *sources: Source) -> None:
        """These sources speak of one event: it must be one entry."""
        self.truth["events"].append(
            {
                "human": human.key,
                "nhs_number": human.nhs_number,
                "kind": kind,
                "concept": concept,
                "sources": sorted(source.name for source in sources),
            }
        )

    def conflict(self, human: Human, what: str, *sources: Source) -> None:
        """These sources disagree about `what`: the record must say so."""
        self.truth["conflicts"].append(
            {
                "human": human.key,
                "nhs_number": human.nhs_number,
                "what": what,
                "sources": sorted(source.name for source in sources),
            }
        )

    def not_the_same(self, one: Human, other: Human, why: str) -> None:
        """These two are easily taken for one, and are not."""
        self.truth["not_the_same"].append({"humans": [one.key, other.key], "why": why})

    def told(self) -> list[Told]:
        """Every happening of every story."""
        return [told for diary in self.diaries for told in diary.told]

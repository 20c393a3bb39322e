"""A statement about a condition, ready to compare: concept, certainty, side, when, how it is told.

"History of stroke" tells of a stroke long past: it is evidence of that one, never a new one. Which
words and codes mean so is in `policy.json`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.finding import Finding
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Coding
from wholerecord.fold.told import Around, Told
from wholerecord.nhs import PartialDate
from wholerecord.terms import CONCEPTS, Concept
from wholerecord.terms.loaded import NOT_SAID
from wholerecord.terms.relate import depth


class Diagnosis(msgspec.Struct, frozen=True, gc=False):
    """A statement about a condition, ready to compare. `name` is its concept's, or stands in.

    `start` and `until` are the earliest and the latest it can have begun: of "2019" a year apart.
    `history`: it retells something past; its start is then when that was, None when not said.
    `course` is acute, long-term or cancer; where nothing says which, acute unless listed as a
    problem. `window` is how many days apart two statements of one source can be about one acute
    event. `depth` is how specific the concept is, 0 where there is none.
    """

    told: Told[ConditionSaid]
    concept: Concept | None
    code: Coding | None
    name: str
    certainty: str
    side: str
    start: datetime | None
    until: datetime | None
    hospital: bool
    history: bool
    course: str
    window: float
    depth: int

    @property
    def vagueness(self) -> int:
        """0 dated to the day, 1 to the month or year, 2 retold; of what is not acute, always 0."""
        if self.history:
            return 2
        return int(self.start != self.until and self.course == "acute")


#: What a stay's own diagnosis can say of itself when the stay is over.
_OVER = frozenset({"inactive", "resolved"})


def lasting(each: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Those that tell how the disease stands, of one that lasts.

    What is over for a stay (an exacerbation) ends nothing that is on somebody's problem list.
    """
    listed = [one.told.body.finding.listed for one in each]
    if not any(listed):
        return list(each)
    return [
        one
        for one, on_list in zip(each, listed, strict=True)
        if on_list or not (one.hospital and one.told.said.status in _OVER)
    ]


def diagnosis(told: Told[ConditionSaid], around: Around) -> Diagnosis:
    """`told` ready to compare with others."""
    known = around.prepared.get(told.key)
    if known is None:
        known = around.prepared[told.key] = _diagnosis(told, around)
    return known


def _diagnosis(told: Told[ConditionSaid], around: Around) -> Diagnosis:
    what, rules = told.body.finding, around.policy
    retold = _retold(what, rules) if what.certainty == "confirmed" else None
    found = retold or what.concept
    at = _past(told, rules) if retold else told.at
    return Diagnosis(  # by position, which takes half the time
        told,
        found,
        what.coding,
        found.id if found else what.name,
        what.certainty,
        around.side(told, what.side),
        at.start if at else None,
        _until(at) if at else None,
        what.hospital,
        retold is not None,
        _course(found, listed=what.listed),
        _window_days(found, rules),
        depth(found) if found else 0,
    )


def _course(found: Concept | None, *, listed: bool) -> str:
    if found is not None and found.course != NOT_SAID:
        return found.course or "acute"
    return "long-term" if listed else "acute"


def _window_days(found: Concept | None, rules: Policy) -> float:
    if found is None or found.course == NOT_SAID:
        return rules.unknown_days
    for known in (found.id, *found.parents):
        if known in rules.acute_days:
            return rules.acute_days[known]
    return rules.acute_default


def _retold(what: Finding, rules: Policy) -> Concept | None:
    """The acute condition that is said to be past, None when it is not."""
    for key in what.keys:
        name = rules.history_codes.get(key)
        if name is not None:
            return CONCEPTS[name]
    return what.past


def _past(told: Told[ConditionSaid], rules: Policy) -> PartialDate | None:
    """When what is retold was; None where the only date is that of the telling, or near it."""
    when, written = told.said.when, told.said.recorded
    if when is None or (written is None and when.precision in {"day", "moment"}):
        return None
    if written is not None and when.start > written.start - timedelta(days=rules.history_days):
        return None
    return when


def _until(at: PartialDate) -> datetime:
    """The last moment that the date can mean, of a day its start: days are compared by starts."""
    match at.precision:
        case "year":
            return at.start + timedelta(days=364)
        case "month":
            return at.start + timedelta(days=29)
        case _:
            return at.start

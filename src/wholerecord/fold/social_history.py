"""Social history: how somebody smokes, drinks, works and lives, one entry for each topic.

The newest word stands first and every other is kept beside it, for how somebody lives changes and
is no less true for having been so. A word that there is none, or never was, hides no other.
Source: HL7 IPS, social history section; PRSB Core Information Standard, social context. Windows are
in `policy.json`; demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from wholerecord.fold.entry import and_list, made
from wholerecord.fold.measure_said import ObservationSaid, Valued, value_of
from wholerecord.fold.record import Entry, Habit, Kind, SocialHistory
from wholerecord.fold.shape import Shape
from wholerecord.fold.social_topics import TITLES, claim
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.nhs import PartialDate
from wholerecord.terms import CONCEPTS, plain

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_STATUS = {"preliminary": "preliminary", "registered": "planned", "cancelled": "stopped"}
#: What was so once, and what denies that it is.
_EVER, _NOT = frozenset({"has", "had"}), frozenset({"had", "has not", "never"})
#: Words that only name a topic: a value beside them says all.
_NAMES = frozenset(
    {
        *map(plain, TITLES.values()),
        *(plain(word) for name in ("smoking", "alcohol") for word in CONCEPTS[name].words),
    }
)


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """One group for each topic, whoever tells of it and when."""
    groups: dict[str, Group[Shape]] = {}
    for one in told:
        topic = _topic(one)
        group = groups.setdefault(plain(topic), Group([], "Same topic: the newest word first."))
        group.told.append(one)
    return [*groups.values()]


def make(group: Group[Shape], around: Around) -> Entry:
    """What is told of one topic."""
    each = sorted(group.told, key=_newness, reverse=True)
    topic, newest = _topic(each[0]), each[0].said
    habits = [habit for one in each for habit in _habits(one, topic, around)]
    habits.sort(key=_latest, reverse=True)
    return made(
        group,
        Kind.SOCIAL_HISTORY,
        title=TITLES.get(topic) or topic,
        code=newest.codes[0] if newest.codes else None,
        when=each[0].at,
        status=_STATUS.get(newest.status, "final"),
        conflict=_conflict(habits, timedelta(days=around.policy.habit_days)),
        detail=SocialHistory(topic=topic, habits=tuple(habits)),
    )


def _topic(one: Told[Shape]) -> str:
    return one.measurand.topic if one.measurand is not None else ""


def _newness(one: Told[Shape]) -> tuple[datetime, datetime, tuple[object, ...]]:
    """By when it was so, then by when it was written down, then by address: never by arrival."""
    said = one.said
    return (*_times(said.when, said.recorded), said.id_key)


def _latest(habit: Habit) -> tuple[datetime, datetime, tuple[object, ...], bool, int, int]:
    said = habit.said
    return (*_times(said.when, said.recorded), said.id_key, habit.now, said.t, said.n)


def _times(when: PartialDate | None, recorded: PartialDate | None) -> tuple[datetime, datetime]:
    at = when or recorded
    return (at.start if at else _NEVER, recorded.start if recorded else _NEVER)


def _habits(one: Told[Shape], topic: str, around: Around) -> Iterator[Habit]:
    """What the statement says, and what its earlier versions said otherwise."""
    now = _habit(one, topic, now=True)
    yield now
    seen = {now.value}
    for version in reversed(around.earlier.get(one.key, ()) if one.again else ()):
        habit = _habit(version, topic, now=False)
        if habit.value not in seen:
            seen.add(habit.value)
            yield habit


def _habit(one: Told[Shape], topic: str, *, now: bool) -> Habit:
    body, words = one.body, one.said.words
    said, quantity = "", None
    if isinstance(body, ObservationSaid):
        quantity = body.value_quantity
        parts = (f"{part.code.words} {_valued(part)}".strip() for part in body.component)
        said = "; ".join(filter(None, (_valued(body), *parts)))
    bare = plain(words) in _NAMES or any(words == coding.code for coding in one.said.codes)
    return Habit(
        said=one.said,
        value=(said if bare else f"{words}: {said}") if said else words,
        number=quantity.value if quantity and not quantity.comparator else None,
        unit=(quantity.unit or quantity.code) if quantity else "",
        claim=claim(topic, said or ("" if bare else words)),
        now=now,
    )


def _valued(said: Valued) -> str:
    quantity = said.value_quantity
    unit = (quantity.unit or quantity.code) if quantity else ""
    return f"{value_of(said)} {unit}".strip()


def _conflict(habits: Sequence[Habit], near: timedelta) -> str:
    """In words, where what is said cannot all be so."""
    current = [habit for habit in habits if habit.now]
    nevers = [habit for habit in current if habit.claim == "never"]
    ever = [habit for habit in current if habit.claim in _EVER]
    if nevers and ever:
        return f"{_who(nevers)} says never; {_who(ever)} says that there was or is."
    newest: dict[str, Habit] = {}
    for habit in current:
        newest.setdefault(habit.said.source, habit)
    has = [habit for habit in newest.values() if habit.claim == "has"]
    denied = [habit for habit in newest.values() if habit.claim in _NOT]
    apart = [one for one in denied if any(_near(one, other, near) for other in has)]
    if not apart:
        return ""
    against = [other for other in has if any(_near(one, other, near) for one in apart)]
    return f"{_who(apart)} says that there is none; {_who(against)} says that there is."


def _who(habits: Sequence[Habit]) -> str:
    return and_list(habit.said.source for habit in habits)


def _near(one: Habit, other: Habit, near: timedelta) -> bool:
    """Whether both speak of one time; what has no date may be of any."""
    first, second = (each.said.when or each.said.recorded for each in (one, other))
    return first is None or second is None or abs(first.start - second.start) <= near


WAY: Way[Shape] = Way(Kind.SOCIAL_HISTORY, gather, make)

"""Pregnancies: one episode from booking to postnatal care, whoever told which part of it.

Pure, over the folded record: every statement stays in its own entry too, and what is withheld from
the reader is in no episode. Due dates and ends make episodes; what else is said joins the one it
lies in, and what lies in none is a pregnancy of its own. An ended one is never current; one whose
end nobody said stops being current when it must be over. Windows are in `policy.json`.
Demonstration rules until a clinical safety officer signs them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from wholerecord.fold.maternity_said import Evidence, Tells, evidence
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.fold.record import Record

#: Days from the last period to the due date, and to when somebody can first have conceived.
_TERM, _CONCEIVED = 280, 14
#: Due this many days later or sooner, a child can be born alive and be looked after as one.
_VIABLE = 119
#: How many episodes one statement is held against: a long record stays linear.
_MOST = 8


class State(Enum):
    """Whether a pregnancy goes on."""

    CURRENT = "current"
    ENDED = "ended"
    NOT_KNOWN = "end not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """One pregnancy. `due` are the dates said, the newest word first: more than one disagree.

    `began` is the first day anything was said of it, `ended` the first day that its end is said to
    be; None is not known. `outcomes` are how it ended, in words. `told` is everything said of it.
    """

    state: State
    due: tuple[date, ...]
    began: date | None
    ended: date | None
    outcomes: tuple[str, ...]
    told: tuple[Evidence, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Who tells of it, by name, each once."""
        return tuple(sorted({one.said.source for one in self.told}))


@dataclass(slots=True, kw_only=True, eq=False)
class _Episode:
    """A pregnancy while its statements are found. Days are ordinals, so that none overflows."""

    low: int
    high: int
    end: int | None = None
    told: list[Evidence] = field(default_factory=list[Evidence])


def pregnancies(record: Record, today: date, rules: Policy = POLICY) -> tuple[Pregnancy, ...]:
    """Every pregnancy that the record tells of, newest first."""
    latest = today.toordinal() + int(rules.clock_days)
    said = [one for one in evidence(record) if one.day is None or one.day.toordinal() <= latest]
    if all(one.tells in {Tells.CARE, Tells.AFTER} for one in said):
        return ()
    said.sort(key=_order)
    found = _due(said, rules)
    found = sorted((*found, *_ended(said, found, rules)), key=lambda one: (one.low, one.high))
    loose = _joined(said, found, rules)
    found = sorted((*found, *_alone(loose, rules)), key=lambda one: (one.low, one.high))
    _cared_for(said, found, rules)
    _undated(said, found)
    dead = bool(record.who and (record.who.best.dead or record.who.best.died))
    each = [_pregnancy(one, today, rules, dead=dead) for one in found]
    never = date.min
    return tuple(sorted(each, key=lambda one: one.ended or one.began or never, reverse=True))


def _order(one: Evidence) -> tuple[int, str, int, str, str, str, str]:
    said = one.said
    return (_day(one), one.tells.value, said.patient, said.kind, said.id, said.place, one.outcome)


def _day(one: Evidence) -> int:
    return one.day.toordinal() if one.day else 0


def _due(said: Iterable[Evidence], rules: Policy) -> list[_Episode]:
    """An episode for each due date; those near one another are of one."""
    found: list[_Episode] = []
    first = 0
    dated = ((one.due.toordinal(), one) for one in said if one.due is not None)
    for due, one in sorted(dated, key=lambda pair: pair[0]):
        if not found or due - first > rules.due_apart_days:
            first = due
            found.append(_Episode(low=due - _TERM, high=due))
        found[-1].high = due + int(rules.overdue_days)
        found[-1].told.append(one)
    return found


def _ended(said: Iterable[Evidence], due: Sequence[_Episode], rules: Policy) -> list[_Episode]:
    """Each end joins the episode whose due date fits and was said by then; else it is one."""
    found: list[_Episode] = []
    last: _Episode | None = None
    for one in said:
        if one.tells is not Tells.END or one.day is None:
            continue
        day = _day(one)
        if last is None or last.end is None or day - last.end > rules.end_days:
            fits = (each for each in due if _can_end(each, day, rules))
            last = next(fits, None)
            if last is None:
                span = _TERM + int(rules.overdue_days)
                last = _Episode(low=day - span, high=day)
                found.append(last)
            last.end = day
        last.told.append(one)
    return found


def _can_end(one: _Episode, day: int, rules: Policy) -> bool:
    known = min(map(_day, one.told))
    by_then = known <= day + rules.pregnancy_echo_days
    return one.end is None and by_then and one.low + _CONCEIVED <= day <= one.high


def _joined(said: Iterable[Evidence], found: Sequence[_Episode], rules: Policy) -> list[Evidence]:
    """What tells of a pregnancy, each in the episode it lies in; those that lie in none."""
    loose: list[Evidence] = []
    lows = [one.low for one in found]
    for one in said:
        if one.tells is not Tells.PREGNANT or one.day is None:
            continue
        day = _day(one)
        fits = [each for each in _near(found, lows, day) if day <= _until(each, rules)]
        going_on = [each for each in fits if each.end is None or day <= each.end]
        home = next(iter(going_on or fits), None)
        if home is None:
            loose.append(one)
        else:
            home.told.append(one)
    return loose


def _until(one: _Episode, rules: Policy) -> float:
    return one.high if one.end is None else one.end + rules.pregnancy_echo_days


def _near(found: Sequence[_Episode], lows: Sequence[int], day: int) -> Iterator[_Episode]:
    """The last episodes that can have begun by that day, latest first."""
    after = bisect_right(lows, day)
    yield from reversed(found[max(0, after - _MOST) : after])


def _alone(loose: Sequence[Evidence], rules: Policy) -> list[_Episode]:
    """Pregnancies of which nobody says when they are due or how they ended."""
    found: list[_Episode] = []
    first = 0
    for one in loose:
        day = _day(one)
        if not found or day - first > rules.undated_days:
            first = day
            found.append(_Episode(low=day - _TERM, high=day + int(rules.undated_days)))
        found[-1].told.append(one)
    return found


def _cared_for(said: Iterable[Evidence], found: Sequence[_Episode], rules: Policy) -> None:
    """Care joins the episode it lies in. Postnatal care ends one whose end nobody said."""
    lows = [one.low for one in found]
    for one in said:
        if one.tells not in {Tells.CARE, Tells.AFTER} or one.day is None:
            continue
        day, after = _day(one), one.tells is Tells.AFTER
        span = rules.postnatal_days if after else rules.pregnancy_echo_days
        near = list(_near(found, lows, day))
        done = [e for e in near if e.end is not None and (after <= (day >= e.end))]
        ended = [e for e in done if e.end is not None and day <= e.end + span]
        going = [e for e in near if e.end is None and day <= e.high + (span if after else 0)]
        home = next(iter((ended or going) if after else (going or ended)), None)
        if home is None:
            continue
        home.told.append(one)
        if after and home.end is None and _shows_an_end(home, one):
            home.end = day


def _shows_an_end(home: _Episode, care: Evidence) -> bool:
    """Whether postnatal care is of this pregnancy: after its last word, late enough in it."""
    others = [one for one in home.told if one.tells in {Tells.PREGNANT, Tells.DUE}]
    due = [one.due.toordinal() for one in others if one.due]
    late = not due or _day(care) >= min(due) - _VIABLE
    return late and _day(care) > max(map(_day, others), default=0)


def _undated(said: Iterable[Evidence], found: list[_Episode]) -> None:
    """What has no day: an end is of the pregnancy that the same statement tells of."""
    of = {id(one.said): episode for episode in found for one in episode.told}
    for one in said:
        if one.day is not None or one.due is not None:
            continue
        home = of.get(id(one.said))
        if home is None and one.tells in {Tells.PREGNANT, Tells.END}:
            home = _Episode(low=0, high=0)
            of[id(one.said)] = home
            found.append(home)
        if home is not None:
            home.told.append(one)


def _pregnancy(one: _Episode, today: date, rules: Policy, *, dead: bool) -> Pregnancy:
    told = sorted(one.told, key=_order)
    over = one.end is not None or any(each.tells is Tells.END for each in told)
    dues = sorted(
        (each for each in told if each.due is not None),
        key=lambda each: (
            _day(each),
            each.said.recorded.start.timestamp() if each.said.recorded else 0.0,
        ),
        reverse=True,
    )
    days = [day for each in told if (day := _day(each))]
    state = State.ENDED if over else State.NOT_KNOWN
    if not over and not dead and days and today.toordinal() <= _over_by(dues, days, rules):
        state = State.CURRENT
    ends = [each for each in told if each.tells is Tells.END]
    return Pregnancy(
        state=state,
        due=tuple(dict.fromkeys(each.due for each in dues if each.due)),
        began=date.fromordinal(min(days)) if days else None,
        ended=date.fromordinal(one.end) if one.end else None,
        outcomes=tuple(dict.fromkeys(each.outcome for each in ends)),
        told=tuple(told),
    )


def _over_by(dues: Sequence[Evidence], days: Sequence[int], rules: Policy) -> float:
    """The last day on which a pregnancy whose end nobody said can be called current."""
    due = [one.due.toordinal() for one in dues if one.due]
    return max(due) + rules.overdue_days if due else min(days) + rules.undated_days

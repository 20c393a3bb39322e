"""Conditions: one entry for one stroke, one for a long-term condition, however many say it.

Source: DESIGN section 7 and `policy.json`. Suspected, family history and refuted are never joined
with confirmed. Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Iterator

from wholerecord.fold.condition_said import ConditionSaid, Diagnosis, FamilySaid, diagnosis
from wholerecord.fold.entry import and_list, earliest, latest, made
from wholerecord.fold.policy import POLICY
from wholerecord.fold.record import Coding, Condition, Entry, Kind
from wholerecord.fold.told import Around, Group, Told, Way, in_order, newness
from wholerecord.nhs import PartialDate
from wholerecord.terms import families, related, unknown
from wholerecord.terms.loaded import NOT_SAID
from wholerecord.terms.relate import depth


class _Episode:
    """One real thing while its statements are found."""

    __slots__ = ("certainty", "members", "names", "side", "sources", "start")

    def __init__(self, first: Diagnosis) -> None:
        self.members = [first]
        self.sources = {first.told.said.source}
        self.names = {_name(first): first}  # one of each concept: enough to compare with
        self.start = first.start
        self.side = first.side
        self.certainty = first.certainty

    def takes(self, one: Diagnosis) -> float | None:
        """How many days away `one` is when it can speak of this; None when it cannot."""
        if self.certainty != one.certainty:
            return None
        if self.side and one.side and self.side != one.side:
            return None
        if not all(_same_name(kind, one) for kind in self.names.values()):
            return None
        if self.start is None or one.start is None:
            return 0.0 if course(one) != "acute" else None
        days = (one.start - self.start).total_seconds() / 86400
        return abs(days) if abs(days) <= self._window(one, days) else None

    def _window(self, one: Diagnosis, days: float) -> float:
        if course(one) != "acute" or any(
            course(member) != "acute" for member in self.names.values()
        ):
            return float("inf")
        window = min(window_days(member) for member in (*self.names.values(), one))
        elsewhere = one.told.said.source not in self.sources
        if days >= 0 and elsewhere and not one.hospital:
            return max(window, POLICY.conditions.echo_days.value)
        return window

    def add(self, one: Diagnosis) -> None:
        """`one` speaks of this too."""
        self.members.append(one)
        self.sources.add(one.told.said.source)
        self.names.setdefault(_name(one), one)
        self.side = self.side or one.side


def _name(one: Diagnosis) -> str:
    return one.concept.id if one.concept else one.name


def _same_name(one: Diagnosis, other: Diagnosis) -> bool:
    if one.concept is not None and other.concept is not None:
        return related(one.concept, other.concept)
    return one.concept is other.concept and one.name == other.name


def course(one: Diagnosis) -> str:
    """acute, long-term or cancer; where nothing says which, acute unless listed as a problem."""
    if one.concept is not None and one.concept.course != NOT_SAID:
        return one.concept.course or "acute"
    return "long-term" if one.listed else "acute"


def window_days(one: Diagnosis) -> float:
    """How many days apart two statements of one source can be about one acute event."""
    rules = POLICY.conditions
    if one.concept is None or one.concept.course == NOT_SAID:
        return rules.unknown_days.value
    for known in (one.concept.id, *one.concept.parents):
        if known in rules.acute_days:
            return rules.acute_days[known].value
    return rules.acute_days["default"].value


def gather(
    told: list[Told[ConditionSaid | FamilySaid]], around: Around
) -> list[Group[ConditionSaid | FamilySaid]]:
    """Groups that speak of one condition. Each statement joins the nearest it can, oldest first."""
    episodes: dict[str, list[_Episode]] = {}
    each = [diagnosis(one, around) for one in in_order(told)]
    family_of = families(one.concept for one in each if one.concept is not None)
    for one in each:
        name = family_of[one.concept.id] if one.concept else one.name
        family = episodes.setdefault(name, [])
        near = [
            (days, n)
            for n, episode in _recent(family, one)
            if (days := episode.takes(one)) is not None
        ]
        if near:
            family[min(near)[1]].add(one)
        else:
            family.append(_Episode(one))
    return [
        Group([member.told for member in episode.members], _why(episode))
        for family in episodes.values()
        for episode in family
    ]


def _recent(family: list[_Episode], one: Diagnosis) -> Iterator[tuple[int, _Episode]]:
    """The episodes that could take `one`, latest first; for acute ones, those near in time."""
    acute = one.start is not None and course(one) == "acute"
    far = max(window_days(one), POLICY.conditions.echo_days.value)
    for n in range(len(family) - 1, -1, -1):
        start = family[n].start
        if acute and start is not None and one.start is not None and (one.start - start).days > far:
            return
        yield n, family[n]


def _why(episode: _Episode) -> str:
    members = episode.members
    if len(members) == 1:
        return "One statement." if members[0].concept else f"One statement; {unknown('its code')}."
    known = members[0].concept is not None
    same = "Same concept" if known else f"Same code or words ({unknown('the concept')})"
    if course(members[0]) == "cancer":
        return f"{same} and site: one tumour, whatever the date."
    if any(course(member) != "acute" for member in members):
        return f"{same}: one long-term condition, from its earliest credible onset."
    starts = [member.start for member in members if member.start is not None]
    days = (max(starts) - min(starts)).days if starts else 0
    side = " and side" if episode.side else ""
    window = window_days(members[0])
    if days <= window:
        return f"{same}{side}; recorded within {window:.0f} days."
    return f"{same}{side}; the entry {days} days later from elsewhere echoes the first event."


def make(group: Group[ConditionSaid | FamilySaid], around: Around) -> Entry:
    """One condition."""
    each = [diagnosis(one, around) for one in in_order(group.told)]
    best = max(each, key=lambda one: depth(one.concept) if one.concept else 0)
    newest = max(each, key=_newness)
    long_term = course(best) != "acute"
    status, conflict = _status(each, newest, long_term=long_term)
    title = best.concept.title if best.concept else best.told.said.words or "Unnamed condition"
    if best.certainty == "family":
        title = f"Family history: {newest.told.said.words or title}"
    elif best.certainty == "suspected":
        title = f"Suspected: {title}"
    ends = [
        PartialDate.parse(one.told.body.ended)
        for one in each
        if isinstance(one.told.body, ConditionSaid)
    ]
    return made(
        group,
        Kind.CONDITION,
        title=title,
        code=_code(each, best),
        when=earliest(one.told.said.when for one in each) or earliest(one.told.at for one in each),
        until=latest(ends) if status == "resolved" else None,
        status=status,
        conflict=conflict,
        detail=Condition(
            certainty=best.certainty,
            long_term=long_term,
            side=next((one.side for one in each if one.side), ""),
            severity=next(
                (
                    one.told.body.severity.words
                    for one in each
                    if isinstance(one.told.body, ConditionSaid) and one.told.body.severity.words
                ),
                "",
            ),
        ),
    )


def _newness(one: Diagnosis) -> tuple[object, ...]:
    return newness(one.told)


def _code(each: list[Diagnosis], best: Diagnosis) -> Coding | None:
    """The coding of the most specific concept, in SNOMED CT where anybody gave that."""
    level = depth(best.concept) if best.concept else 0
    alike = [one for one in each if (depth(one.concept) if one.concept else 0) == level]
    for one in alike:
        for coding in one.told.said.codes:
            if coding.system == "http://snomed.info/sct":
                return coding
    return next((one.code for one in (best, *alike) if one.code), None)


_STATES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "resolved",
    "remission": "resolved",
    "resolved": "resolved",
}


def _status(each: list[Diagnosis], newest: Diagnosis, *, long_term: bool) -> tuple[str, str]:
    """The newest source's word, and in words where sources disagree about a long-term condition."""
    if newest.certainty == "refuted":
        return "refuted", ""
    by_source: dict[str, str] = {}
    for one in sorted(each, key=_newness):
        state = _STATES.get(one.told.said.status)
        if state:
            by_source[one.told.said.source] = state
    status = _STATES.get(newest.told.said.status) or (
        next(iter(by_source.values()), "") if len(set(by_source.values())) == 1 else ""
    )
    conflict = ""
    if long_term and len(set(by_source.values())) > 1:
        active = and_list(s for s, state in by_source.items() if state == "active")
        resolved = and_list(s for s, state in by_source.items() if state == "resolved")
        conflict = f"{active} says it is active; {resolved} says it is resolved."
    return status or "unknown", conflict


WAY: Way[ConditionSaid | FamilySaid] = Way(Kind.CONDITION, gather, make)

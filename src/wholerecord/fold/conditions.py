"""Conditions: one entry for one stroke, one for a long-term condition, however many say it.

Source: DESIGN section 7 and `policy.json`. Suspected, family history and refuted are never joined
with confirmed. Demonstration rules until a clinical safety officer signs them.
"""

from wholerecord.fold import cancers
from wholerecord.fold.cancer_said import Tumour, tumour
from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.diagnosis import Diagnosis, diagnosis, lasting
from wholerecord.fold.entry import (
    SNOMED,
    and_list,
    earliest,
    first_said,
    latest,
    made,
    suspected,
)
from wholerecord.fold.episodes import Episode, Family
from wholerecord.fold.record import Coding, Condition, Entry, Kind
from wholerecord.fold.told import Around, Group, Key, Told, Way, in_order, newness
from wholerecord.fold.tumours import lesions
from wholerecord.nhs import PartialDate
from wholerecord.terms import families, unknown


def gather(told: list[Told[ConditionSaid]], around: Around) -> list[Group[ConditionSaid]]:
    """Groups that speak of one condition. Each statement joins the nearest it can, oldest first."""
    found: dict[str, Family] = {}
    every = [diagnosis(one, around) for one in in_order(told)]
    of_cancer = _of_cancer(every, around)
    rest = [one for one in every if one.told.key not in of_cancer] if of_cancer else every
    each = sorted(rest, key=_vagueness)
    family_of = families(one.concept for one in each if one.concept is not None)
    for one in each:
        name = family_of[one.concept.id] if one.concept else one.name
        found.setdefault(name, Family(around.policy)).place(one)
    groups = [
        Group([member.told for member in episode.members], _why(episode))
        for family in found.values()
        for episode in family.episodes
    ]
    tumours = lesions(of_cancer.values(), around.policy)
    groups += [
        Group([one.one.told for one in each.members], cancers.why(each), sense=each.role.value)
        for each in tumours
    ]
    return groups


def _of_cancer(each: list[Diagnosis], around: Around) -> dict[Key, Tumour]:
    """What of the statements tells of a tumour, in their order."""
    found = ((one.told.key, tumour(one, around.policy)) for one in each)
    return {key: said for key, said in found if said is not None}


def _why(episode: Episode) -> str:
    members = episode.members
    if len(members) == 1:
        return "One statement." if members[0].concept else f"One statement; {unknown('its code')}."
    known = members[0].concept is not None
    same = "Same concept" if known else f"Same code or words ({unknown('the concept')})"
    if any(member.course != "acute" for member in members):
        return f"{same}: one long-term condition, from its earliest credible onset."
    if any(member.history for member in members):
        return f"{same}; what retells the past joins the event of its year, else the last before."
    exact = [member for member in members if not member.vagueness]
    if not exact:
        return f"{same}; both said only by month or year."
    starts = [member.start for member in exact if member.start is not None]
    days = (max(starts) - min(starts)).days if starts else 0
    side = " and side" if episode.side else ""
    window = members[0].window
    if days <= window:
        return f"{same}{side}; recorded within {window:.0f} days."
    return f"{same}{side}; the entry {days} days later from elsewhere echoes the first event."


def make(group: Group[ConditionSaid], around: Around) -> Entry:
    """One condition."""
    each = [diagnosis(one, around) for one in in_order(group.told)]
    if of_cancer := _of_cancer(each, around):
        return cancers.make(group, [*of_cancer.values()], around.policy)
    best = max(each, key=_depth)
    events = [one for one in each if not one.history] or each
    by_newness = sorted(events, key=_newness) if len(events) > 1 else events
    newest = by_newness[-1]
    long_term = best.course != "acute"
    telling = lasting(by_newness) if long_term and len(each) > 1 else by_newness
    status, conflict = _status(telling, long_term=long_term)
    title = best.concept.title if best.concept else best.told.said.words or "Unnamed condition"
    if best.certainty == "family":
        title = f"Family history: {newest.told.said.words or title}"
    elif best.certainty == "suspected":
        title = suspected(title)
    elif newest.history:
        title = f"History of: {title}"
    bodies = [one.told.body for one in each]
    over = status == "resolved"
    return made(
        group,
        Kind.CONDITION,
        title=title,
        code=_code(each, best),
        when=_began(events),
        until=latest([PartialDate.parse(body.ended) for body in bodies]) if over else None,
        status=status,
        conflict=conflict,
        detail=Condition(
            certainty=best.certainty,
            long_term=long_term,
            side=first_said([one.side for one in each]),
            severity=first_said([body.severity.words for body in bodies]),
        ),
    )


def _began(each: list[Diagnosis]) -> PartialDate | None:
    """The earliest date said; of an acute event, of those that are said the most precisely."""
    if len(each) > 1:
        least = min([one.vagueness for one in each])
        each = [one for one in each if one.vagueness == least]
    return earliest([one.told.said.when for one in each]) or earliest([one.told.at for one in each])


def _vagueness(one: Diagnosis) -> int:
    return one.vagueness


def _depth(one: Diagnosis) -> int:
    return one.depth


def _newness(one: Diagnosis) -> tuple[object, ...]:
    return newness(one.told)


def _code(each: list[Diagnosis], best: Diagnosis) -> Coding | None:
    """The coding of the most specific concept, in SNOMED CT where anybody gave that."""
    alike = [one for one in each if one.depth == best.depth]
    for one in alike:
        for coding in one.told.said.codes:
            if coding.system == SNOMED:
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


def _status(by_newness: list[Diagnosis], *, long_term: bool) -> tuple[str, str]:
    """The newest source's word, and in words where sources disagree about a long-term condition."""
    newest = by_newness[-1]
    if newest.certainty == "refuted":
        return "refuted", ""
    by_source: dict[str, str] = {}
    for one in by_newness:
        state = _STATES.get(one.told.said.status)
        if state:
            by_source[one.told.said.source] = state
    said = set(by_source.values())
    status = _STATES.get(newest.told.said.status) or (said.pop() if len(said) == 1 else "")
    conflict = ""
    if long_term and len(said) > 1:
        active = and_list(s for s, state in by_source.items() if state == "active")
        resolved = and_list(s for s, state in by_source.items() if state == "resolved")
        conflict = f"{active} says it is active; {resolved} says it is resolved."
    return status or "unknown", conflict


WAY: Way[ConditionSaid] = Way(Kind.CONDITION, gather, make)

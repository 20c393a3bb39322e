"""Medicines: one line of therapy for one substance and route, every source's dose kept.

Orders, dispenses, administrations and reports are joined by substance (VTM) and route. Never
joined: two strengths active from one source at once; products that should not be switched
(insulin, lithium, anti-epileptics, tacrolimus, modified release), which stay apart by product.
Sources: NHSBSA dm+d for VTM; `policy.json`. Demonstration rules until a clinical safety officer
signs them.
"""

from collections.abc import Iterator
from datetime import datetime

from wholerecord.fold.entry import earliest, first_said, made
from wholerecord.fold.medicine_said import MedicationSaid, MedicineSaid, Ordered
from wholerecord.fold.medicine_state import SAYS_WHETHER, state_of, status_of, stopped_because
from wholerecord.fold.medicine_words import doses_of, words_of
from wholerecord.fold.record import Entry, Kind, Medicine
from wholerecord.fold.same_order import join_by_order
from wholerecord.fold.supply import use_of
from wholerecord.fold.therapy import Therapy, therapy
from wholerecord.fold.told import Around, Group, Key, Told, Way, in_order, newest_first
from wholerecord.terms import unknown


def gather(told: list[Told[MedicineSaid]], around: Around) -> list[Group[MedicineSaid]]:
    """Groups that are one line of therapy; a Medication nobody refers to stands alone."""
    used: set[Key] = set()
    same: dict[str, list[Therapy]] = {}
    medications: list[Told[MedicineSaid]] = []
    for one in in_order(told):
        if isinstance(one.body, MedicationSaid):
            medications.append(one)
            continue
        taken = therapy(one, around)
        if taken.via is not None:
            used.add(taken.via.key)
        same.setdefault(taken.name, []).append(taken)
    join_by_order(same, around)
    groups: list[Group[MedicineSaid]] = []
    where: dict[Key, Group[MedicineSaid]] = {}
    for name in sorted(same):
        for line in _lines(same[name]):
            group = Group([one.told for one in line], _why(line))
            groups.append(group)
            for one in line:
                if one.via is not None:
                    where.setdefault(one.via.key, group)
    for one in medications:
        if one.key in used:
            where[one.key].told.append(one)
        else:
            groups.append(Group([one], "A medicine that no statement refers to."))
    return groups


def _lines(each: list[Therapy]) -> Iterator[list[Therapy]]:
    """The lines of therapy among statements of one substance or product, oldest first."""
    for by_route in _routes(each):
        for course in _courses(by_route):
            yield from _strengths(course)


def _routes(each: list[Therapy]) -> list[list[Therapy]]:
    """By route; a statement with no route joins the only one there is, else its like."""
    said: dict[str, list[Therapy]] = {}
    for one in each:
        said.setdefault(one.route, []).append(one)
    if len(said) == 2 and "" in said:
        return [each]
    return [said[route] for route in sorted(said)]


def _courses(line: list[Therapy]) -> list[list[Therapy]]:
    """Split where everything had ended and nothing was said for longer than the policy's gap."""
    gap = line[0].gap_days
    courses: list[list[Therapy]] = []
    last: datetime | None = None
    for one in line:
        at = one.told.at
        start = at.start if at else None
        idle = start is not None and last is not None and (start - last).days > gap
        if not courses or (idle and _all_ended(courses[-1])):
            courses.append([one])
        else:
            courses[-1].append(one)
        last = start if last is None or (start is not None and start > last) else last
    return courses


def _all_ended(course: list[Therapy]) -> bool:
    """By the orders; where there are none, by the reports, which say only what was so that day."""
    orders = [one for one in course if isinstance(one.told.body, Ordered)]
    return all(_ended(one) for one in orders or course)


def _ended(one: Therapy) -> bool:
    if not isinstance(one.told.body, SAYS_WHETHER):
        return True
    return one.told.said.status not in {"active", "on-hold", "intended", "draft", "unknown", ""}


def _strengths(line: list[Therapy]) -> list[list[Therapy]]:
    """Apart where one source has two strengths active at once; what says none joins the first."""
    active: dict[str, set[str]] = {}
    for one in line:
        if isinstance(one.told.body, Ordered) and one.told.said.status == "active" and one.strength:
            active.setdefault(one.told.said.source, set()).add(one.strength)
    if all(len(strengths) < 2 for strengths in active.values()):
        return [line]
    apart = sorted({strength for strengths in active.values() for strength in strengths})
    lines: dict[str, list[Therapy]] = {strength: [] for strength in apart}
    for one in line:
        lines[one.strength if one.strength in lines else apart[0]].append(one)
    return [lines[strength] for strength in apart]


def _why(line: list[Therapy]) -> str:
    if len(line) == 1:
        known = line[0].concept is not None
        return "One statement." if known else f"One statement; {unknown('its substance')}."
    if line[0].concept is None:
        return f"Same code or words ({unknown('the substance')})."
    if line[0].concept.product or "|" in line[0].name:
        return "Same product: this medicine is kept apart by product."
    route = " and route" if any(one.route for one in line) else ""
    return f"Same substance{route}: one line of therapy."


def make(group: Group[MedicineSaid], around: Around) -> Entry:
    """One line of therapy."""
    told = in_order(group.told)
    newest = newest_first(told)
    each = [therapy(one, around) for one in told]
    latest = each if newest is told else [therapy(one, around) for one in newest]
    best = next((one for one in each if one.concept), each[0]) if len(each) > 1 else each[0]
    status, conflict = status_of(newest)
    words = words_of(told, around)
    use = use_of(words)
    product = best.concept is None or best.concept.product or "|" in best.name
    substance = best.concept.title if best.concept else best.words
    return made(
        group,
        Kind.MEDICINE if any(not isinstance(t.body, MedicationSaid) for t in told) else Kind.OTHER,
        title=(best.words if product else substance) or "Unnamed medicine",
        code=best.code,
        when=earliest([one.said.when for one in told]) or earliest([one.at for one in told]),
        status=status,
        conflict=conflict,
        detail=Medicine(
            substance=substance,
            route=first_said([one.route for one in latest]),
            doses=tuple(dict.fromkeys([dose for one in latest for dose in doses_of(one)])),
            state=state_of(told, status),
            setting=_settings(told),
            stopped_because=stopped_because(newest) if status == "stopped" else "",
            last=use.last,
            current_until=use.until if status == "active" else None,
            words=words,
        ),
    )


def _settings(told: list[Told[MedicineSaid]]) -> tuple[str, ...]:
    """The sources with a current order or report."""
    current = {
        one.said.source
        for one in told
        if isinstance(one.body, SAYS_WHETHER) and one.said.status in {"active", "on-hold"}
    }
    return tuple(sorted(current))


WAY: Way[MedicineSaid] = Way(Kind.MEDICINE, gather, make)

"""Allergies: one entry for one substance, and "no known allergies" never hiding any of them.

Law: a negative never hides a positive. A statement that there is none stands in the record's
negatives, dated and attributed; every allergy it contradicts says so. Demonstration rules until a
clinical safety officer signs them. Source for codes: NHS England, GP Connect, "no known allergy".
"""

from msgspec import structs

from wholerecord.fold.allergy_said import AllergySaid
from wholerecord.fold.condition_said import most_specific
from wholerecord.fold.entry import and_list, earliest, first_code, made
from wholerecord.fold.record import Allergy, Entry, Kind, Negative, Said
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.terms import CONCEPTS, Concept, plain

_CRITICAL = {"high": 3, "unable-to-assess": 2, "low": 1}


def concept_of(told: Told[Shape]) -> Concept | None:
    """What the statement means, among allergies, substances and "none known"."""
    return most_specific(told.said.codes, told.said.words, "allergy")[0]


def substance_of(told: Told[Shape]) -> Concept | None:
    """The substance or class of medicines the allergy is to."""
    found = concept_of(told)
    if found is not None and found.kind == "allergy":
        return CONCEPTS[found.of]
    return found


def _refuted(told: Told[Shape]) -> bool:
    return isinstance(told.body, AllergySaid) and told.body.verification_status.has("refuted")


def _name(told: Told[Shape]) -> str:
    substance = substance_of(told)
    if substance is not None:
        name = substance.id
    elif told.said.codes and told.said.codes[0].code:
        name = f"{told.said.codes[0].system}|{told.said.codes[0].code}"
    else:
        name = plain(told.said.words)
    return f"{name}|refuted" if _refuted(told) else name


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Groups that speak of an allergy to one substance; what was refuted stays apart."""
    same: dict[str, list[Told[Shape]]] = {}
    for one in sorted(told, key=lambda one: one.order):
        same.setdefault(_name(one), []).append(one)
    return [Group(group, _why(group)) for group in same.values()]


def _why(group: list[Told[Shape]]) -> str:
    known = substance_of(group[0]) is not None
    if len(group) == 1:
        return "One statement." if known else "One statement; its substance is not known."
    return "Same substance." if known else "Same code or words (the substance is not known)."


def make(group: Group[Shape], _around: Around) -> Entry:
    """One allergy: the highest criticality said, every reaction kept."""
    each = sorted(group.told, key=lambda one: one.order)
    bodies = [one.body for one in each if isinstance(one.body, AllergySaid)]
    newest = max(each, key=lambda one: one.newest)
    substance = substance_of(newest)
    status, conflict = _status(each)
    if substance is not None and substance.kind == "negative":
        substance = None  # only a negative ruled wrong becomes an entry, in its own words
    return made(
        group,
        Kind.ALLERGY,
        title=substance.title if substance else newest.said.words or "Unnamed substance",
        code=first_code(each),
        when=earliest(one.said.when for one in each) or earliest(one.at for one in each),
        status=status,
        conflict=conflict,
        detail=Allergy(
            criticality=max(
                (body.criticality for body in bodies),
                key=lambda said: _CRITICAL.get(said, 0),
                default="",
            ),
            type=next((body.type for body in bodies if body.type), ""),
            category=next((body.category[0] for body in bodies if body.category), ""),
            reactions=tuple(
                dict.fromkeys(
                    reaction.words
                    for body in bodies
                    for reaction in body.reaction
                    if reaction.words
                )
            ),
        ),
    )


def _status(each: list[Told[Shape]]) -> tuple[str, str]:
    """Active when any source's newest word is active: a resolved allergy must be said by all."""
    if _refuted(each[0]):
        return "refuted", ""
    by_source: dict[str, str] = {}
    for one in sorted(each, key=lambda one: one.newest):
        ended = one.said.status in {"resolved", "inactive"}
        by_source[one.said.source] = "resolved" if ended else "active"
    if len(set(by_source.values())) == 1:
        return by_source[each[0].said.source], ""
    active = and_list(source for source, state in by_source.items() if state == "active")
    ended = and_list(source for source, state in by_source.items() if state == "resolved")
    return "active", f"{active} says it is active; {ended} says it is not."


def denied(entry: Entry, negatives: tuple[Negative, ...]) -> Entry:
    """`entry` with the negatives it contradicts, each named in its conflict."""
    detail = entry.detail
    if not isinstance(detail, Allergy) or entry.status in {"refuted", "resolved"}:
        return entry
    against = tuple(one.said for one in negatives if _speaks_of(one, detail))
    if not against:
        return entry
    said = "; ".join(_denial(one) for one in sorted(against, key=lambda one: (one.source, one.id)))
    conflict = f"{said}; but this allergy is recorded by {and_list(entry.sources)}."
    changed = Allergy(
        criticality=detail.criticality,
        type=detail.type,
        category=detail.category,
        reactions=detail.reactions,
        denied_by=against,
    )
    return structs.replace(entry, detail=changed, conflict=f"{entry.conflict} {conflict}".strip())


def _speaks_of(negative: Negative, detail: Allergy) -> bool:
    """Whether it is about this allergy: "no known drug allergies" says nothing of food."""
    only_medicines = "drug" in negative.title.lower() or "medic" in negative.title.lower()
    if negative.kind is not Kind.ALLERGY:
        return False
    return not only_medicines or detail.category in {"", "medication", "biologic"}


def _denial(said: Said) -> str:
    at = said.recorded or said.when
    return f"{said.source} said “{said.words}”" + (f" on {at.say()}" if at else "")


WAY: Way[Shape] = Way(Kind.ALLERGY, gather, make)

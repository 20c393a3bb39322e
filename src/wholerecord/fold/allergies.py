"""Allergies: one entry for one substance, and "no known allergies" never hiding any of them.

Law: a negative never hides a positive. A statement that there is none stands in the record's
negatives, dated and attributed; every allergy it contradicts says so. Demonstration rules until a
clinical safety officer signs them. Source for codes: NHS England, GP Connect, "no known allergy".
"""

from collections.abc import Sequence

from msgspec import structs

from wholerecord.fold.allergy_said import AllergySaid
from wholerecord.fold.entry import and_list, earliest, first_code, made
from wholerecord.fold.meant import most_specific
from wholerecord.fold.record import NOT_SO, Allergy, Entry, Kind, Negative, Said
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way, in_order, newest_first
from wholerecord.terms import CONCEPTS, Concept, plain, unknown

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
    for one in in_order(told):
        same.setdefault(_name(one), []).append(one)
    return [Group(group, _why(group)) for group in same.values()]


def _why(group: list[Told[Shape]]) -> str:
    known = substance_of(group[0]) is not None
    if len(group) == 1:
        return "One statement." if known else f"One statement; {unknown('its substance')}."
    return "Same substance." if known else f"Same code or words ({unknown('the substance')})."


def make(group: Group[Shape], _around: Around) -> Entry:
    """One allergy: the highest criticality said, every reaction kept."""
    each = in_order(group.told)
    bodies = [one.body for one in each if isinstance(one.body, AllergySaid)]
    newest = newest_first(each)[0]
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
    for one in reversed(newest_first(each)):
        ended = one.said.status in {"resolved", "inactive"}
        by_source[one.said.source] = "resolved" if ended else "active"
    if len(set(by_source.values())) == 1:
        return by_source[each[0].said.source], ""
    active = and_list(source for source, state in by_source.items() if state == "active")
    ended = and_list(source for source, state in by_source.items() if state == "resolved")
    return "active", f"{active} says it is active; {ended} says it is not."


class Denials:
    """The statements that there is no allergy, ready to be named in the allergies they deny."""

    def __init__(self, negatives: Sequence[Negative]) -> None:
        allergies = [one for one in negatives if one.kind is Kind.ALLERGY]
        self._of_medicine = tuple(one.said for one in allergies)
        self._of_all = tuple(one.said for one in allergies if not _only_medicines(one))
        self._words = (_denial(self._of_medicine), _denial(self._of_all))

    def against(self, entry: Entry) -> Entry:
        """`entry` with those it contradicts, named in its conflict."""
        detail = entry.detail
        if not isinstance(detail, Allergy) or entry.status in NOT_SO or entry.status == "resolved":
            return entry
        medicine = detail.category in {"", "medication", "biologic"}
        said = self._of_medicine if medicine else self._of_all
        if not said:
            return entry
        words = self._words[0 if medicine else 1]
        conflict = f"{words}; but this allergy is recorded by {and_list(entry.sources)}."
        return structs.replace(
            entry,
            detail=structs.replace(detail, denied_by=said),
            conflict=f"{entry.conflict} {conflict}".strip(),
        )


def _only_medicines(negative: Negative) -> bool:
    """Whether it speaks of medicines alone, as "no known drug allergies" does."""
    title = negative.title.lower()
    return "drug" in title or "medic" in title


def _denial(denying: tuple[Said, ...]) -> str:
    """Who denied, in which words, when: the first three, and how many more."""
    told = sorted(denying, key=lambda said: (said.source, said.patient, said.kind, said.id))
    each = [
        f"{said.source} said “{said.words}”"
        + (f" on {at.say()}" if (at := said.recorded or said.when) else "")
        for said in told[:3]
    ]
    more = [f"{len(told) - 3} more said so"] if len(told) > 3 else []
    return "; ".join((*each, *more))


WAY: Way[Shape] = Way(Kind.ALLERGY, gather, make)

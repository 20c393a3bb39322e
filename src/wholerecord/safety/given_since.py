"""What was given or handed out since an allergy to it was written down: evidence, and no more.

That somebody had a substance does not say that they tolerated it: nobody looked, or the reaction is
not in this record. So it stands beside the allergy for a professional to ask, and neither the
allergy nor any check of it is the less for it. Source: NICE CG183, Drug allergy (2014): details of
a suspected reaction are documented and reviewed. Demonstration until a clinical safety officer
signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.fold import NOT_SO, Entry, Kind, Record, Said, by_kind
from wholerecord.safety.substance import allergen_of, medicine_of
from wholerecord.terms import is_a

#: Of what was given or handed out: what did not take place says nothing.
_GIVEN = frozenset({"MedicationAdministration", "MedicationDispense"})
_NOT_DONE = frozenset(
    {"not-done", "declined", "cancelled", "preparation", "entered-in-error", "stopped"}
)
#: Characters of a date that says the day.
_DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One time that a medicine was given or handed out, and the entry that it stands in."""

    medicine: Entry
    said: Said


def given_since(allergy: Entry, record: Record) -> Sequence[Given]:
    """Every time after the allergy was first dated or written down, newest first.

    Nothing where the substance is not known, or no date says when the allergy was known; on the
    day itself it may be what the allergy was found by.
    """
    allergen = allergen_of(allergy)
    dates = [date for said in allergy.said_by for date in (said.when, said.recorded) if date]
    if allergen is None or not dates or allergy.status in NOT_SO:
        return ()
    known = min(dates).text[:_DAY]
    found = [
        Given(medicine=entry, said=said)
        for entry in by_kind(record)[Kind.MEDICINE]
        if entry.status not in NOT_SO and (meant := medicine_of(entry)) and is_a(meant, allergen)
        for said in entry.said_by
        if said.kind in _GIVEN
        and said.status not in _NOT_DONE
        and said.when is not None
        and said.when.precision in {"day", "moment"}
        and said.when.text[: len(known)] > known  # of a year, from the next
    ]
    return sorted(found, key=lambda one: (one.said.when or dates[0], one.said.id_key), reverse=True)

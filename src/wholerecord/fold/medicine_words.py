"""What each statement, and each earlier version of it, said of a line of therapy, and when.

A line shows how a medicine stands now. How it came to that, who changed it and from what, is in the
words themselves: `transfers` holds them against the day of a transfer of care.
"""

from typing import cast

from wholerecord.fold.entry import latest
from wholerecord.fold.medicine_said import MedicationSaid, MedicineSaid, MedicineShape
from wholerecord.fold.medicine_state import word_of
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Word
from wholerecord.fold.shape import IN_ERROR, date_of
from wholerecord.fold.supply import end_of, good_until, place_of
from wholerecord.fold.therapy import Therapy, therapy, therapy_anew
from wholerecord.fold.told import Around, Told
from wholerecord.nhs import PartialDate


def words_of(told: list[Told[MedicineSaid]], around: Around) -> tuple[Word, ...]:
    """The words of statements oldest first, of each its earlier versions before it."""
    words: list[Word] = []
    for one in told:
        if isinstance(one.body, MedicationSaid):
            continue
        earlier = around.earlier.get(one.key, ()) if one.again else ()
        began: PartialDate | None = None
        for each in earlier:
            if each.said.status == IN_ERROR:
                continue
            version = cast("Told[MedicineSaid]", each)  # of one type and id, and so of one shape
            words.append(_word(version, therapy_anew(version, around), around.policy, began))
            began = began or words[-1].since
        words.append(_word(one, therapy(one, around), around.policy, began, now=True))
    return tuple(words)


def doses_of(one: Therapy) -> tuple[str, ...]:
    """Each dose as written; with the product, where that has a strength."""
    body = one.told.body
    if isinstance(body, MedicationSaid):
        return ()
    named = f"{one.words}: " if one.strength and one.words else ""
    return tuple(f"{named}{dose}" for dose in body.doses) or ((one.words,) if one.strength else ())


def _word(
    one: Told[MedicineSaid],
    what: Therapy,
    rules: Policy,
    began: PartialDate | None,
    *,
    now: bool = False,
) -> Word:
    """The word of a version; `began` is when the first one said that it began."""
    said, body = one.said, one.body
    told = latest((said.recorded, date_of(body.meta.last_updated)))
    # What was said again with another dose or state holds from when it was said so.
    since = told if began else said.when or said.recorded or told
    says, ended = word_of(one), end_of(body)
    began = began or since
    if says == "ended" and ended is None and told and began and told.start > began.start:
        ended = told
    return Word(
        said,
        says,
        doses_of(what),
        since,
        told,
        ended,
        good_until(one, rules),
        body.stopped_because if isinstance(body, MedicineShape) else "",
        now,
        place_of(body),
    )

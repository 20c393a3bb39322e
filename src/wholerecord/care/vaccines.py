"""Where the person of an opened record stands in the schedule, worked out once for it and a day."""

from datetime import date

from wholerecord.access import Opened
from wholerecord.care.pregnant import pregnancies_of
from wholerecord.fold import Once, Record
from wholerecord.fold.vaccinated import Vaccinated, vaccinated

#: What was found last in each record, with the day and the policy it was found by.
_Found = tuple[date, str, Vaccinated]


def _nothing_yet(_: Record) -> list[_Found]:
    return []


_FOUND = Once(_nothing_yet)


def vaccinated_of(opened: Opened, today: date) -> Vaccinated:
    """Of what its reader may see; remembered by the very record, for a summary asks every time."""
    known = _FOUND.of(opened.record)
    if not known or known[0][:2] != (today, opened.policy.digest):
        found = vaccinated(opened.record, today, pregnant=pregnancies_of(opened, today))
        known[:] = [(today, opened.policy.digest, found)]
    return known[0][2]

"""The pregnancies of an opened record, worked out once for it: of what its reader may see."""

from collections.abc import Sequence
from datetime import date

from wholerecord.access import Opened
from wholerecord.fold import Once, Record
from wholerecord.fold.maternity import Pregnancy, pregnancies

#: What was found last in each record, with the day and the policy it was found by.
_Found = tuple[date, str, Sequence[Pregnancy]]


def _nothing_yet(_: Record) -> list[_Found]:
    return []


_FOUND = Once(_nothing_yet)


def pregnancies_of(opened: Opened, today: date) -> Sequence[Pregnancy]:
    """Newest first; remembered by the very record, for a first screen asks every time."""
    known = _FOUND.of(opened.record)
    if not known or known[0][:2] != (today, opened.policy.digest):
        found = pregnancies(opened.record, today, opened.policy)
        known[:] = [(today, opened.policy.digest, found)]
    return known[0][2]

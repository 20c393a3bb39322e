"""Who the person is, from what each source says: a verified number first, then the newest word."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from wholerecord.fold.record import Said, Who
from wholerecord.people import Demographics, from_patient

T = TypeVar("T")

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def who(patients: Sequence[tuple[Said, bytes]]) -> Who | None:
    """The best of what every source says. None when no source says anything.

    Law: when any source says the person is restricted, nobody's address or contacts are best.
    """
    if not patients:
        return None
    said_by = sorted(
        ((said, from_patient(body)) for said, body in patients), key=_newest, reverse=True
    )
    trusted = [one for _, one in sorted(said_by, key=lambda each: not _verified(each[1]))]
    restricted = any(one.restricted for one in trusted)
    number = next((one for one in trusted if one.nhs_number), None)
    best = Demographics(
        names=_first(trusted, lambda one: one.names, ()),
        born=_first(trusted, lambda one: one.born, None),
        died=_first(trusted, lambda one: one.died, None),
        dead=any(one.dead for one in trusted),
        sex=_first(trusted, lambda one: one.sex, ""),
        nhs_number=number.nhs_number if number else None,
        nhs_status=number.nhs_status if number else "",
        bad_nhs_number=_first(trusted, lambda one: one.bad_nhs_number, ""),
        identifiers=tuple(dict.fromkeys(i for one in trusted for i in one.identifiers)),
        addresses=() if restricted else _first(trusted, lambda one: one.addresses, ()),
        phones=() if restricted else _first(trusted, lambda one: one.phones, ()),
        emails=() if restricted else _first(trusted, lambda one: one.emails, ()),
        practice=_first(trusted, lambda one: one.practice, ""),
        restricted=restricted,
        ethnicity=_first(trusted, lambda one: one.ethnicity, ""),
    )
    return Who(best=best, said_by=tuple(said_by))


def _verified(one: Demographics) -> bool:
    return one.nhs_number is not None and one.nhs_status == "01"


def _newest(each: tuple[Said, Demographics]) -> tuple[datetime, int, str]:
    said = each[0]
    return (said.recorded.start if said.recorded else _NEVER, said.patient, said.id)


def _first(trusted: Sequence[Demographics], part: Callable[[Demographics], T], nothing: T) -> T:
    """The part as the most trusted source that says it has it."""
    return next((said for one in trusted if (said := part(one))), nothing)

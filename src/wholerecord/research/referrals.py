"""Who was referred, and what became of it: whether somebody still waits, and for how long.

A wait begins on the day the referral was asked for. It ends with the first visit or procedure that
says it carries the referral out, or that a booking of it does; or when its source says that the
referral is completed or withdrawn. A visit that names no referral ends no wait, whatever it was
for: a wait may be shown that is over, and none is hidden. That is near to, and is not, the NHS's
referral-to-treatment clock, which a first treatment stops and a first visit does not (Department of
Health, Referral to treatment consultant-led waiting times: rules suite, 2015). A demonstration
until a clinical safety officer signs it.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from wholerecord.fold import NOT_SO, Entry, Record
from wholerecord.fold.record import Encounter, Procedure
from wholerecord.fold.request import Request
from wholerecord.record import PatientId
from wholerecord.research.codes import Code, codes_of
from wholerecord.research.tables import CONCEPT

Key = tuple[PatientId, str, str]
#: system and code, asked, ended, status, priority, booked
Referral = tuple[str, str, date | None, date | None, str, str | None, date | None]
#: Every referral has this concept, for few sources code what they ask for alike.
REFERRAL: Code = (CONCEPT, "referral")
_NOT_DONE = NOT_SO | {"planned", "stopped"}


def referrals(record: Record, own: frozenset[str]) -> Iterator[Referral]:
    """A row for each code of each referral; `own` are the person's identifiers, never codes.

    Two sources that tell of one referral by one number give the same status and days.
    """
    asked = [entry for entry in record.entries if _is_referral(entry)]
    if not asked:
        return
    done = _by_order(record.entries)
    for same in _told_alike(asked):
        ended, status, booked = _became(same, done)
        for entry in same:
            codes = dict.fromkeys((REFERRAL, *codes_of(entry, "", own)))
            detail = entry.detail
            priority = (detail.priority or None) if isinstance(detail, Request) else None
            for system, code in codes:
                yield code, system, _day(entry), ended, status, priority, booked


def _is_referral(entry: Entry) -> bool:
    return (
        isinstance(entry.detail, Request) and entry.detail.referral and entry.status not in NOT_SO
    )


def _orders(entry: Entry) -> tuple[Key, ...]:
    """What an entry says it carries out."""
    detail = entry.detail
    return detail.orders if isinstance(detail, Request | Encounter | Procedure) else ()


def _by_order(entries: Iterable[Entry]) -> dict[Key, list[Entry]]:
    found: dict[Key, list[Entry]] = {}
    for entry in entries:
        for key in _orders(entry):
            found.setdefault(key, []).append(entry)
    return found


def _told_alike(asked: list[Entry]) -> Iterable[list[Entry]]:
    """The referrals in groups of those that share a number, or share one with another of them."""
    first: dict[tuple[str, str], int] = {}
    lead = list(range(len(asked)))

    def lead_of(place: int) -> int:
        while lead[place] != place:
            lead[place] = place = lead[lead[place]]
        return place

    for place, entry in enumerate(asked):
        numbers = entry.detail.numbers if isinstance(entry.detail, Request) else ()
        for number in numbers:
            lead[lead_of(place)] = lead_of(first.setdefault(number, place))
    groups: dict[int, list[Entry]] = {}
    for place, entry in enumerate(asked):
        groups.setdefault(lead_of(place), []).append(entry)
    return groups.values()


def _became(
    same: list[Entry], done: dict[Key, list[Entry]]
) -> tuple[date | None, str, date | None]:
    """The day a wait ended, its status (waiting, seen, over, unknown), and the last day booked."""
    after = _after(same, done)
    seen = [entry for entry in after if _is_seen(entry)]
    days = [day for entry in seen if (day := _day(entry)) is not None]
    booked = [day for entry in after if _is_booked(entry) and (day := _day(entry)) is not None]
    stages = {entry.detail.stage for entry in same if isinstance(entry.detail, Request)}
    status = "seen" if seen else next((s for s in ("over", "waiting") if s in stages), "unknown")
    return min(days, default=None), status, max(booked, default=None)


def _after(same: list[Entry], done: dict[Key, list[Entry]]) -> list[Entry]:
    """What carries any of them out, by way of bookings too, each once."""
    known, found, look = {id(entry) for entry in same}, list[Entry](), list(same)
    while look:
        for said in look.pop().said_by:
            for entry in done.get(said.id_key, ()):
                if id(entry) not in known:
                    known.add(id(entry))
                    found.append(entry)
                    look.append(entry)
    return found


def _is_seen(entry: Entry) -> bool:
    detail = entry.detail
    if isinstance(detail, Request):
        return detail.stage == "seen"
    return entry.status not in _NOT_DONE


def _is_booked(entry: Entry) -> bool:
    if isinstance(entry.detail, Request):
        return entry.detail.stage == "booked"
    return entry.status == "planned"


def _day(entry: Entry) -> date | None:
    return None if entry.when is None else entry.when.day

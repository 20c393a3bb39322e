"""Until when a line of therapy is known to be current: by its last issue and by its last supply.

What a source said to be active stays active in the record, and in every check of it, until somebody
says otherwise. But an order that nobody has renewed, filled or told of for long is not known to be
taken: from when is in `policy.json`, and whoever shows the record on a day holds that beside it.
Nothing here has a clock, so a record is the same on whatever day it is folded.
Source: FHIR R4 MedicationRequest.dispenseRequest and courseOfTherapyType, Dosage.timing,
MedicationDispense.daysSupply. Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import msgspec

from wholerecord.fold.medicine_said import Dispensed, Given, MedicineSaid, Ordered, Reported
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Word
from wholerecord.fold.shape import NOT_SAID, Coded, Part, Period, Quantity
from wholerecord.fold.told import Told
from wholerecord.nhs import PartialDate
from wholerecord.remembered import recalls

T = TypeVar("T")
#: Days of a unit of time, by UCUM code or in words. A month is its longest: nothing ends early.
_DAYS = {
    **dict.fromkeys(("h", "hour", "hours"), Decimal(1) / 24),
    **dict.fromkeys(("d", "day", "days"), Decimal(1)),
    **dict.fromkeys(("wk", "week", "weeks"), Decimal(7)),
    **dict.fromkeys(("mo", "month", "months"), Decimal(31)),
    **dict.fromkeys(("a", "year", "years"), Decimal(366)),
}
#: Codes of FHIR's and UK Core's course of therapy for what is issued again without being asked.
_REPEATS = frozenset({"continuous", "repeat", "repeat-dispensing"})
#: The longest that a supply is believed to last, days.
_LONGEST = 3660
#: Days that a date covers by how much of it is said, beyond the first.
_SPAN = {"year": 365, "month": 30}


class _Request(Part, frozen=True):
    validity_period: Period | None = None
    number_of_repeats_allowed: int = 0
    expected_supply_duration: Quantity | None = None


class _Repeat(Part, frozen=True):
    bounds_period: Period | None = None
    bounds_duration: Quantity | None = None


class _Timing(Part, frozen=True):
    repeat: _Repeat = _Repeat()


_REQUEST = msgspec.json.Decoder(_Request)
_TIMING = msgspec.json.Decoder(_Timing)
_COURSE = msgspec.json.Decoder(Coded)
_SEVERAL = msgspec.json.Decoder(tuple[Coded, ...])
_PLACES = {"discharge": "home", "inpatient": "ward"}
#: What a word says of a medicine that is used.
USED = frozenset({"current", "on hold", "handed out", "given"})


class Use(msgspec.Struct, frozen=True, gc=False):
    """The newest word that a medicine is used, and the last day until which that is good.

    None: nothing dated says so, and of no day can be said that it is past.
    """

    last: PartialDate | None
    until: date | None


def use_of(words: Iterable[Word]) -> Use:
    """The latest of all statements that say it is used: whichever is longest counts."""
    last: PartialDate | None = None
    until: date | None = None
    for word in words:
        if not word.now or word.says not in USED:
            continue
        for said in (word.said.when, word.said.recorded):
            if said is not None and (last is None or said.start > last.start):
                last = said
        if word.until is not None:
            until = word.until if until is None else max(until, word.until)
    return Use(last, until)


def good_until(told: Told[MedicineSaid], rules: Policy) -> date | None:
    """The last day on which the statement makes it current; None: it says no day."""
    body = told.body
    days = [_last_day(said) for said in (told.said.when, told.said.recorded) if said is not None]
    started = max(days, default=0)
    ends, repeats = 0, False
    if isinstance(body, Ordered):
        request = _read(_REQUEST, bytes(body.dispense_request), _Request())
        ends = max(_supplied(body, request, started), _day(request.validity_period))
        repeats = request.number_of_repeats_allowed > 0 or _is_repeat(body)
    elif isinstance(body, Dispensed):
        ends = started + _days(body.days_supply) if started else 0
    elif isinstance(body, Reported | Given):
        ends = _day(body.effective_period)
    until = ends + int(rules.supply_days) if ends > started else 0
    if not until or repeats:
        silence = rules.repeat_silence_days if repeats else rules.silence_days
        until = max(until, started + int(silence) if started else 0)
    return date.fromordinal(min(until, date.max.toordinal())) if until else None


def end_of(body: MedicineSaid) -> PartialDate | None:
    """The end that a statement gives for what it says, None where it gives none."""
    if isinstance(body, Ordered):
        period = _read(_REQUEST, bytes(body.dispense_request), _Request()).validity_period
    elif isinstance(body, Reported | Given):
        period = body.effective_period
    else:
        period = None
    return PartialDate.parse(period.end) if period else None


def place_of(body: MedicineSaid) -> str:
    """Where what is ordered or given is for: `home` from hospital, `ward`, or "" not said.

    Source: FHIR R4 medicationrequest-category and medication-admin-category.
    """
    if isinstance(body, Ordered):
        said = _read(_SEVERAL, bytes(body.category), ())
    elif isinstance(body, Given):
        said = (_read(_COURSE, bytes(body.category), NOT_SAID),)
    else:
        return ""
    return next((_PLACES[code] for code in _PLACES if any(one.has(code) for one in said)), "")


def _supplied(body: Ordered, request: _Request, started: int) -> int:
    """The day on which what was ordered runs out, with every repeat; 0 not said."""
    if not started:
        return 0
    issues = 1 + max(min(request.number_of_repeats_allowed, _LONGEST), 0)
    length = _days(request.expected_supply_duration) * issues
    ends = started + min(length, _LONGEST) if length else 0
    for dosage in body.dosage_instruction:
        repeat = _read(_TIMING, bytes(dosage.timing), _Timing()).repeat
        bounded = _days(repeat.bounds_duration)
        ends = max(ends, _day(repeat.bounds_period), started + bounded if bounded else 0)
    return ends


def _is_repeat(body: Ordered) -> bool:
    course = _read(_COURSE, bytes(body.course_of_therapy_type), NOT_SAID)
    return any(coding.code in _REPEATS for coding in course.coding)


def _days(length: Quantity | None) -> int:
    """Whole days of a length of time; 0 where it is none, or not one that is understood."""
    if length is None or length.value is None or not 0 < length.value <= _LONGEST:
        return 0
    unit = _DAYS.get(length.code) or _DAYS.get(length.unit.lower())
    return (
        min(int((length.value * unit).to_integral_value("ROUND_CEILING")), _LONGEST) if unit else 0
    )


def _day(period: Period | None) -> int:
    """The last day of a period, as an ordinal; 0 where no end is said."""
    said = PartialDate.parse(period.end) if period else None
    return _last_day(said) if said else 0


def _last_day(said: PartialDate) -> int:
    """The last day that a date can mean, as an ordinal."""
    return said.day.toordinal() + _SPAN.get(said.precision, 0)


@recalls(most=4096)
def _read(decoder: msgspec.json.Decoder[T], raw: bytes, otherwise: T) -> T:
    """What a part says; nothing where it is not as FHIR R4 has it: an order is kept all the same.

    Remembered: orders say the same few lengths again and again.
    """
    if not raw:
        return otherwise
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return otherwise

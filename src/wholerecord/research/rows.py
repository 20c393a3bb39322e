"""The rows of one record: what of it stands in each of the tables.

Pure. Only what is confirmed, given and not taken back is a condition, immunisation or allergy that
anybody counts; a suspicion, a relative's illness and what was refuted are not in the tables.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wholerecord.fold import NOT_SO, Condition, Entry, Kind, Record
from wholerecord.fold.record import Encounter, Immunisation, Measure, SocialHistory
from wholerecord.nhs import PartialDate
from wholerecord.people import Demographics
from wholerecord.research.areas import Areas
from wholerecord.research.codes import SETTINGS, Code, coded, codes_of, text_value, unit_of
from wholerecord.research.referrals import referrals
from wholerecord.research.tables import CONCEPT

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

_OBSERVED = (Kind.RESULT, Kind.OBSERVATION)
NO_AREAS = Areas()


def rows_of(person: int, record: Record, areas: Areas = NO_AREAS) -> Rows:
    """Every row of a record, by table. `person` is their internal number."""
    who = record.who.best if record.who else Demographics()
    own = frozenset(value for _, value in who.identifiers)
    if who.nhs_number is not None:
        own |= {who.nhs_number.digits}
    rows: Rows = {"person": [_person(person, who, areas)]}
    observed: list[Row] = []
    for entry in record.entries:
        if entry.status in NOT_SO:
            continue
        if type(entry.detail) is Measure and entry.kind in _OBSERVED:  # most of what there is
            _observe(observed, person, entry, entry.detail, own)
        elif isinstance(entry.detail, SocialHistory):
            _tell(observed, person, entry.detail, own)
        elif (made := _MADE.get(entry.kind)) is not None:
            table, make = made
            rows.setdefault(table, []).extend((person, *row) for row in make(entry, own))
    if observed:
        rows["observation"] = observed
    if referred := [(person, *row) for row in referrals(record, own)]:
        rows["referral"] = referred
    return rows


def _person(person: int, who: Demographics, areas: Areas) -> Row:
    """Who somebody is, without who they are. Of a restricted person not even the district."""
    codes = (address.postcode for address in who.addresses if address.postcode)
    postcode = "" if who.restricted else next(codes, "")
    return (
        person,
        who.sex or "unknown",
        _day(who.born),
        _day(who.died),
        who.ethnicity or None,
        *areas.of(postcode),
        who.practice or None,
    )


def _each(codes: tuple[Code, ...], *rest: Any) -> Iterator[Row]:
    """A row for each code."""
    return ((code, system, *rest) for system, code in codes)


def _spanning(family: str) -> Callable[[Entry, frozenset[str]], Iterator[Row]]:
    def make(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
        codes = codes_of(entry, family, own)
        return _each(codes, _day(entry.when), _day(entry.until), entry.status)

    return make


def _condition(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
    detail = entry.detail
    if not isinstance(detail, Condition) or detail.certainty != "confirmed":
        return iter(())
    return _spanning("condition")(entry, own)


def _observe(
    rows: list[Row], person: int, entry: Entry, detail: Measure, own: frozenset[str]
) -> None:
    """Add a row for each code of what was measured, and of each of its parts."""
    when = entry.when
    at = None if when is None else when.start.replace(tzinfo=None)
    codes = codes_of(entry, "test", own)
    said = (at, _number(detail.number), unit_of(detail.unit), text_value(detail.value))
    rows += [(person, code, system, *said) for system, code in codes]
    for part in detail.parts:
        given = () if part.code is None else (part.code,)
        said = (at, _number(part.number), unit_of(part.unit), text_value(part.value))
        parts = coded(given, part.title, "test", own)
        rows += [
            (person, code, system, *said) for system, code in parts if (system, code) not in codes
        ]


def _tell(rows: list[Row], person: int, detail: SocialHistory, own: frozenset[str]) -> None:
    """Add a row for each code of each word of how somebody lives, as it stands."""
    for habit in detail.habits:
        if habit.now:
            when = habit.said.when or habit.said.recorded
            at = None if when is None else when.start.replace(tzinfo=None)
            said = (at, _number(habit.number), unit_of(habit.unit), text_value(habit.value))
            codes = coded(habit.said.codes, habit.said.words, "test", own)
            rows += [(person, code, system, *said) for system, code in codes]


def _encounter(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
    """Its own codes, and always a concept of ours for where it was: few sources code a contact."""
    detail = entry.detail
    if not isinstance(detail, Encounter):
        return iter(())
    setting = detail.setting if detail.setting in SETTINGS else None
    codes = codes_of(entry, "", own)
    if setting is not None:
        codes = ((CONCEPT, f"encounter-{setting.lower().replace(' ', '-')}"), *codes)
    return _each(codes, _day(entry.when), _day(entry.until), setting)


def _procedure(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
    if entry.status in {"stopped", "planned"}:
        return iter(())
    return _each(codes_of(entry, "procedure", own), _day(entry.when))


def _immunisation(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
    if not (isinstance(entry.detail, Immunisation) and entry.detail.given):
        return iter(())
    return _each(codes_of(entry, "vaccine", own), _day(entry.when), entry.status)


def _allergy(entry: Entry, own: frozenset[str]) -> Iterator[Row]:
    return _each(codes_of(entry, "allergy", own), _day(entry.when), entry.status)


#: Kind → its table, and what makes its rows.
_MADE = MappingProxyType(
    {
        Kind.CONDITION: ("condition", _condition),
        Kind.MEDICINE: ("medication", _spanning("medicine")),
        Kind.ENCOUNTER: ("encounter", _encounter),
        Kind.PROCEDURE: ("procedure", _procedure),
        Kind.IMMUNISATION: ("immunisation", _immunisation),
        Kind.ALLERGY: ("allergy", _allergy),
        Kind.CARE_PLAN: ("care_plan", _spanning("")),
        Kind.SOCIAL_CARE: ("service", _spanning("")),
    }
)


def _day(when: PartialDate | None) -> date | None:
    return None if when is None else when.day


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)

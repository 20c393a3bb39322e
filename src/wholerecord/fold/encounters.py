"""Encounters: one entry for one spell or contact, across the sources that tell of it.

Same visit or spell number; or overlapping stays with one organisation, unless one system numbers
them differently; or a copy from another source that says only the day of the one visit of its kind
there. Source: NHS Data Dictionary, hospital provider spell. Demonstration rules until a clinical
safety officer signs them.
"""

from datetime import datetime, timedelta

from wholerecord.fold.attended import attended
from wholerecord.fold.dated_said import EncounterSaid
from wholerecord.fold.day_copies import with_day_copies
from wholerecord.fold.entry import earliest, first_of_each, first_said, latest, made
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Encounter, Entry, Kind
from wholerecord.fold.shape import named
from wholerecord.fold.texts import references_in
from wholerecord.fold.told import Around, Group, Key, Told, Way, address, in_order, newest_first
from wholerecord.nhs import PartialDate

Met = Told[EncounterSaid]

#: HL7 v3 ActEncounterCode in words.
_SETTINGS = {
    "IMP": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "SS": "day case",
    "EMER": "emergency",
    "HH": "home",
    "VR": "by telephone or video",
    "PRENC": "pre-admission",
    "FLD": "at the scene",
    "OBSENC": "observation",
}
_STATUS = {
    "planned": "planned",
    "arrived": "active",
    "triaged": "active",
    "in-progress": "active",
    "onleave": "active",
    "finished": "final",
    "cancelled": "stopped",
}
_TITLES = {"GP": "GP consultation", "outpatient": "Outpatient visit"}
_STAYS = {"inpatient", "day case", "observation"}


def gather(told: list[Met], around: Around) -> list[Group[EncounterSaid]]:
    """Groups that speak of one spell."""
    groups: list[Group[EncounterSaid]] = []
    by_number: dict[tuple[str, str], Group[EncounterSaid]] = {}
    stays: dict[str, tuple[Group[EncounterSaid], datetime]] = {}
    for one in in_order(told):
        numbers = [(i.system, i.value) for i in one.body.identifier if i.system and i.value]
        known = [by_number[number] for number in numbers if number in by_number]
        group, why = known[0] if known else None, "Same visit or spell number."
        where = _organisation(one) if _setting(one, around) in _STAYS else ""
        if group is None and where:
            group, why = _overlapping(stays.get(where), one), "Overlapping stays, same place."
            group = None if group is not None and _numbered_apart(group, numbers) else group
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
        else:
            group.add(one, why)
        for number in numbers:
            by_number.setdefault(number, group)
        if where and (end := _stays_until(one, around.policy)) is not None:
            before = stays.get(where)
            same = before is not None and before[0] is group
            stays[where] = (group, max(before[1], end) if before and same else end)
    if not around.policy.visit_day_copies:
        return groups
    return with_day_copies(groups, lambda one: _at(one, around))


def _numbered_apart(group: Group[EncounterSaid], numbers: list[tuple[str, str]]) -> bool:
    """Whether one system numbers the two differently: then they are two."""
    known = {(i.system, i.value) for one in group.told for i in one.body.identifier if i.value}
    systems = {system for system, _ in known}
    return any(system in systems and (system, value) not in known for system, value in numbers)


def _at(one: Met, around: Around) -> tuple[str, ...]:
    """What a visit and a copy of it that says only the day share, () for what is no visit."""
    where, kind = _organisation(one), _setting(one, around)
    return (where, kind) if where and kind and kind not in _STAYS else ()


def _organisation(one: Met) -> str:
    provider = one.body.service_provider
    if provider is None:
        return ""
    if provider.identifier is not None and provider.identifier.value:
        return provider.identifier.value
    return provider.display.lower()


def _overlapping(
    stay: tuple[Group[EncounterSaid], datetime] | None, one: Met
) -> Group[EncounterSaid] | None:
    """The last stay there, when `one` begins before it has ended."""
    if stay is None or one.said.when is None:
        return None
    group, until = stay
    return group if one.said.when.start <= until else None


def _stays_until(one: Met, policy: Policy) -> datetime | None:
    """When a stay ends; one whose end is not said is taken to last as long as the policy says."""
    end = _end(one)
    if end is not None:
        return end.start
    return one.said.when.start + timedelta(days=policy.stay_days) if one.said.when else None


def _end(one: Met) -> PartialDate | None:
    return PartialDate.parse(one.body.period.end) if one.body.period else None


def _setting(one: Met, around: Around) -> str:
    """The setting of one statement, worked out once."""
    known = around.prepared.get(one.key)
    if known is None:
        known = around.prepared[one.key] = setting(one.body)
    return known


def setting(body: EncounterSaid) -> str:
    """Inpatient, emergency, GP, outpatient, home, …: as the class says, else the class's words."""
    if body.sort is None:
        return ""
    if body.sort.code == "AMB":
        return attended(body)
    return _SETTINGS.get(body.sort.code, body.sort.display or body.sort.code)


def make(group: Group[EncounterSaid], around: Around) -> Entry:
    """One spell or contact."""
    each = in_order(group.told)
    newest = newest_first(each)
    bodies = [one.body for one in newest]
    kinds = [_setting(one, around) for one in newest if one.body.sort]
    kind = kinds[0] if kinds else ""
    words = first_said([one.said.words for one in each])
    stays = [body.hospitalization for body in bodies if body.hospitalization]
    return made(
        group,
        Kind.ENCOUNTER,
        title=words or _TITLES.get(kind) or f"{kind[:1].upper()}{kind[1:]}" or "Contact",
        code=first_of_each(each),
        when=earliest([one.at for one in each]),
        until=latest([_end(one) for one in each]),
        status=_STATUS.get(bodies[0].status, "unknown"),
        detail=Encounter(
            setting=kind,
            where=_where(bodies),
            reason=_reason(bodies),
            discharged_to=first_said([stay.discharge_disposition.words for stay in stays]),
            clinician=first_said([one.said.by for one in each]),
            orders=_orders(each),
        ),
    )


def _where(bodies: list[EncounterSaid]) -> str:
    """The first name of who provided it, else of the place."""
    provided = [body.service_provider for body in bodies]
    return named(*provided) or named(*[at.location for body in bodies for at in body.location])


def _orders(each: list[Met]) -> tuple[Key, ...]:
    """Which requests and bookings it carries out, each once."""
    said = [one for one in each if one.body.based_on or one.body.appointment]
    named = (
        address(one, each)
        for one in said
        for each in (*references_in(one.body.based_on), *references_in(one.body.appointment))
    )
    return tuple(dict.fromkeys(named))


def _reason(bodies: list[EncounterSaid]) -> str:
    """Every reason said, each once."""
    reasons = [reason.words for body in bodies for reason in body.reason_code]
    return ", ".join(dict.fromkeys(filter(None, reasons))) if reasons else ""


WAY: Way[EncounterSaid] = Way(Kind.ENCOUNTER, gather, make)

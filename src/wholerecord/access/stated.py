"""The relationships that statements make: registrations, referrals, stays and teams. Pure.

An organisation counts where it is named by its ODS code, or by a reference to an Organization whose
code is known. What is ended, taken back, in error or only planned makes none. Source: FHIR R4
Patient, Encounter, EpisodeOfCare, ServiceRequest and CareTeam, with their status value sets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from wholerecord.access.stated_shapes import READ, READ_ORGANIZATION, Names, Organization
from wholerecord.access.tie import AFTER_STAY, LONGEST, Ground, Tie
from wholerecord.fold.request import Request, request_or_plain
from wholerecord.fold.route import way_of
from wholerecord.fold.shape import IN_ERROR, Reference, Shape
from wholerecord.fold.told import Told
from wholerecord.fold.versions import versions
from wholerecord.nhs import PartialDate
from wholerecord.record import Statement

#: FHIR types that make relationships.
TYPES = tuple(READ)
ORGANIZATION = "Organization"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_LONGEST_CODE = 16
#: Organisations that one statement is read to name: a list of a thousand is no care team.
_MOST = 50
_HERE = frozenset({"arrived", "triaged", "in-progress", "onleave"})
_UNDER_WAY = frozenset({"active", "onhold"})
_DAY = timedelta(days=1)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


def stated(
    statements: Sequence[Statement], *, controller: str, codes: Mapping[str, str]
) -> tuple[Tie, ...]:
    """The relationships that one patient's statements of these types make, ended ones too.

    `controller` is the organisation that answers for their source: a stay that names nobody was
    there. `codes` are the ODS codes of organisations by the source's own id for them. Any order of
    `statements` gives the same.
    """
    bodies = {(one.t, one.n): one.body for one in statements}
    made: list[Tie] = []
    for told in versions(statements).current.values():
        body = _names(told.said.kind, bodies[told.said.t, told.said.n])
        if body is not None and told.said.status != IN_ERROR:
            made += _ties(told, body, controller, codes)
    return tuple(made)


def named_in(statements: Iterable[Statement]) -> frozenset[str]:
    """The source's own ids of organisations that are named without their codes."""
    bodies = (_names(one.kind, one.body) for one in statements)
    places = (one for body in bodies if body for one in islice(body.places(), _MOST))
    return frozenset(filter(None, (_own_id(one) for one in places if not _by_identifier(one))))


def code_of(organization: bytes) -> str:
    """The ODS code of an Organization; "" where it says none."""
    try:
        return _first_code(READ_ORGANIZATION(organization))
    except _UNREADABLE:
        return ""


def _names(kind: str, body: bytes) -> Names | None:
    decode = READ.get(kind)
    if decode is None:
        return None
    try:
        return decode(body)
    except _UNREADABLE:
        return None


def _ties(
    told: Told[Shape], body: Names, controller: str, codes: Mapping[str, str]
) -> Iterator[Tie]:
    made = _made(told, body)
    if made is None:
        return
    ground, since, until = made
    found = {_code(one, body.contained, codes): None for one in islice(body.places(), _MOST)}
    named = [code for code in found if code]
    if ground is Ground.STAYING and not named:
        named = [controller]
    for code in named:
        yield Tie(
            organisation=code,
            ground=ground,
            since=since,
            until=until,
            said=told.said,
            kind="" if told.said.kind == "Patient" else way_of(told).kind.value,
            labels=told.labels,
            ended=PartialDate.parse(body.period.end),
        )


def _made(told: Told[Shape], body: Names) -> tuple[Ground, datetime, datetime | None] | None:
    """What it makes, from when and until when; None: nothing."""
    said = told.said
    recorded = said.recorded.start if said.recorded else said.received
    written = min(recorded, said.received)
    began = said.when.start if said.when else written
    end = PartialDate.parse(body.period.end)
    match said.kind:
        case "Patient":
            return Ground.REGISTERED, written, None
        case "Encounter" if said.status in _HERE:
            return Ground.STAYING, began, _until(end, AFTER_STAY, at_most=_after(began, LONGEST))
        case "Encounter" if said.status == "finished":
            over = end.start if end else began
            return Ground.STAYING, began, _after(min(over, said.received), AFTER_STAY)
        case "EpisodeOfCare" | "CareTeam" if said.status in _UNDER_WAY:
            return Ground.TEAM, began, _until(end, _DAY, at_most=_after(written, LONGEST))
        case "ServiceRequest" if _is_open_referral(told):
            return Ground.REFERRED, written, _after(written, LONGEST)
        case _:
            return None


def _until(end: PartialDate | None, lasts: timedelta, *, at_most: datetime) -> datetime:
    """When it ends: so long after the end that is said, and no later than `at_most`."""
    return at_most if end is None else min(_after(end.start, lasts), at_most)


def _after(moment: datetime, more: timedelta) -> datetime:
    """So long after a moment; the moment itself where the calendar has no later one."""
    try:
        return moment + more
    except OverflowError:
        return moment


def _is_open_referral(told: Told[Shape]) -> bool:
    asked = request_or_plain(told, ())
    return isinstance(asked, Request) and asked.referral and asked.stage == "waiting"


def _code(one: Reference, contained: Sequence[Organization], codes: Mapping[str, str]) -> str:
    """The ODS code of what is referred to; "" where nobody knows it."""
    if code := _by_identifier(one):
        return code
    if one.reference[:1] == "#":
        inside = (each for each in contained if each.id == one.reference[1:])
        return next(map(_first_code, inside), "")
    return codes.get(_own_id(one), "")


def _by_identifier(one: Reference) -> str:
    said = one.identifier
    return _plain(said.value) if said is not None and said.system == _ODS else ""


def _first_code(one: Organization) -> str:
    codes = (_plain(each.value) for each in one.identifier if each.system == _ODS)
    return next(filter(None, codes), "")


def _plain(code: str) -> str:
    code = code.strip().upper()
    return code if len(code) <= _LONGEST_CODE and code.isascii() and code.isalnum() else ""


def _own_id(one: Reference) -> str:
    """The id in a reference to an Organization of the same source; "" for any other."""
    kind, _, own = one.reference.partition("/")
    return own if kind == ORGANIZATION and "/" not in own else ""

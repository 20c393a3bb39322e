"""`GET /fhir/{type}?…`, `POST …/_search`, `GET …/Patient/{id}/{type}`: what sources said.

Source: FHIR R4, Search. See `fhir.searching`. A logical id says whose record it stands in, so a
search by `_id` names somebody as well as one by `patient` does. Wards, staff and organisations are
nobody's: a search for them alone names nobody, and is about all that sources said of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.read_said import SaidOf
from wholerecord.access.saying import Known
from wholerecord.fhir.decoded import Decoded
from wholerecord.fhir.directory import DIRECTORY, is_of_directory
from wholerecord.fhir.given import kind_of
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.request import Api
from wholerecord.fhir.search import Held, World, scope
from wholerecord.fhir.search.definitions import of_type
from wholerecord.fhir.search.plan import Plan, Value
from wholerecord.fhir.searching import (
    Asked,
    Searched,
    few,
    nobody_named,
    not_all,
    of_groups,
    search,
)
from wholerecord.intake.fhir.about import NOT_ABOUT_A_PATIENT
from wholerecord.record import LogicalId
from wholerecord.smart import shows

#: How many references deep what is about no patient is looked for.
_DEEP = 3
#: What an answer says that was looked for by an identifier of no NHS number.
_OWN = ("The identifier was looked for among what your own source wrote.",)
_Address = tuple[str, LogicalId]
_Named = tuple[str, LogicalId | None]


async def search_said(api: Api, decoded: Decoded, request: Request) -> Response:
    """200 with the page asked for, or 403 with the rule that refused.

    Raises:
        Malformed: a parameter is wrong, or not known and handling is strict.
        Incorrect: nobody is named, or there is more of it than a search may have.
    """

    async def look(asked: Asked, at: datetime | None) -> Searched | Refused:
        return await _look(asked, decoded, at)

    return await search(api, request, kind_of(request), look, request.path_params.get("id", ""))


async def _look(asked: Asked, decoded: Decoded, at: datetime | None) -> Searched | Refused:
    plan, purpose = asked.plan, asked.purpose
    if asked.groups is not None:
        return await _among_groups(asked, decoded, at)
    wanted = [(kind, logical) for kind, logical in _by_id(plan) if logical is not None]
    if plan.type in NOT_ABOUT_A_PATIENT and not wanted and scope.identifiers(plan):
        wanted = [(kind, one.id) for kind, one in await _known_as(asked)]
        if not wanted:
            return _searched(asked, (), ())
    if plan.type in NOT_ABOUT_A_PATIENT and wanted:
        shown = await asked.door.shared_said(wanted, purpose=purpose)
        return _searched(asked, await _with_shared(asked, decoded, map(decoded.held, shown)), ())
    if is_of_directory(plan):
        listed = await asked.door.directory(DIRECTORY, "search", purpose=purpose)
        if isinstance(listed, Refused):
            return listed
        held = [decoded.held(one) for one in listed if not one.version.gone]
        return _searched(asked, held, ())
    opened = await _opened(asked, at)
    if isinstance(opened, Refused):
        return opened
    scopes = scopes_of(asked.door.actor.limits)
    if len(opened) == 1 and scopes is None and not scope.whole_records(plan):
        told = _OWN if _by_own_identifier(plan) else ()
        return Searched(world=decoded.world(opened[0]), at=opened[0].at, told=told)
    held = [decoded.held(shown) for one in opened for shown in reversed(one.shown)]
    return _searched(asked, await _with_shared(asked, decoded, held), opened)


async def _among_groups(asked: Asked, decoded: Decoded, at: datetime | None) -> Searched | Refused:
    """The world of the people of Groups, of those who may be seen; it tells where not of all."""
    people = await of_groups(asked)
    if isinstance(people, Refused):
        return people
    said = [await asked.door.said_of(one, purpose=asked.purpose, at=at) for one in people]
    opened = [one for one in said if not isinstance(one, Refused)]
    held = [decoded.held(shown) for one in opened for shown in reversed(one.shown)]
    found = _searched(asked, await _with_shared(asked, decoded, held), opened)
    return replace(found, told=not_all(len(people), len(opened)))


def _searched(asked: Asked, held: Sequence[Held], opened: Sequence[SaidOf]) -> Searched:
    now = asked.cursor.at if asked.cursor else datetime.now(UTC)
    scopes = scopes_of(asked.door.actor.limits)
    let_in = World(one for one in held if shows(scopes, one.shown, "s"))
    at = max((one.at for one in opened), default=now)
    return Searched(world=let_in, at=at, told=_OWN if _by_own_identifier(asked.plan) else ())


def _by_own_identifier(plan: Plan) -> bool:
    """Whether it was by an identifier alone that somebody was looked for."""
    named = [*scope.patients(plan), *_by_id(plan)]
    return not named and not scope.identity(plan).keys and bool(scope.identifiers(plan))


async def _opened(asked: Asked, at: datetime | None) -> Sequence[SaidOf] | Refused:
    """What was said of those who are named, or why one of them may not be seen.

    Where nobody is named but it is said who they are: of those found who may be seen.
    """
    door, purpose, plan = asked.door, asked.purpose, asked.plan
    named = [("Patient", LogicalId.parse(one)) for one in scope.patients(plan)]
    named += [] if plan.type == "Patient" else _by_id(plan)
    few(len(named))
    opened: list[SaidOf] = []
    for kind, logical in named:
        one = await door.said_about(kind, logical, purpose=purpose, at=at)
        if isinstance(one, Refused):
            return one
        opened.append(one)
    if named:
        return opened
    who = scope.identity(plan)
    if not who.keys:
        return await _identified(asked, at)
    listed = await door.find(who, purpose=purpose)
    if isinstance(listed, Refused):
        return listed
    said = [await door.said_of(one.person, purpose=purpose, at=at) for one in listed]
    return [one for one in said if not isinstance(one, Refused)]


async def _identified(asked: Asked, at: datetime | None) -> Sequence[SaidOf]:
    """What was said of whom the client's own resources with an identifier are about."""
    said = [
        await asked.door.said_of(one.person, purpose=asked.purpose, at=at)
        for _, one in await _known_as(asked)
    ]
    return [one for one in said if not isinstance(one, Refused)]


async def _known_as(asked: Asked) -> Sequence[tuple[str, Known]]:
    """The client's own resources that have an identifier which the search asks for.

    Raises:
        Incorrect: it asks for none, or too many have it.
    """
    wanted = scope.identifiers(asked.plan)
    if not wanted:
        raise nobody_named()
    few(len(wanted))
    named = [
        (kind, found) for kind, one in wanted for found in await asked.door.known_as(kind, [one])
    ]
    few(len(named))
    return named


def _by_id(plan: Plan) -> list[_Named]:
    """The addresses that `_id` names; None for an id that nothing can have."""
    return [
        (plan.type, LogicalId.parse(asked.code))
        for one in plan.filters
        if isinstance(one, Value) and one.definition.name == "_id" and not one.negated
        for asked in one.asked
    ]


async def _with_shared(asked: Asked, decoded: Decoded, held: Iterable[Held]) -> list[Held]:
    """These, and what about no patient they refer to, and what that refers to."""
    everything = list(held)
    if not scope.whole_records(asked.plan):
        return everything
    known = {one.key for one in everything}
    fresh: Sequence[Held] = everything
    for _ in range(_DEEP):
        wanted = [one for one in _referred(fresh) if (one[0], one[1].text) not in known]
        if not wanted:
            break
        shown = await asked.door.shared_said(wanted, purpose=asked.purpose)
        fresh = [decoded.held(one) for one in shown]
        known |= {(kind, logical.text) for kind, logical in wanted}
        everything += fresh
    return everything


def _referred(held: Iterable[Held]) -> Sequence[_Address]:
    """What is about no patient, of all that these refer to by any search parameter."""
    found: dict[_Address, None] = {}
    for one in held:
        for definition in of_type(one.type).values():
            if definition.type != "reference" or NOT_ABOUT_A_PATIENT.isdisjoint(definition.targets):
                continue
            for ref in one.values(definition):
                if ref.type in NOT_ABOUT_A_PATIENT and (logical := LogicalId.parse(ref.id)):
                    found[ref.type, logical] = None
    return list(found)

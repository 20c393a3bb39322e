"""A search over HTTP, whatever it searches: read, look at the door, select, one page.

Source: FHIR R4, Search. The people that a search names are opened, and it is answered from what the
door gave. Further pages are of what there was at the first.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.errors import Incorrect
from wholerecord.fhir.given import address_of
from wholerecord.fhir.granting import NotLetIn, is_read, scopes_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.request import Api
from wholerecord.fhir.search import Around, Held, Plan, World, in_compartment, read, select
from wholerecord.fhir.search.cursor import PARAMETER, Cursor, asker, begins
from wholerecord.fhir.search.grouped import grouped
from wholerecord.fhir.search.page import digest, has_more, page
from wholerecord.fhir.search.query import Query, query_of
from wholerecord.fhir.terminology.value_set import known_set
from wholerecord.record import LogicalId, PersonId

MOST_PEOPLE = 20
#: People of a Group whom one search opens; of more, `$export` gives all.
MOST_OF_GROUP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A world, the moment as of which it was opened, of how many people, and what is told of it."""

    world: World
    at: datetime
    people: int = 0
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search as it came: who asks at which door, what for, and from which page on.

    `url` is its address without the query, and `path` that without the server. `groups` are those
    among whose people it is; None where it names none.
    """

    door: Door
    purpose: Purpose
    plan: Plan
    query: Query
    url: str
    path: str
    base: str
    cursor: Cursor | None
    groups: tuple[str, ...] | None = None


#: Opens whoever a search is about, as of a moment or now.
Look = Callable[[Asked, datetime | None], Awaitable[Searched | Refused]]


async def search(api: Api, request: Request, served: str, look: Look, owner: str = "") -> Response:
    """200 with the page asked for, or 403 with the rule that refused.

    Raises:
        Malformed: a parameter is wrong, or not known and handling is strict.
        Incorrect: nobody is named, or there is more of it than a search may have.
    """
    asked = await _asked(api, request, served, owner)
    searched = await look(asked, None)
    if isinstance(searched, Refused):
        return refusal(searched)
    listed, cursor = select(asked.plan, searched.world), asked.cursor
    if cursor is not None and cursor.found != digest(listed):
        # Something has been said or hidden since: the record as it stood, to whoever may see it.
        searched = await look(asked, cursor.at)
        if isinstance(searched, Refused):
            return refusal(searched)
        listed = select(asked.plan, searched.world)
    return _answer(api, asked, searched, listed)


async def _asked(api: Api, request: Request, served: str, owner: str) -> Asked:
    door, purpose = await api.open_for(request)
    query, cursor, now = await query_of(request), None, datetime.now(UTC)
    url = address_of(request).removesuffix("/_search")
    path: str = request.scope["path"].removesuffix("/_search")
    sealed = dict(query.pairs).get(PARAMETER)
    if sealed is not None:
        cursor = api.cursors.read(sealed, door.actor, path, now=now)
        query = Query(pairs=cursor.pairs, strict=cursor.strict)
    base = url.removesuffix(f"/Patient/{owner}/{served}" if owner else f"/{served}")
    around = Around(now=now, base=base, value_set=lambda address: known_set(address).has)
    also = [in_compartment("Patient", owner, served, around)] if owner else []
    plan = read(served, query.pairs, around, strict=query.strict, also=also)
    among = grouped(plan)
    return Asked(
        door=door,
        purpose=purpose,
        plan=among.rest if among else plan,
        query=query,
        url=url,
        path=path,
        base=base,
        cursor=cursor,
        groups=among.groups if among else None,
    )


def nobody_named() -> Incorrect:
    """That the search says neither whose records it is about nor who they are."""
    return Incorrect(
        "Say whose record to search: patient=, or an NHS number, or a name and a birthdate."
    )


def few(people: int) -> None:
    """Refuse a search about too many.

    Raises:
        Incorrect: there are more than `MOST_PEOPLE`.
    """
    if people > MOST_PEOPLE:
        raise Incorrect(f"A search is about at most {MOST_PEOPLE} people.")


async def of_groups(asked: Asked) -> Sequence[PersonId] | Refused:
    """The people of the Groups that a search names, each once; of a Group not known here, nobody.

    Or why whoever asks may use no Group.

    Raises:
        Incorrect: there are more than `MOST_OF_GROUP`.
        NotLetIn: the app was let in to no Groups.
    """
    if not is_read(scopes_of(asked.door.actor.limits), "Group", {"resourceType": "Group"}):
        raise NotLetIn
    few(len(asked.groups or ()))
    named: dict[PersonId, None] = {}
    for one in asked.groups or ():
        people = await asked.door.group(LogicalId.parse(one), purpose=asked.purpose)
        if isinstance(people, Refused):
            return people
        named |= dict.fromkeys(people)
    if len(named) > MOST_OF_GROUP:
        raise Incorrect(f"A search is about at most {MOST_OF_GROUP} people of a Group: export it.")
    return tuple(named)


def not_all(named: int, opened: int) -> tuple[str, ...]:
    """What is told of a search among the people of a Group that is not of all of them."""
    if not named:
        return ("Nobody is known here as one of that Group.",)
    return ("Some people of the Group are not shown to you.",) if opened < named else ()


def _answer(api: Api, asked: Asked, searched: Searched, listed: list[Held]) -> Response:
    plan, cursor = asked.plan, asked.cursor
    start = begins(cursor, listed) if cursor else 0
    bundle = page(plan, listed, start, searched.world, asked.base, told=searched.told)
    bundle["link"] = [{"relation": "self", "url": _self(asked)}]
    if has_more(plan, listed, start):
        following = api.cursors.write(
            Cursor(
                asker=asker(asked.door.actor),
                path=asked.path,
                pairs=asked.query.pairs,
                strict=asked.query.strict,
                start=start + plan.count,
                last="/".join(listed[start + plan.count - 1].key),
                at=cursor.at if cursor else searched.at,
                found=digest(listed),
            )
        )
        url = f"{asked.url}?{urlencode({PARAMETER: following})}"
        bundle["link"].append({"relation": "next", "url": url})
    return answer(bundle)


def _self(asked: Asked) -> str:
    """The search as it was understood: without what was left out."""
    kept = [(name, value) for name, value in asked.query.pairs if name not in asked.plan.ignored]
    return f"{asked.url}?{urlencode(kept)}" if kept else asked.url

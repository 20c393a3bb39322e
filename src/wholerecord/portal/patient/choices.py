"""Where a person decides who sees their record: what each choice changes is said beforehand."""

import re
from datetime import UTC, date, datetime, time

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.preferring import Decided
from wholerecord.consent import Role
from wholerecord.consent.period import Period
from wholerecord.consent.plain import KINDS, LABELS, PEOPLE
from wholerecord.consent.wish import PROXIES, WHOM, Act, What, Wish
from wholerecord.errors import Incorrect, NotFound
from wholerecord.portal.patient.consequence import LAW, sentences
from wholerecord.portal.shared.fields import Fields
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PersonId

_NUMBER = re.compile(r"[0-9]{1,18}")
_FIELDS = (
    *("act", "part", "first", "last", "role", "organisation", "proxy", "until", "document"),
    "emergency",
)


def routes(site: Site) -> list[Route]:
    """Only of oneself: nobody decides for somebody else here."""
    return [
        signed_in(site, "/me/choices", choices),
        signed_in(site, "/me/choices/consider", consider, method="POST"),
        signed_in(site, "/me/choices", choose, method="POST"),
        signed_in(site, "/me/choices/end", end, method="POST"),
    ]


async def choices(visit: Visit) -> Response:
    """What was decided, and what there is to decide about."""
    found = await visit.door.decided(_mine(visit))
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "patient/choices.html",
        now_holds=[one for one in found.preferences if one.holds(visit.now)],
        over=[one for one in found.preferences if not one.holds(visit.now)],
        parts=_parts(found),
        roles=[(role.value, PEOPLE[role]) for role in WHOM],
        organisations=sorted({(feed.source.controller, feed.source.title) for feed in found.feeds}),
        entry=visit.request.query_params.get("entry", "")[:200],
        kinds=[(kind, KINDS[kind]) for kind in sorted(found.kinds)],
    )


async def consider(visit: Visit) -> Response:
    """What a choice would change, to confirm or not."""
    sent = await visit.form()
    wish = await _wish(visit, sent)
    if isinstance(wish, Refused):
        return refused_page(visit, wish)
    found = await visit.door.consider(_mine(visit), wish)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "patient/consider.html",
        found=found,
        changes=sentences(found.changes, found.entries),
        law=LAW,
        fields=[(name, value) for name in _FIELDS for value in sent.every(name) if value],
        kinds=sent.every("kind"),
    )


async def choose(visit: Visit) -> Response:
    """Make it so."""
    wish = await _wish(visit, await visit.form())
    if isinstance(wish, Refused):
        return refused_page(visit, wish)
    refused = await visit.door.prefer(_mine(visit), wish)
    return refused_page(visit, refused) if refused else _back()


async def end(visit: Visit) -> Response:
    """Take a choice back."""
    n = (await visit.form()).one("n")
    if not _NUMBER.fullmatch(n):
        raise Incorrect("Choose what to take back.")
    refused = await visit.door.end_preference(_mine(visit), int(n))
    return refused_page(visit, refused) if refused else _back()


async def _wish(visit: Visit, sent: Fields) -> Wish | Refused:
    """The wish that a form sent.

    Raises:
        Incorrect: it is none.
        NotFound: it names a line that is not in the record.
    """
    try:
        act = Act(sent.one("act"))
        role = Role(sent.one("role")) if sent.one("role") else None
    except ValueError:
        raise Incorrect("Choose what you want.") from None
    if act in PROXIES - {Act.CARER}:
        raise Incorrect("A parent's or attorney's standing is seen and kept by your practice.")
    what, which = What.EVERYTHING, tuple(filter(None, sent.every("kind")))
    if act in {Act.HIDE, Act.SHOW}:
        word, _, named = sent.one("part").partition(":")
        if word == "entry":
            found = await visit.door.wish_of_entry(_mine(visit), named)
            if isinstance(found, Refused):
                return found
            what, which = What.ITEM, found[1].which
        else:
            what = _what(word)
            which = (named,) if what is not What.EVERYTHING else ()
    return Wish(
        act=act,
        what=what,
        which=which,
        role=role,
        organisation=sent.one("organisation"),
        proxy=sent.one("proxy"),
        until=_until(sent.one("until")),
        emergency=sent.one("emergency") == "yes",
        period=_period(sent) if act in {Act.HIDE, Act.SHOW} else None,
    )


def _what(word: str) -> What:
    try:
        return What(word)
    except ValueError:
        raise Incorrect("Choose which part of the record it is about.") from None


def _until(text: str) -> datetime | None:
    day = _day(text, "The last day")
    return None if day is None else datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def _period(sent: Fields) -> Period | None:
    """The time that is hidden, both days in it; None for all times."""
    first = _day(sent.one("first"), "The first day of what is hidden")
    last = _day(sent.one("last"), "The last day of what is hidden")
    return None if first is None and last is None else Period(first=first, last=last)


def _day(text: str, what: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Incorrect(f"{what} is a date, such as 2027-03-01.") from None


def _parts(found: Decided) -> list[tuple[str, str]]:
    """What may be hidden or shown, by the value that its choice sends."""
    return [
        ("everything:", "My whole record"),
        *((f"kind:{kind}", KINDS[kind].capitalize()) for kind in sorted(found.kinds)),
        *((f"label:{label}", LABELS[label].capitalize()) for label in sorted(LABELS)),
        *(
            (f"source:{feed.source.name}", f"What {feed.source.title} says")
            for feed in sorted(found.feeds, key=lambda feed: feed.source.title)
        ),
        *((f"author:{name}", f"What {name} wrote") for name in found.authors),
    ]


def _mine(visit: Visit) -> PersonId:
    if visit.persona.person is None:
        raise NotFound("You are signed in as somebody who has no record here.")
    return visit.persona.person


def _back() -> Response:
    return RedirectResponse("/me/choices", status_code=303)

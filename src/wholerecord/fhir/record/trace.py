"""`GET /record/fhir/Patient?…&_fuzzy-match=true`: somebody traced as the Spine traces them.

Source: PDS FHIR API, "Search for a patient": `_fuzzy-match`, `_exact-match`, `_history`,
`_max-results`; too few values and too many matches are OperationOutcomes. Our minimum: a family
name and a date of birth, and one of given name, gender and postcode, else a phone or email.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.whois import Matched
from wholerecord.consent import Role
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.problem import problem
from wholerecord.fhir.record.match import LARGEST_PAGE, matches
from wholerecord.fhir.request import Api
from wholerecord.fhir.search.query import Query
from wholerecord.nhs import PartialDate, postcode
from wholerecord.people import Address, Demographics, Name
from wholerecord.people.search import Search, agrees

_HOW = frozenset({"_fuzzy-match", "_exact-match", "_history", "_max-results"})
_SAID = frozenset(
    {
        *("family", "given", "birthdate", "gender", "address-postalcode"),
        *("general-practitioner", "phone", "email"),
    }
)
_PER_ASKED = {"given": 5}


def is_trace(query: Query) -> bool:
    """Whether a search for patients asks to be answered as a trace."""
    return any(name in _HOW for name, _ in query.pairs)


async def trace(api: Api, request: Request, query: Query) -> Response:
    """200 with a searchset and scores; 403 with the rule that refused.

    Raises:
        Problem: too little is given, a value cannot be read, or a parameter is not known.
    """
    door, purpose = await api.open_for(request)
    given = _given(query)
    said = _said(given)
    found = await door.match(said, purpose=purpose)
    if isinstance(found, Refused):
        return refusal(found)
    if not _flag(given, "_fuzzy-match"):
        current = not _flag(given, "_history", default=True)
        found = tuple(one for one in found if _exact(said, one, current=current))
    most = _most(given)
    base = str(request.url.replace(query="", fragment="")).removesuffix("/_search")
    # Whoever asks for so many at most is told that there are more, and not which.
    alone = door.actor.role is Role.SYSTEM or ("_max-results" in given and len(found) > most)
    return answer(matches(found, most, base.removesuffix("/Patient"), alone=alone))


def _given(query: Query) -> Mapping[str, Sequence[str]]:
    given: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in query.pairs:
        if name not in _HOW | _SAID:
            raise problem(400, "not-supported", f"{name[:40]!r} is not known to a trace.")
        given[name].append(value.strip())
        if len(given[name]) > _PER_ASKED.get(name, 1):
            raise problem(400, "value", f"{name} is given too often.")
    return given


def _said(given: Mapping[str, Sequence[str]]) -> Demographics:
    """Who is meant."""
    one = {name: values[0] for name, values in given.items()}
    family, phone, email = one.get("family", ""), one.get("phone", ""), one.get("email", "")
    born = PartialDate.parse(one.get("birthdate", "").removeprefix("eq"))
    if "birthdate" in one and born is None:
        raise problem(400, "value", "birthdate is a day such as eq1970-05-04.")
    place = postcode(one.get("address-postalcode", ""))
    if one.get("address-postalcode") and place is None:
        raise problem(400, "value", "address-postalcode is not a postcode.")
    names = tuple(value for value in given.get("given", ()) if value)
    besides = (names, one.get("gender"), place, phone, email)
    if not (family and born and any(besides)):
        says = "Too few values: give family and birthdate, and one of given, gender, postcode."
        raise problem(400, "value", says)
    return Demographics(
        names=(Name(family=family, given=names),),
        born=born,
        sex=one.get("gender", ""),
        addresses=(Address(lines=(), postcode=place),) if place else (),
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
        practice=one.get("general-practitioner", ""),
    )


def _exact(said: Demographics, one: Matched, *, current: bool) -> bool:
    """Whether the names and the date of birth are as they were said: now, or at any time."""
    who = one.record.who
    if who is None:
        return False
    name = said.names[0]
    search = Search(names=(name.family, *name.given), born=said.born)
    known = (who.best,) if current else (who.best, *(each for _, each in who.said_by))
    return any(agrees(search, each) for each in known)


def _flag(given: Mapping[str, Sequence[str]], name: str, *, default: bool = False) -> bool:
    written = given.get(name, ["true" if default else "false"])[0]
    if written not in {"true", "false"}:
        raise problem(400, "value", f"{name} is true or false.")
    return written == "true"


def _most(given: Mapping[str, Sequence[str]]) -> int:
    written = given.get("_max-results", [str(LARGEST_PAGE)])[0]
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:9]) <= LARGEST_PAGE):
        raise problem(400, "value", f"_max-results is a number from 1 to {LARGEST_PAGE}.")
    return int(written)

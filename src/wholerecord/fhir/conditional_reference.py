"""References that name a resource by what identifies it: `Patient?identifier=system|value`.

Source: FHIR R4, RESTful API, "transaction": such a reference is led to what it finds, and the
transaction fails where that is nothing, or more than one. It is looked for among what the
client itself wrote, then in the Bundle; a Patient also by NHS number, among those whom the client
may find.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.fhir.bundle_entry import Item
from wholerecord.fhir.given import identifiers
from wholerecord.fhir.problem import problem
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.shape import Object, is_array, is_object, objects
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people.search import Search
from wholerecord.record import LogicalId, canonical

_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]{1,63})\?(.{1,2000})", re.DOTALL)
#: A type, and an identifier `system|value`.
_Identity = tuple[str, str]
#: Resources that one Bundle may look for.
_MOST = 1000


async def lead(door: Door, purpose: Purpose, items: Sequence[Item]) -> None:
    """Lead every conditional reference in the items to what it finds.

    Raises:
        Problem: 412, one finds nothing or several; 400, it is not `identifier=system|value`.
    """
    found: dict[str, str] = {}
    asking = [one for one in items if b"?" in one.body]
    here = _by_identifier(items if asking else ())
    for one in asking:
        wanted = {said for said, _ in _references(one.value)}
        for said in sorted(wanted - found.keys()):
            if len(found) >= _MOST:
                raise problem(413, "too-costly", f"A Bundle looks for {_MOST} resources at most.")
            found[said] = await _find(door, purpose, said, here, one.place)
        if wanted:
            for said, holder in _references(one.value):
                holder["reference"] = found[said]
            one.body = canonical(one.value)


def _references(value: Any) -> Iterator[tuple[str, Object]]:
    """Every conditional reference within, and the object it stands in."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if is_array(one):
            waiting.extend(one)
        elif is_object(one):
            said = one.get("reference")
            if isinstance(said, str) and _CONDITIONAL.fullmatch(said):
                yield said, one
            waiting.extend(one.values())


async def _find(
    door: Door, purpose: Purpose, said: str, made: Mapping[_Identity, Sequence[Item]], place: str
) -> str:
    kind, _, query = said.partition("?")
    if kind not in R4_TYPES:
        raise problem(400, "invalid", "A reference names no type of FHIR R4.", place)
    where = identifiers(query, place)
    own = await door.known_as(kind, where)
    if len(own) > 1:
        raise _not_one("several", place)
    if own:
        return f"{kind}/{own[0].id.text}"
    here = [
        one
        for one in made.get((kind, where[0]), ())
        if all(one in made.get((kind, other), ()) for other in where[1:])
    ]
    if len(here) > 1:
        raise _not_one("several", place)
    if here:
        here[0].full_url = here[0].full_url or f"urn:uuid:{uuid4()}"
        return here[0].full_url
    if kind == "Patient" and (logical := await _by_number(door, purpose, where, place)):
        return f"Patient/{logical.text}"
    raise _not_one("no", place)


def _not_one(many: str, place: str) -> Exception:
    code = "multiple-matches" if many == "several" else "not-found"
    return problem(412, code, f"A conditional reference finds {many} resources.", place)


def _by_identifier(items: Sequence[Item]) -> Mapping[_Identity, Sequence[Item]]:
    """The items by the type and each identifier of their resources."""
    found: dict[_Identity, list[Item]] = {}
    for one in items:
        kind = str(one.value.get("resourceType", ""))
        said = {
            f"{each.get('system', '')}|{each.get('value', '')}"
            for each in objects(one.value.get("identifier"))
        }
        for each in said:
            found.setdefault((kind, each), []).append(one)
    return found


async def _by_number(
    door: Door, purpose: Purpose, where: Sequence[str], place: str
) -> LogicalId | None:
    """The Patient with an NHS number, of whoever may be found by it."""
    system, _, value = where[0].partition("|")
    number = NhsNumber.parse(value) if system == NHS_NUMBER_SYSTEM else None
    if number is None or len(where) > 1:
        return None
    listed = await door.find(Search(nhs_number=number), purpose=purpose)
    if isinstance(listed, Refused):
        return None
    if len(listed) > 1:
        raise _not_one("several", place)
    ids = [
        LogicalId.of(member.patient, member.number)
        for one in listed
        for member in one.members
        if member.demographics.nhs_number == number
    ]
    return min(ids, default=None)

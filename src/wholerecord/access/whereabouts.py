"""Where a restricted person lives: taken out here, so that no page, API or command can tell.

Source: PDS, "restricted (sensitive) records": neither address nor contact details nor the general
practice, which says the neighbourhood, are given to anybody.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from wholerecord.fold import Record, Who
from wholerecord.intake.fhir.shape import is_array, is_object
from wholerecord.people import Demographics, Member
from wholerecord.record import read_json

#: What of a FHIR resource may say where somebody lives, wherever it stands.
_SAYING = frozenset({"address", "telecom", "contact", "text", "contained", "generalPractitioner"})


def body_unplaced(value: Any) -> Any:
    """A resource, or a part of one, without whatever may say where its person lives."""
    if is_array(value):
        return [body_unplaced(one) for one in value]
    if not is_object(value):
        return value
    return {name: body_unplaced(one) for name, one in value.items() if name not in _SAYING}


def is_hidden_in(body: bytes) -> bool:
    """Whether anything of the resource is left out where its person is restricted."""
    resource: Any = read_json(body)
    return body_unplaced(resource) != resource


def is_restricted(members: Sequence[Member], record: Record | None = None) -> bool:
    """Whether any source says that nobody may know where the person lives."""
    known = bool(record and record.who and record.who.best.restricted)
    return known or any(member.demographics.restricted for member in members)


def without_whereabouts(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members; of a restricted person without whatever says where they live, from any."""
    if not is_restricted(members):
        return tuple(members)
    return unplaced(members)


def unplaced(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members without whatever says where they live."""
    return tuple(replace(one, demographics=_unplaced(one.demographics)) for one in members)


def in_outline(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members with the postcode alone of where they live: enough to tell two people apart."""
    return tuple(replace(one, demographics=_outlined(one.demographics)) for one in members)


def who_in_outline(who: Who) -> Who:
    """Who they are, with the postcode alone of where they live."""
    return msgspec.structs.replace(
        who,
        best=_outlined(who.best),
        said_by=tuple((said, _outlined(one)) for said, one in who.said_by),
    )


def who_unplaced(who: Who) -> Who:
    """Who they are, without whatever says where they live, in any source's words."""
    return msgspec.structs.replace(
        who,
        best=_unplaced(who.best),
        said_by=tuple((said, _unplaced(one)) for said, one in who.said_by),
    )


def _unplaced(one: Demographics) -> Demographics:
    return replace(one, addresses=(), phones=(), emails=(), practice="", relatives=())


def _outlined(one: Demographics) -> Demographics:
    postcodes = tuple(replace(each, lines=()) for each in one.addresses if each.postcode)
    return replace(one, addresses=postcodes, phones=(), emails=())

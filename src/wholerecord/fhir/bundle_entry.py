"""One entry of a batch or a transaction, as the change it asks for. Source: FHIR R4, Bundle."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import msgspec

from wholerecord.access import Door
from wholerecord.access.saying import Change
from wholerecord.consent import Purpose
from wholerecord.fhir.given import identifiers, version_in
from wholerecord.fhir.patch import JSON_PATCH, changed, named_one, patch_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.validation import must_be_valid
from wholerecord.fhir.version_aware import must_name_version
from wholerecord.fhir.xml_patch import XML_PATCH
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.shape import Object, an_object, text
from wholerecord.record import LogicalId

#: FHIR's own names of conditions on a read, and those of HTTP.
_READING = {"if_none_match": "if-none-match", "if_modified_since": "if-modified-since"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Asked(msgspec.Struct, rename="camel"):
    """`Bundle.entry.request`."""

    method: str = ""
    url: str = ""
    if_match: str | None = None
    if_none_exist: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None


class Entry(msgspec.Struct, rename="camel"):
    """`Bundle.entry`."""

    request: Asked | None = None
    resource: msgspec.Raw = msgspec.Raw()
    full_url: str = ""


class Sent(msgspec.Struct):
    """A Bundle as it was sent."""

    type: str = ""
    entry: list[Entry] = msgspec.field(default_factory=list[Entry])


@dataclass(slots=True, kw_only=True)
class Item:
    """An entry, what it asks, its resource taken apart, and where it stands."""

    asked: Asked
    place: str
    full_url: str
    value: Object
    body: bytes

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return self.asked.method in {"GET", "HEAD"}

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions of a read, by header."""
        said = {header: getattr(self.asked, name) for name, header in _READING.items()}
        return {header: value for header, value in said.items() if value is not None}


def item(entry: Entry, value: Any, place: str) -> Item:
    """The entry as it asks.

    Raises:
        Problem: 400, it does not say what to do.
    """
    asked = entry.request
    if asked is None or not asked.url:
        raise problem(400, "required", "Say what to do: request.method and url.", place)
    if asked.method not in METHODS:
        raise problem(
            400,
            "not-supported",
            "An entry is GET, POST, PUT, PATCH or DELETE.",
            f"{place}.request.method",
        )
    resource = an_object(an_object(value).get("resource"))
    return Item(
        asked=asked,
        place=place,
        full_url=entry.full_url,
        value=resource,
        body=bytes(entry.resource),
    )


def rules_of_full_urls(items: Sequence[Item]) -> None:
    """Go on only where every `fullUrl` names one resource, and no other than its entry's.

    Raises:
        Problem: 400. Source: FHIR R4, Bundle, bdl-7 and "fullUrl".
    """
    seen: set[str] = set()
    for one in items:
        url = one.full_url
        if url and url in seen:
            raise problem(400, "invalid", "Two entries have one fullUrl.", f"{one.place}.fullUrl")
        seen.add(url)
        own = text(one.value.get("id"))
        is_address = url.startswith(("http://", "https://"))
        if own and is_address and url.rstrip("/").rpartition("/")[2] != own:
            raise problem(400, "invalid", "fullUrl ends with another id.", f"{one.place}.fullUrl")


async def change_of(door: Door, purpose: Purpose, one: Item, base: str) -> Change:
    """What an entry changes.

    Raises:
        Problem: it cannot be done as it stands.
    """
    asked, place = one.asked, one.place
    path, _, query = asked.url.removeprefix(f"{base}/").partition("?")
    kind, slash, logical = unquote(path).strip("/").partition("/")
    if kind not in R4_TYPES:
        raise problem(404, "not-supported", "The url names no type of FHIR R4.", f"{place}.request")
    match = None if asked.if_match is None else version_in(asked.if_match, place)
    if asked.method == "PATCH":
        must_name_version(kind, match, place)
        key = (kind, await _patched_one(door, kind, logical, query, place))
        change = await changed(door, purpose, key, patch_of(*_patch(one)), match)
        return replace(change, place=place)
    resource = b"" if asked.method == "DELETE" else _resource(one, kind)
    change = Change(
        method="POST" if asked.method == "POST" else "PUT" if asked.method == "PUT" else "DELETE",
        kind=kind,
        resource=resource,
        full_url=one.full_url,
        if_match=match,
        place=place,
    )
    if asked.method == "POST":
        if logical:
            raise problem(404, "not-supported", "No operation is asked for in a Bundle.", place)
        condition = asked.if_none_exist
        where = () if condition is None else identifiers(condition, place)
        return replace(change, where=where)
    if not slash or not logical:
        return replace(change, where=identifiers(query, place))
    parsed = LogicalId.parse(logical)
    if parsed is None:
        if asked.method == "PUT":
            raise problem(405, "not-supported", "Ids are given by the server: use POST.", place)
        raise problem(404, "not-found", "There is nothing with that id here for you.", place)
    if asked.method == "PUT" and one.value.get("id", logical) != logical:
        raise problem(400, "invalid", "The id in the resource is not the one in the url.", place)
    if asked.method == "PUT":
        must_name_version(kind, match, place)
    return replace(change, id=parsed)


async def _patched_one(door: Door, kind: str, logical: str, query: str, place: str) -> LogicalId:
    if logical:
        found = LogicalId.parse(logical)
    else:
        found = await named_one(door, kind, identifiers(query, place))
    if found is None:
        raise problem(404, "not-found", "There is nothing with that id here for you.", place)
    return found


def _patch(one: Item) -> tuple[bytes, str]:
    """The patch an entry has: Parameters, or a Binary of another; and its media type."""
    if one.value.get("resourceType") != "Binary":
        return one.body, ""
    media = text(one.value.get("contentType")).partition(";")[0].strip()
    try:
        data = base64.b64decode(text(one.value.get("data")), validate=True)
    except binascii.Error:
        raise problem(400, "value", "data is not base64.", f"{one.place}.resource") from None
    if media not in {JSON_PATCH, XML_PATCH}:
        says = f"A Binary that patches is {JSON_PATCH} or {XML_PATCH}."
        raise problem(400, "not-supported", says, one.place)
    return data, media


def _resource(one: Item, kind: str) -> bytes:
    if not one.value:
        raise problem(400, "required", "There is no resource.", f"{one.place}.resource")
    if one.value.get("resourceType") != kind:
        raise problem(400, "invalid", f"The resource is not a {kind}.", f"{one.place}.resource")
    must_be_valid(kind, one.value, f"{one.place}.resource.")
    return one.body

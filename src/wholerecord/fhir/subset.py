"""Part of a resource: `_elements` and `_summary`. Source: FHIR R4, Search, "Summary"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.datastructures import QueryParams

from wholerecord.fhir.elements import ordered
from wholerecord.fhir.problem import problem
from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object
from wholerecord.record import canonical, read_json

SUMMARIES = ("false", "true", "text", "data", "count")
_ALWAYS = frozenset({"resourceType", "id", "meta"})
_SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}


class _Tag(msgspec.Struct):
    code: Any = None


class _Meta(msgspec.Struct):
    tag: list[_Tag] = []


class _Tagged(msgspec.Struct):
    meta: _Meta = msgspec.field(default_factory=_Meta)


def is_part(body: bytes) -> bool:
    """Whether a resource in JSON says that it is a part of one."""
    if b"SUBSETTED" not in body:
        return False
    try:
        tags = msgspec.json.decode(body, type=_Tagged).meta.tag
    except msgspec.MsgspecError:
        return False  # whoever takes it in says better what is wrong
    return any(tag.code == _SUBSETTED["code"] for tag in tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of each resource is given: these elements, or that summary (`false`: all).

    What its type must have is given besides, and all of what has no summary of its own.
    """

    elements: tuple[str, ...] = ()
    summary: str = "false"

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.elements and self.summary in {"false", "count"}

    def of(self, resource: Object) -> Object:
        """The part of the resource, marked as a part."""
        if self.whole:
            return resource
        kind = str(resource.get("resourceType", ""))
        meta = {**an_object(resource.get("meta"))}
        tags = meta.get("tag")
        meta["tag"] = [*(tags if is_array(tags) else []), _SUBSETTED]
        return {**self._kept(resource, kind), "meta": meta}

    def _kept(self, resource: Object, kind: str) -> Object:
        if not self.elements and self.summary == "true":
            return _summary(resource, kind, top=True)
        if not self.elements and self.summary == "data":
            return {name: said for name, said in resource.items() if name != "text"}
        named = {"text"} if not self.elements else {*self.elements}
        must = {name for name, one in ordered(kind).items() if one.must}
        wanted = _ALWAYS | named | must
        return {
            name: said
            for name, said in resource.items()
            if name in wanted or name.removeprefix("_") in wanted or _choice(name, kind, named)
        }


def _choice(name: str, kind: str, named: set[str]) -> bool:
    """Whether `value` was asked for and this is its `valueQuantity`."""
    return any(
        name.startswith(one) and name[len(one) : len(one) + 1].isupper() for one in named
    ) and name in ordered(kind)


def _summary(whole: Object, kind: str, *, top: bool = False) -> Object:
    known = ordered(kind)
    if not any(one.summary for one in known.values()):
        return whole
    kept: dict[str, Any] = {}
    for name, said in whole.items():
        one = known.get(name.removeprefix("_"))
        if name in (_ALWAYS if top else {"id"}) or (one is not None and one.summary):
            kept[name] = _within(said, one.kind if one else "")
        elif one is not None and one.must:
            kept[name] = said
    return kept


def _within(said: Any, kind: str) -> Any:
    if is_array(said):
        return [_within(one, kind) for one in said]
    if not is_object(said):
        return said
    if "resourceType" in said:
        return said
    return _summary(said, kind) or said


def part_of(elements: Sequence[str], summary: str) -> Part:
    """The part that these ask for.

    Raises:
        Problem: 400, a summary there is none of, or no names of elements.
    """
    if summary not in SUMMARIES:
        raise problem(400, "value", f"_summary is one of {', '.join(SUMMARIES)}.", "_summary")
    if not all(name.isascii() and name.isalnum() for name in elements):
        raise problem(400, "value", "_elements has names of elements.", "_elements")
    return Part(elements=tuple(elements), summary=summary)


def subset(body: bytes, query: QueryParams) -> bytes:
    """The part of a resource that a read asks for; all of it where no part is asked for.

    Raises:
        Problem: 400, a summary there is none of; a resource is not counted.
    """
    if "_elements" not in query and "_summary" not in query:
        return body
    names = [one.strip() for one in query.get("_elements", "").split(",") if one.strip()]
    part = part_of(names, query.get("_summary", "false"))
    if part.summary == "count":
        raise problem(400, "not-supported", "One resource is not counted.", "_summary")
    return body if part.whole else canonical(part.of(read_json(body)))

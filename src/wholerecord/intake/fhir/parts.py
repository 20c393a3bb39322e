"""A scope's resources made ready: known type, right shape, an id of their own, R4.

What cannot be made ready is a fault with its place.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from wholerecord.intake.fhir import patient, stu3, version
from wholerecord.intake.fhir.about import R4_TYPES
from wholerecord.intake.fhir.check import wrong_with
from wholerecord.intake.fhir.deleted import deleted
from wholerecord.intake.fhir.ids import id_by_content, id_by_identifiers, id_from
from wholerecord.intake.fhir.items import Item, Scope
from wholerecord.intake.fhir.shape import Object, is_object, text
from wholerecord.intake.reading import Fault, Reason

NESTED = "objects within objects, deeper than can be read"
_TYPE = re.compile(r"[A-Za-z]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One resource ready to be filed. `number` is set for a Patient: who they are to the source."""

    kind: str
    id: str
    resource: Object
    place: str
    full_url: str = ""
    number: str = ""

    @property
    def address(self) -> str:
        """`Type/id`."""
        return f"{self.kind}/{self.id}"


def parts_of(scope: Scope) -> tuple[list[Part], list[Fault]]:
    """Every item of `scope` as a part or a fault, in the order of the message."""
    scope_version = _version(scope)
    in_message = scope.kind == "message"
    ready: list[Part] = []
    faults: list[Fault] = []
    for item in scope.items:
        try:
            made = _part(item, scope_version, in_message=in_message)
        except RecursionError:
            made = _fault(Reason.TOO_LARGE, item, NESTED)
        if isinstance(made, Fault):
            faults.append(made)
        else:
            ready.append(made)
    ready = _apart(ready)
    return _resolved(ready) if scope_version == version.STU3 else ready, faults


def _version(scope: Scope) -> str:
    """The version of FHIR the whole scope is in, from its first mark; "" is R4.

    In lines, which need not come from one place, only STU3 is taken to hold for all.
    """
    found = version.by_profile(scope.envelope)
    if found:
        return found
    for item in scope.items:
        if is_object(item.resource):
            found = version.version_of(text(item.resource.get("resourceType")), item.resource)
            if found and (found == version.STU3 or scope.kind != "lines"):
                return found
    return ""


def _part(item: Item, scope_version: str, *, in_message: bool) -> Part | Fault:
    if item.resource is None:
        return _without_resource(item)
    resource = item.resource
    if not is_object(resource):
        return _fault(Reason.NOT_FHIR, item, "resource: expected an object")
    kind = text(resource.get("resourceType"))
    if not kind:
        return _fault(Reason.NOT_FHIR, item, "resourceType: missing")
    found = scope_version or version.version_of(kind, resource)
    if found == version.STU3:
        kind, resource = stu3.to_r4(kind, resource)
    elif found:
        return _fault(Reason.OTHER_VERSION, item, f"FHIR {found}")
    if kind not in R4_TYPES:
        name = f"{kind}: " if _TYPE.fullmatch(kind) else ""
        return _fault(Reason.NOT_FHIR, item, f"{name}not a resource type of FHIR R4")
    wrong = wrong_with(kind, resource)
    if wrong:
        return _fault(Reason.NOT_FHIR, item, wrong)
    if item.method in {"DELETE", "PATCH"}:
        return _changed(item, kind, resource)
    return _identified(item, kind, resource, in_message=in_message)


def _identified(item: Item, kind: str, resource: Object, *, in_message: bool) -> Part:
    number = ""
    own = text(resource.get("id"))
    if kind == "Patient":
        number = patient.number_of(resource, full_url=item.full_url, in_message=in_message)
        own = own if own == number else id_from(number)
    return Part(
        kind=kind,
        id=own or id_by_identifiers(kind, resource) or id_by_content(resource),
        resource=resource,
        place=item.place,
        full_url=item.full_url,
        number=number,
    )


def _without_resource(item: Item) -> Part | Fault:
    if item.method == "DELETE":
        return _changed(item, "", {})
    what = f"{item.method} entry" if _TYPE.fullmatch(item.method) else "entry"
    return _fault(Reason.NOT_READ_YET, item, f"{what} without a resource")


def _changed(item: Item, kind: str, resource: Object) -> Part | Fault:
    """A DELETE as a last version that says it was an error; a PATCH cannot be read alone."""
    if item.method == "PATCH":
        return _fault(Reason.NOT_READ_YET, item, "PATCH: send the whole resource instead")
    gone = deleted(item.url, kind, resource)
    if gone is None:
        name = f" of a {kind}" if kind else ""
        return _fault(Reason.NOT_READ_YET, item, f"DELETE{name}")
    return Part(kind=gone[0], id=gone[1], resource=gone[2], place=item.place)


def _apart(parts: list[Part]) -> list[Part]:
    """`parts`, where resources given the same id by their identifiers get one by content each.

    Two drugs of one prescription may carry one identifier: neither may pass for a later version
    of the other.
    """
    given = Counter(part.address for part in parts if _was_given(part))
    if not given or given.most_common(1)[0][1] == 1:
        return parts
    return [
        replace(part, id=id_by_content(part.resource))
        if _was_given(part) and given[part.address] > 1
        else part
        for part in parts
    ]


def _resolved(parts: list[Part]) -> list[Part]:
    others = {part.address: part.resource for part in parts}
    made = [
        replace(part, resource=stu3.resolved(part.kind, part.resource, others)) for part in parts
    ]
    ended = [one for part in parts if part.kind == "List" for one in _ended(part)]
    return [*made, *ended]


def _ended(a_list: Part) -> Iterator[Part]:
    """The allergies a List contains, each as a part of its own; one not of the right shape stays.

    The List itself is filed as it came, so that nothing is lost either way.
    """
    kind = "AllergyIntolerance"
    for n, resource in stu3.ended_allergies(a_list.resource):
        if not wrong_with(kind, resource):
            own = id_from(text(resource.get("id")))
            place = f"{a_list.place} contained[{n}]"
            yield Part(kind=kind, id=own, resource={**resource, "id": own}, place=place)


def _was_given(part: Part) -> bool:
    return part.kind != "Patient" and not part.resource.get("id")


def _fault(reason: Reason, item: Item, detail: str) -> Fault:
    return Fault(reason=reason, place=item.place, detail=detail)


def resource_body(part: Part, recorded: str | None) -> Object:
    """The part's resource with its id, and with `meta.lastUpdated` where that was found out."""
    resource: dict[str, Any] = part.resource
    if resource.get("id") != part.id:
        resource = {**resource, "id": part.id}
    if recorded:
        meta: dict[str, Any] = resource.get("meta") or {}
        resource = {**resource, "meta": {**meta, "lastUpdated": recorded}}
    return resource

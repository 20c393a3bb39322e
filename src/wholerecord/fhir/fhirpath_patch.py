"""FHIRPath Patch: add, insert, delete, replace and move. Source: FHIR R4, fhirpatch.html.

A patch is Parameters, each parameter one operation. They are done in turn on a copy, so either all
are or none is.
"""

import re
from collections.abc import Sequence
from typing import Any

from wholerecord.fhir.elements import Ordered, ordered
from wholerecord.fhir.fhirpath import NotFhirPath, Spot, places
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.validation.types import choices
from wholerecord.intake.fhir.shape import Object, is_array, is_object, objects, text

#: Operations in one patch.
MOST = 200
_DEEPEST = 20
_KIND = re.compile(r"[a-z][A-Za-z0-9]*")


def patched(resource: Object, patch: Object) -> Object:
    """The resource, changed by each operation in turn; what is given is changed too.

    Raises:
        Problem: 400 for what is no patch, 422 for an operation that cannot be done; with its place.
    """
    operations = patch.get("parameter", [])
    if not is_array(operations):
        raise problem(400, "structure", "parameter is a list.", "Parameters.parameter")
    if len(operations) > MOST:
        raise problem(413, "too-costly", f"A patch has at most {MOST} operations here.")
    for n, operation in enumerate(operations):
        where = f"Parameters.parameter[{n}]"
        if not is_object(operation) or operation.get("name") != "operation":
            raise problem(400, "structure", "Each parameter is named operation.", where)
        try:
            _Operation(objects(operation.get("part")), where).on(resource)
        except NotFhirPath as error:
            raise problem(422, "value", f"The path is not read: {error}", where) from None
        except (TypeError, ArithmeticError, LookupError):  # a criterion compares what cannot be
            raise problem(422, "value", "The path's criterion cannot be answered.", where) from None
    return resource


class _Operation:
    """One operation, as its parts say it."""

    def __init__(self, parts: Sequence[Object], place: str) -> None:
        self._place = place
        self._parts = {text(one.get("name")): one for one in parts}
        if len(self._parts) != len(parts):
            raise problem(400, "structure", "A part has no name, or is said twice.", place)

    def on(self, resource: Object) -> None:
        """Do it."""
        match self._text("type"):
            case "add":
                self._add(self._one(resource), resource)
            case "insert":
                self._insert(resource)
            case "delete":
                self._delete(resource)
            case "replace":
                self._replace(self._one(resource), resource)
            case "move":
                self._move(resource)
            case _:
                raise self._wrong("type is add, insert, delete, replace or move.", 400)

    def _wrong(self, says: str, status: int = 422) -> Problem:
        return problem(status, "processing" if status == 422 else "value", says, self._place)

    def _text(self, name: str) -> str:
        part = self._parts.get(name, {})
        said = next((one for key, one in part.items() if key[:5] == "value"), None)
        if not isinstance(said, str) or not said:
            raise self._wrong(f"{name} is not said.", 400)
        return said

    def _whole(self, name: str) -> int:
        part = self._parts.get(name, {})
        said = next((one for key, one in part.items() if key[:5] == "value"), None)
        if type(said) is not int or said < 0:
            raise self._wrong(f"{name} is a whole number.", 400)
        return said

    def _found(self, resource: Object) -> list[Spot]:
        return places(self._text("path"), choices())(resource)

    def _one(self, resource: Object) -> Spot:
        found = self._found(resource)
        if len(found) != 1:
            raise self._wrong(f"The path leads to {len(found) or 'no'} elements, and not to one.")
        return found[0]

    def _list(self, resource: Object) -> tuple[Spot, list[Any]]:
        """What the path leads to, all of one list."""
        found = self._found(resource)
        first = found[0] if found else None
        if first is None or first.holder is None or first.at is None:
            raise self._wrong("The path leads to no list.")
        if any(one.holder is not first.holder for one in found):
            raise self._wrong("The path leads into several lists.")
        whole: list[Any] = first.holder[first.name]
        return first, whole

    def _add(self, spot: Spot, resource: Object) -> None:
        whole = spot.value
        if not is_object(whole):
            raise self._wrong("What the path leads to has no elements.")
        name, known, value = self._value(self._text("name"), _kind_at(resource, spot))
        if known.many:
            there = whole.setdefault(name, [])
            there.append(value)
            if f"_{name}" in whole:
                whole[f"_{name}"].append(None)
        elif name in whole or any(one in whole for one in _siblings(name)):
            raise self._wrong("It is there already: replace it.")
        else:
            whole[name] = value

    def _insert(self, resource: Object) -> None:
        spot, whole = self._list(resource)
        index = self._whole("index")
        if index > len(whole):
            raise self._wrong("index is beyond the end of the list.")
        assert spot.holder is not None  # noqa: S101 - `_list` found it in one
        kind = _kind_of(resource, spot.holder)
        _, _, value = self._value(spot.name, kind)
        whole.insert(index, value)
        if is_array(beside := spot.holder.get(f"_{spot.name}")):
            beside.insert(index, None)

    def _delete(self, resource: Object) -> None:
        found = self._found(resource)
        if not found:
            return
        if len(found) > 1:
            raise self._wrong(f"The path leads to {len(found)} elements, and not to one.")
        [spot] = found
        if spot.holder is None:
            raise self._wrong("A resource is deleted by DELETE.")
        for name in (spot.name, f"_{spot.name}"):
            there = spot.holder.get(name)
            if spot.at is not None and is_array(there) and len(there) > 1:
                del there[spot.at]
            else:
                spot.holder.pop(name, None)
        if not spot.holder:
            _drop(resource, spot.holder)

    def _replace(self, spot: Spot, resource: Object) -> None:
        holder = spot.holder
        if holder is None:
            raise self._wrong("A resource is replaced by PUT.")
        stem = _stem(spot.name)
        name, _, value = self._value(stem or spot.name, _kind_of(resource, holder))
        beside = holder.get(f"_{spot.name}")
        if spot.at is not None:
            holder[name][spot.at] = value
            if is_array(beside):
                beside[spot.at] = None
            return
        del holder[spot.name]
        holder.pop(f"_{spot.name}", None)
        holder[name] = value

    def _move(self, resource: Object) -> None:
        spot, whole = self._list(resource)
        source, to = self._whole("source"), self._whole("destination")
        if source >= len(whole) or to >= len(whole):
            raise self._wrong("source or destination is beyond the end of the list.")
        whole.insert(to, whole.pop(source))
        beside = spot.holder.get(f"_{spot.name}") if spot.holder else None
        if is_array(beside):
            beside.insert(to, beside.pop(source))

    def _value(self, name: str, kind: str) -> tuple[str, Ordered, Any]:
        """The element a value is for, by the name JSON has for it, and the value."""
        part = self._parts.get("value")
        if part is None:
            raise self._wrong("value is not said.", 400)
        return self._made(part, name, kind, 0)

    def _made(self, part: Object, name: str, kind: str, depth: int) -> tuple[str, Ordered, Any]:
        if depth > _DEEPEST:
            raise self._wrong("value is deeper than is read.")
        key = next((key for key in part if key[:5] == "value" or key == "resource"), "")
        known = ordered(kind)
        named = name if name in known else f"{name}{key[5:]}"
        if not _KIND.fullmatch(named) or named not in known:
            raise self._wrong(f"{kind} has no such element.")
        element = known[named]
        if key:
            return named, element, part[key]
        made: Object = {}
        for one in objects(part.get("part")):
            child, inner, value = self._made(one, text(one.get("name")), element.kind, depth + 1)
            if inner.many:
                made.setdefault(child, []).append(value)
            else:
                made[child] = value
        return named, element, made


def _drop(whole: Object, empty: Object) -> bool:
    """Take an object that has nothing left out of what it stands in, and that too if it is last."""
    for name, value in whole.items():
        for one in objects(value):
            if one is not empty and not (_drop(one, empty) and not one):
                continue
            if is_array(value) and len(value) > 1:
                value[:] = [each for each in value if each is not one]
            else:
                del whole[name]
            return True
    return False


def _siblings(name: str) -> frozenset[str]:
    stem = _stem(name)
    return choices()[stem] if stem else frozenset()


def _stem(name: str) -> str:
    """`value` of `valueQuantity`; "" of what is no choice."""
    return next((stem for stem, names in choices().items() if name in names), "")


def _kind_at(resource: Object, spot: Spot) -> str:
    """The type of what stands at a spot."""
    if spot.holder is None or (is_object(spot.value) and "resourceType" in spot.value):
        return text(spot.value.get("resourceType"))
    known = ordered(_kind_of(resource, spot.holder)).get(spot.name)
    return known.kind if known else ""


def _kind_of(resource: Object, holder: Object) -> str:
    """The type of an object within a resource."""
    waiting: list[tuple[Object, str]] = [(resource, text(resource.get("resourceType")))]
    while waiting:
        whole, kind = waiting.pop()
        if whole is holder:
            return kind
        known = ordered(kind)
        for name, value in whole.items():
            within = known[name].kind if name in known else ""
            waiting += [(one, text(one.get("resourceType")) or within) for one in objects(value)]
    return ""

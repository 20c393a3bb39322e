"""JSON whose shape is not yet known, taken apart without trusting it."""

from typing import Any, TypeGuard

#: A JSON object as `record.read_json` gives it.
Object = dict[str, Any]


def is_object(value: Any) -> TypeGuard[Object]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)


def an_object(value: Any) -> Object:
    """`value` where it is a JSON object, else an empty one."""
    return value if is_object(value) else {}


def objects(value: Any) -> list[Object]:
    """The JSON objects in `value`: those of an array, or the one it is; anything else is none."""
    if is_object(value):
        return [value]
    return [one for one in value if is_object(one)] if is_array(value) else []


def text(value: Any) -> str:
    """`value` where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """The strings of an array, or the one it is."""
    found = value if is_array(value) else [value]
    return [one for one in found if isinstance(one, str)]


def codings(value: Any) -> list[Object]:
    """The codings of a CodeableConcept, or of an array of them."""
    return [coding for concept in objects(value) for coding in objects(concept.get("coding"))]

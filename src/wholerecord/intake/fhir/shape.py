"""JSON whose shape is not yet known, taken apart without trusting it."""

from typing import Any

#: A JSON object as `record.read_json` gives it.
Object = dict[str, Any]


def an_object(value: Any) -> Object:
    """`value` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Object]:
    """The JSON objects in `value`: those of an array, or the one it is; anything else is none."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        found: list[Any] = value
        return [one for one in found if isinstance(one, dict)]
    return []


def text(value: Any) -> str:
    """`value` where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def codings(value: Any) -> list[Object]:
    """The codings of a CodeableConcept, or of an array of them."""
    return [coding for concept in objects(value) for coding in objects(concept.get("coding"))]

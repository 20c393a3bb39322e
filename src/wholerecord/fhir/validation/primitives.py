"""Whether a JSON value is a primitive of FHIR R4.

Source: FHIR R4, Data Types, "Primitive Types".
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wholerecord.nhs import PartialDate

_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
_IS_DATE = re.compile(_DATE)
_IS_DATETIME = re.compile(rf"\d{{4}}(-\d\d(-\d\d(T{_TIME}{_ZONE})?)?)?")
_IS_INSTANT = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}{_ZONE}")
_IS_TIME = re.compile(_TIME)
_IS_CODE = re.compile(r"\S+( \S+)*")
_IS_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_IS_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+")
_IS_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IS_URI = re.compile(r"\S*")
_IS_BASE64 = re.compile(r"(\s*([0-9a-zA-Z+/=]){4}\s*)+")
_INTEGER = 1 << 31


def _text(pattern: re.Pattern[str] | None = None) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if not isinstance(value, str) or not value:
            return False
        return pattern is None or pattern.fullmatch(value) is not None

    return check


def _dated(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return (
            isinstance(value, str)
            and pattern.fullmatch(value) is not None
            and (value[17:19] == "60" or PartialDate.parse(value) is not None)
        )

    return check


def _whole(least: int) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return type(value) is int and least <= value < _INTEGER

    return check


def _decimal(value: Any) -> bool:
    return type(value) is int or isinstance(value, Decimal)


def _boolean(value: Any) -> bool:
    return value is True or value is False


def _div(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("<")


#: Each primitive's check, by name. A `uri` may be of any scheme, or none.
PRIMITIVES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "base64Binary": _text(_IS_BASE64),
        "boolean": _boolean,
        "canonical": _text(_IS_URI),
        "code": _text(_IS_CODE),
        "date": _dated(_IS_DATE),
        "dateTime": _dated(_IS_DATETIME),
        "decimal": _decimal,
        "id": _text(_IS_ID),
        "instant": _dated(_IS_INSTANT),
        "integer": _whole(-_INTEGER),
        "markdown": _text(),
        "oid": _text(_IS_OID),
        "positiveInt": _whole(1),
        "string": _text(),
        "time": _text(_IS_TIME),
        "unsignedInt": _whole(0),
        "uri": _text(_IS_URI),
        "url": _text(_IS_URI),
        "uuid": _text(_IS_UUID),
        "xhtml": _div,
    }
)

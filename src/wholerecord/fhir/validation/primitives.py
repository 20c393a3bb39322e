"""Whether a JSON value is a primitive of FHIR R4.

Source: FHIR R4, Data Types, "Primitive Types".
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wholerecord.fhir.validation.narrative import is_narrative

_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?!0000)[0-9]{4}"
_DATE = rf"{_YEAR}(-(0[1-9]|1[0-2])|-{_DAY})?"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_IS_DATE = re.compile(_DATE)
_IS_DATETIME = re.compile(rf"{_DATE}|{_YEAR}-{_DAY}T{_TIME}{_ZONE}")
_IS_INSTANT = re.compile(rf"{_YEAR}-{_DAY}T{_TIME}{_ZONE}")
#: The months with 31 days.
_LONG = frozenset({"01", "03", "05", "07", "08", "10", "12"})
_IS_TIME = re.compile(_TIME)
_IS_CODE = re.compile(r"\S+( \S+)*")
_IS_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_IS_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+")
_IS_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IS_URI = re.compile(r"\S*")
_IS_BASE64 = re.compile(r"[0-9a-zA-Z+/=\s]+")
_INTEGER = 1 << 31


def _string(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not value.isspace()


def _text(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    fits = pattern.fullmatch

    def check(value: Any) -> bool:
        return isinstance(value, str) and value != "" and fits(value) is not None

    return check


def _dated(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    fits = pattern.fullmatch

    def check(value: Any) -> bool:
        if not isinstance(value, str) or fits(value) is None:
            return False
        day = value[8:10]
        return day < "29" or value[5:7] in _LONG or _is_day(value)

    return check


def _is_day(value: str) -> bool:
    """Whether a month has that day, of the last ones that not every month has."""
    if value[8:10] == "31":
        return False
    if value[5:7] != "02":
        return True
    year = int(value[:4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return value[8:10] == "29" and leap


def _whole(least: int) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return type(value) is int and least <= value < _INTEGER

    return check


def _decimal(value: Any) -> bool:
    return type(value) is int or isinstance(value, Decimal)


def _base64(value: Any) -> bool:
    if not isinstance(value, str) or _IS_BASE64.fullmatch(value) is None:
        return False
    letters = sum(map(len, value.split()))
    return letters > 0 and letters % 4 == 0


def _boolean(value: Any) -> bool:
    return value is True or value is False


def _div(value: Any) -> bool:
    return isinstance(value, str) and is_narrative(value)


#: Each primitive's check, by name. A `uri` may be of any scheme, or none.
PRIMITIVES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "base64Binary": _base64,
        "boolean": _boolean,
        "canonical": _text(_IS_URI),
        "code": _text(_IS_CODE),
        "date": _dated(_IS_DATE),
        "dateTime": _dated(_IS_DATETIME),
        "decimal": _decimal,
        "id": _text(_IS_ID),
        "instant": _dated(_IS_INSTANT),
        "integer": _whole(-_INTEGER),
        "markdown": _string,
        "oid": _text(_IS_OID),
        "positiveInt": _whole(1),
        "string": _string,
        "time": _text(_IS_TIME),
        "unsignedInt": _whole(0),
        "uri": _text(_IS_URI),
        "url": _text(_IS_URI),
        "uuid": _text(_IS_UUID),
        "xhtml": _div,
    }
)

"""Search by number and by quantity: `probability=gt0.8`, `value-quantity=5.4|UCUM|mmol/L`.

Source: FHIR R4, Search, "number" and "quantity". Units are compared by UCUM: 5.4 mmol/L is found
as 5400 umol/L.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.path import Element, Json, text, under
from wholerecord.fhir.search.spans import Amounts, amounts_fit, prefixed
from wholerecord.terms.units import convert

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
UCUM = "http://unitsofmeasure.org"
_INFINITE = Decimal("Infinity")
#: Letters of a number, its digits (with which sums are exact), and its power of ten, at most.
_LONGEST, _DIGITS, _LARGEST = 40, 26, 400


class Asked(NamedTuple):
    """An amount that is asked for. `system` None: of any; no `unit`: whatever its unit."""

    prefix: str
    value: Decimal
    half: Decimal
    system: str | None = None
    unit: str = ""


class Held(NamedTuple):
    """An amount, or bounds of one, with its unit as it is coded and as it is written."""

    amounts: Amounts
    system: str = ""
    code: str = ""
    unit: str = ""


def read(written: str, _modifier: str, _around: Around) -> Asked:
    """What a number's value asks for.

    Raises:
        Unreadable: it is no number.
    """
    prefix, rest = prefixed(written)
    try:
        value = Decimal(rest) if len(rest) <= _LONGEST else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not _NUMBER.fullmatch(rest):
        raise Unreadable("not a number such as 100, 5.40 or gt0.8")
    _, digits, exponent = value.as_tuple()
    if abs(value.adjusted()) > _LARGEST or len(digits) > _DIGITS:
        raise Unreadable("larger, smaller or longer than any number that is held")
    half = Decimal(5).scaleb(int(exponent) - 1)
    return Asked(prefix, value, max(half, abs(value) / 10) if prefix == "ap" else half)


def read_quantity(written: str, modifier: str, around: Around) -> Asked:
    """What a quantity's value asks for: a number, and after bars the system and the unit.

    Raises:
        Unreadable: it is no quantity.
    """
    parts = written.split("|")
    if len(parts) not in (1, 3):
        raise Unreadable("not a quantity such as 5.4, 5.4||mg or 5.4|http://unitsofmeasure.org|mg")
    number = read(parts[0], modifier, around)
    if len(parts) == 1:
        return number
    return number._replace(system=parts[1] or None, unit=parts[2])


def held(element: Element) -> Iterator[Held]:
    """The amounts of an element: one, or none where it says none."""
    value = element.value
    match element.type:
        case "Range":
            low, high = under(value, "low"), under(value, "high")
            said = low or high
            bounds = Amounts(_number(low, -_INFINITE), _number(high, _INFINITE))
            if bounds.low.is_finite() or bounds.high.is_finite():
                yield _with_unit(bounds, said)
        case "Money":
            amount = _number(value, _INFINITE)
            if amount.is_finite():
                currency = text(value, "currency")
                yield Held(Amounts(amount, amount), "urn:iso:std:iso:4217", currency, currency)
        case "SampledData":
            origin = under(value, "origin")
            if _number(origin, _INFINITE).is_finite():
                yield _with_unit(_compared(origin), origin)
        case "decimal" | "integer" | "positiveInt" | "unsignedInt":
            number = _number({"value": value}, _INFINITE)
            if number.is_finite():
                yield Held(Amounts(number, number))
        case _:
            if _number(value, _INFINITE).is_finite():
                yield _with_unit(_compared(value), value)


def fits(asked: Asked, one: Held) -> bool:
    """Whether an amount held is what is asked for, in the unit that is asked for."""
    amounts: Amounts | None = one.amounts
    if asked.unit:
        amounts = _in_unit(asked, one)
    elif asked.system is not None and asked.system != one.system:
        return False
    return amounts is not None and amounts_fit(asked.prefix, asked.value, asked.half, amounts)


def order(one: Held) -> tuple[Decimal, Decimal]:
    """What it is sorted by, upwards and downwards: the number, whatever its unit."""
    return one.amounts


def _in_unit(asked: Asked, one: Held) -> Amounts | None:
    """The amount in the unit that is asked for; None when it has no such unit."""
    if asked.system is None:
        return one.amounts if asked.unit in (one.code, one.unit) else None
    if asked.system != one.system:
        return None
    if asked.unit == one.code:
        return one.amounts
    if asked.system != UCUM:
        return None
    low, high = _convert(one.amounts.low, one, asked), _convert(one.amounts.high, one, asked)
    return Amounts(low, high) if low is not None and high is not None else None


def _convert(value: Decimal, one: Held, asked: Asked) -> Decimal | None:
    if not value.is_finite():
        return value if convert(Decimal(1), one.code, asked.unit) else None
    converted = convert(value, one.code, asked.unit)
    return converted.value if converted else None


def _compared(value: Json) -> Amounts:
    """An amount, or what is below or above one: `<5` may be anything less."""
    amount = _number(value, _INFINITE)
    match value.get("comparator"):
        case "<" | "<=":
            return Amounts(-_INFINITE, amount)
        case ">" | ">=":
            return Amounts(amount, _INFINITE)
        case _:
            return Amounts(amount, amount)


def _number(value: Json, default: Decimal) -> Decimal:
    said: Any = value.get("value")
    return (
        Decimal(said)
        if isinstance(said, (int, Decimal)) and not isinstance(said, bool)
        else default
    )


def _with_unit(amounts: Amounts, said: Json) -> Held:
    return Held(amounts, text(said, "system"), text(said, "code"), text(said, "unit"))

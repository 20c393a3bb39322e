"""Converting a value from one unit to another, exactly."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from wholerecord.terms.units.parse import unit

#: Digits of a result that no decimal can write exactly.
_DIGITS = 15
#: The greatest power of ten of a value: what is measured is far below it.
_MAGNITUDE = 40


@dataclass(frozen=True, slots=True)
class Converted:
    """A value in another unit. Not `exact` means rounded to 15 significant digits."""

    value: Decimal
    exact: bool


def comparable(one: str, other: str) -> bool:
    """Whether values of both units can be converted into each other. Symmetric.

    >>> comparable("mmol/L", "umol/dL")
    True
    >>> comparable("mmol/L", "mg/dL"), comparable("mmol/mol", "%")
    (False, False)
    """
    left, right = unit(one), unit(other)
    return left is not None and right is not None and left.compares(right)


def convert(value: Decimal, given: str, wanted: str) -> Converted | None:
    """The value in `wanted`; None when the units do not compare or one is not known.

    >>> convert(Decimal("98.6"), "[degF]", "Cel")
    Converted(value=Decimal('37'), exact=True)
    >>> convert(Decimal("5.2"), "mmol/L", "umol/L").value
    Decimal('5200')
    >>> convert(Decimal("1"), "mmol/L", "g/L") is None
    True
    """
    if not value.is_finite() or abs(value.adjusted()) > _MAGNITUDE:
        return None
    if len(value.as_tuple().digits) > _MAGNITUDE:
        return None
    left, right = unit(given), unit(wanted)
    if left is None or right is None or not left.compares(right):
        return None
    found = (Fraction(value) + left.plus) * left.factor / right.factor - right.plus
    return _decimal(found)


def _decimal(found: Fraction) -> Converted:
    """A fraction as a decimal: exactly where its denominator has only the factors 2 and 5."""
    rest, twos, fives = found.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    with localcontext() as context:
        if rest == 1:
            places = max(twos, fives)
            whole = found.numerator * 10**places // found.denominator
            context.prec = max(len(str(abs(whole))), 1)
            return Converted(Decimal(whole).scaleb(-places), exact=True)
        context.prec = _DIGITS
        return Converted(Decimal(found.numerator) / Decimal(found.denominator), exact=False)

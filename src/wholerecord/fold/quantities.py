"""Whether two values are one number: converted exactly by UCUM, never rounded; shown as sent.

Source: UCUM; what is no UCUM code (`x10^9/L`, `mmol/l`) is read as the code it stands for.
"""

from decimal import Decimal
from fractions import Fraction

from wholerecord.fold.shape import Quantity
from wholerecord.remembered import recalls
from wholerecord.terms import forgets
from wholerecord.terms.units import Unit, unit

#: What sources write for UCUM's own codes.
_SPELT = {"mmol/l": "mmol/L", "g/l": "g/L", "mg/l": "mg/L", "u/l": "U/L", "iu/l": "[iU]/L"}
_MILLIMOLES = {"meq/l": "mmol/L"}
#: The greatest power of ten that is worked out: what is measured is far below it.
_MAGNITUDE = 40


#: Ions of one charge: a milliequivalent of them is a millimole. (Of calcium it is half of one.)
SINGLY_CHARGED = frozenset({"sodium", "potassium", "chloride", "bicarbonate", "lithium-level"})


def amount(quantity: Quantity, *, singly_charged: bool = False) -> object:
    """What is equal for two quantities of one amount: in base units where the unit is known."""
    written = quantity.code or quantity.unit
    if singly_charged:
        written = _MILLIMOLES.get(written.lower(), written)
    value = quantity.value
    if value is None:
        return (quantity.comparator, written.lower())
    return (quantity.comparator, *_in_base_units(value, written))


@recalls()
def _in_base_units(value: Decimal, written: str) -> tuple[object, ...]:
    """Remembered: measurements repeat, and exact fractions cost more than all else of a result."""
    meant = _unit(written) if written else None
    if meant is None or not value.is_finite():
        return (value, written.lower())
    if abs(value.adjusted()) > _MAGNITUDE or len(value.as_tuple().digits) > _MAGNITUDE:
        return (value, written.lower())
    base = (Fraction(value) + meant.plus) * meant.factor
    return (base, tuple(sorted(meant.powers.items())), meant.amounts)


@recalls(most=4096)
def _unit(written: str) -> Unit | None:
    code = written.strip().replace("^", "*").replace("µ", "u").replace("μ", "u")
    if code[:3].lower() == "x10":
        code = code[1:]
    tail = code.lower().removeprefix("10*9").removeprefix("10*12")
    if tail == "/l":
        code = f"{code[:-1]}L"
    return unit(_SPELT.get(code.lower(), code))


forgets(_in_base_units.cache_clear)
forgets(_unit.cache_clear)

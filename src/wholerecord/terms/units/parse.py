"""Reading a UCUM code into a number of base units.

Source: UCUM 2.1, sections 2 to 8 (case-sensitive). Exact: every factor is a fraction.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from wholerecord.remembered import recalls
from wholerecord.terms.terminology import forgets, in_force
from wholerecord.terms.units.table import (
    AMOUNTS,
    ARBITRARY,
    ARBITRARY_METRIC,
    BASE,
    METRIC,
    PLAIN,
    PREFIXES,
)

#: A code is no longer, and a power no greater: what is, is no unit of anything measured.
_LONGEST, _HIGHEST = 100, 30
_PART = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<operator>[./])|(?P<note>\{[^{}]*\})"
    r"|(?P<symbol>10[*^]|(?:[^\d./(){}\[\]+\-\s]|\[[^\[\]]*\])+)(?P<power>[+-]?\d+)?"
    r"|(?P<number>\d+)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A number of base units to powers. `plus` is added to a value before it is multiplied.

    `amounts` are the ways in which it counts particles: mol, eq, osm. To UCUM these are mere
    numbers; to a clinician 42 mmol/mol of HbA1c is not 4.2 %, and 2 meq of calcium is not 2 mmol.
    """

    factor: Fraction
    powers: Mapping[str, int] = field(default_factory=dict[str, int])
    plus: Fraction = Fraction(0)
    amounts: frozenset[str] = frozenset()

    def compares(self, other: "Unit") -> bool:
        """Whether values of both can be converted into each other. Symmetric and transitive."""
        return self.powers == other.powers and self.amounts == other.amounts

    def times(self, other: "Unit", power: int = 1) -> "Unit":
        """This unit times the other to a power."""
        powers = dict(self.powers)
        for base, each in other.powers.items():
            powers[base] = powers.get(base, 0) + each * power
        left = {base: each for base, each in powers.items() if each}
        amounts = self.amounts | other.amounts
        return Unit(self.factor * other.factor**power, left, amounts=amounts)


_ONE = Unit(Fraction(1))
_SPECIAL = {
    "Cel": Unit(Fraction(1), {"K": 1}, Fraction("273.15")),
    "[degF]": Unit(Fraction(5, 9), {"K": 1}, Fraction("459.67")),
}


class _NotAUnit(ValueError):
    """The code is not UCUM's, or has a unit that is not known here."""


@recalls(most=4096)
def unit(code: str) -> Unit | None:
    """What a code means; None when it is not UCUM's or is not known here.

    >>> unit("mmol/L").powers == unit("umol/dL").powers
    True
    >>> unit("mmHg") is None
    True
    """
    if code in _SPECIAL:
        return _SPECIAL[code]
    if not code or len(code) > _LONGEST:
        return None
    try:
        return _term(code)
    except _NotAUnit:
        return None


forgets(unit.cache_clear)


def _term(code: str) -> Unit:
    """Left to right: `a/b.c` is `(a/b).c`."""
    stack: list[tuple[Unit, int]] = []
    whole, power, waits = _ONE, 1, True
    at = 0
    while at < len(code):
        part = _PART.match(code, at)
        if part is None:
            raise _NotAUnit
        at = part.end()
        if part["operator"]:
            power, waits = _operator(part["operator"], waits=waits, first=at == 1), True
        elif part["close"]:
            if waits or not stack:
                raise _NotAUnit
            outer, outer_power = stack.pop()
            whole = outer.times(whole, outer_power)
        elif part["note"] and not waits:
            continue  # an annotation after a unit says what is counted, and changes nothing
        elif not waits:
            raise _NotAUnit
        elif part["open"]:
            stack.append((whole, power))
            whole, power = _ONE, 1
        else:
            whole, waits = whole.times(_component(part), power), False
    if stack or waits:
        raise _NotAUnit
    return whole


def _operator(sign: str, *, waits: bool, first: bool) -> int:
    """The power of what follows: 1 or -1. Only a slash may begin a code."""
    if waits and not (first and sign == "/"):
        raise _NotAUnit
    return 1 if sign == "." else -1


def _component(part: re.Match[str]) -> Unit:
    if part["note"]:
        return _ONE
    if part["number"]:
        number = int(part["number"])
        if not number:
            raise _NotAUnit
        return Unit(Fraction(number))
    power = int(part["power"] or 1)
    if abs(power) > _HIGHEST:
        raise _NotAUnit
    return _ONE.times(_symbol(part["symbol"]), power)


@recalls(most=4096)
def _symbol(symbol: str) -> Unit:
    """A unit, or a unit that takes a prefix after its prefix."""
    if (found := _atom(symbol, prefixed=False)) is not None:
        return found
    for length in (2, 1):
        power = PREFIXES.get(symbol[:length])
        rest = _atom(symbol[length:], prefixed=True) if power is not None else None
        if power is not None and rest is not None:
            return Unit(Fraction(10) ** power * rest.factor, rest.powers, amounts=rest.amounts)
    raise _NotAUnit


forgets(_symbol.cache_clear)


def _atom(symbol: str, *, prefixed: bool) -> Unit | None:
    if symbol in BASE or symbol in ARBITRARY_METRIC:
        name = "[iU]" if symbol == "[IU]" else symbol
        return Unit(Fraction(1), {name: 1})
    if symbol in METRIC:
        defined = _defined(*METRIC[symbol])
        if symbol in AMOUNTS:
            return Unit(defined.factor, defined.powers, amounts=frozenset({symbol}))
        return defined
    if not prefixed and symbol in PLAIN:
        return _defined(*PLAIN[symbol])
    if not prefixed and symbol in ARBITRARY:
        return Unit(Fraction(1), {symbol: 1})
    return _in_release(symbol, prefixed=prefixed)


def _in_release(symbol: str, *, prefixed: bool) -> Unit | None:
    release = in_force().release("ucum")
    term = release.term(symbol) if release and symbol else None
    if term is None or term.tag != "unit" or term.facts.get("special") == "yes":
        return None
    if prefixed and term.facts.get("metric") != "yes":
        return None
    return _defined(term.facts.get("value", ""), term.facts.get("unit", ""))


def _defined(number: str, of: str) -> Unit:
    found = _ONE if of == "1" else unit(of)
    if found is None or not number:
        raise _NotAUnit
    return Unit(Fraction(number) * found.factor, found.powers, amounts=found.amounts)

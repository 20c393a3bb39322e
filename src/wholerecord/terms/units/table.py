"""Definitions of the units that clinical messages use, from UCUM 2.1.

`METRIC` units take a prefix. Each is a number of another unit, down to UCUM's seven base units.
What is not here is looked for in a loaded UCUM release (`wholerecord terms load ucum`).
"""

from collections.abc import Mapping

BASE = frozenset({"m", "s", "g", "rad", "K", "C", "cd"})

#: Prefix → power of ten; UCUM 2.1, section 27.
PREFIXES: Mapping[str, int] = {
    "Y": 24,
    "Z": 21,
    "E": 18,
    "P": 15,
    "T": 12,
    "G": 9,
    "M": 6,
    "k": 3,
    "h": 2,
    "da": 1,
    "d": -1,
    "c": -2,
    "m": -3,
    "u": -6,
    "n": -9,
    "p": -12,
    "f": -15,
    "a": -18,
    "z": -21,
    "y": -24,
}

#: Unit → its number and the unit it is a number of.
METRIC: Mapping[str, tuple[str, str]] = {
    "mol": ("6.02214076", "10*23"),
    "Hz": ("1", "s-1"),
    "N": ("1", "kg.m/s2"),
    "Pa": ("1", "N/m2"),
    "J": ("1", "N.m"),
    "W": ("1", "J/s"),
    "A": ("1", "C/s"),
    "V": ("1", "J/C"),
    "Ohm": ("1", "V/A"),
    "S": ("1", "Ohm-1"),
    "F": ("1", "C/V"),
    "Bq": ("1", "s-1"),
    "Gy": ("1", "J/kg"),
    "Sv": ("1", "J/kg"),
    "l": ("1", "dm3"),
    "L": ("1", "l"),
    "t": ("1e3", "kg"),
    "bar": ("1e5", "Pa"),
    "eq": ("1", "mol"),
    "osm": ("1", "mol"),
    "kat": ("1", "mol/s"),
    "U": ("1", "umol/min"),
    "m[Hg]": ("133.3220", "kPa"),
    "m[H2O]": ("9.80665", "kPa"),
    "cal_th": ("4.184", "J"),
    "cal": ("1", "cal_th"),
    "g%": ("1", "g/dl"),
}
PLAIN: Mapping[str, tuple[str, str]] = {
    "10*": ("10", "1"),
    "10^": ("10", "1"),
    "%": ("1", "10*-2"),
    "[ppth]": ("1", "10*-3"),
    "[ppm]": ("1", "10*-6"),
    "[ppb]": ("1", "10*-9"),
    "[pi]": ("3.1415926535897932384626433832795028841971693993751058209749445923", "1"),
    "min": ("60", "s"),
    "h": ("60", "min"),
    "d": ("24", "h"),
    "wk": ("7", "d"),
    "a_j": ("365.25", "d"),
    "a": ("1", "a_j"),
    "mo_j": ("1", "a_j/12"),
    "mo": ("1", "mo_j"),
    "deg": ("2", "[pi].rad/360"),
    "[in_i]": ("2.54", "cm"),
    "[ft_i]": ("12", "[in_i]"),
    "[yd_i]": ("3", "[ft_i]"),
    "[mi_i]": ("5280", "[ft_i]"),
    "[gr]": ("64.79891", "mg"),
    "[lb_av]": ("7000", "[gr]"),
    "[oz_av]": ("1", "[lb_av]/16"),
    "[stone_av]": ("14", "[lb_av]"),
    "[drp]": ("1", "ml/20"),
    "[diop]": ("1", "/m"),
    "[Cal]": ("1", "kcal"),
}
#: Units that count particles, each in its own way.
AMOUNTS = frozenset({"mol", "eq", "osm"})
#: Units that are only themselves: defined by an assay, not by other units (UCUM 2.1, section 24).
ARBITRARY_METRIC = frozenset({"[iU]", "[IU]"})
ARBITRARY = frozenset({"[arb'U]", "[USP'U]", "[CFU]", "[PFU]", "[FFU]", "[Lf]"})

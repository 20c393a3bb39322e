"""Units of measure: what a UCUM code means, and exact conversion between those that compare."""

from wholerecord.terms.units.convert import Converted, comparable, convert
from wholerecord.terms.units.parse import Unit, unit

__all__ = ["Converted", "Unit", "comparable", "convert", "unit"]

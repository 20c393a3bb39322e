"""What reading a parameter's value may need to know besides its text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wholerecord.errors import Incorrect

#: Whether a code (its system, then itself) is in a value set.
IsIn = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """When is now, which address is ours, and which codes a value set has."""

    now: datetime
    base: str = ""
    value_set: Callable[[str], IsIn]


class Malformed(Incorrect):
    """A search parameter cannot be understood."""

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(f"{parameter}: {why}")
        self.parameter = parameter


class Unreadable(ValueError):
    """A parameter's value is not one of its type. Says why, in words, and never the value."""

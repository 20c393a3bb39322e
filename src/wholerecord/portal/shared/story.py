"""What there is to see in the demonstration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story in plain text. `who` is the name to search for, `see` what the record shows."""

    title: str
    who: str
    see: str

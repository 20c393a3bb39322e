"""A story of the demonstration: whom to look for and what to see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story in plain text. `who` is the name to search for; `see` is what the record shows."""

    id: str
    title: str
    who: str
    see: str

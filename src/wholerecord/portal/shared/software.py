"""How a line says that software made what it shows."""

from wholerecord.fold import Entry, Said

UNVERIFIED = "Made by software, not verified by a person"


def marked(entry: Entry, mark: str = "") -> str:
    """A line's mark, with that on everything which only software said."""
    if not entry.unverified:
        return mark
    return f"{mark}. {UNVERIFIED}" if mark else UNVERIFIED


def mark_of(said: Said) -> str:
    """The mark of one statement alone, such as a denial."""
    return UNVERIFIED if said.software else ""

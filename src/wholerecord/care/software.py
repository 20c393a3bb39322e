"""How a line says that software made what it shows."""

from wholerecord.fold import Entry, Negative

UNVERIFIED = "Made by software, not verified by a person"


def marked(entry: Entry, mark: str = "") -> str:
    """A line's mark, with that on everything which only software said."""
    if not entry.unverified:
        return mark
    return f"{mark}. {UNVERIFIED}" if mark else UNVERIFIED


def mark_of(negative: Negative) -> str:
    """The mark of a statement that there is none: who attested it answers for it."""
    return UNVERIFIED if negative.unverified else ""

"""About me: what matters to the person, in their own or their supporters' words.

Source: PRSB About Me Standard (2021). A statement is about me when its category, type or tag has
the code `about-me`. Never joined: each is somebody's own words.
"""

from wholerecord.fold.entry import singly
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way

ABOUT_ME = "about-me"


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Each statement apart."""
    return singly(told)


def make(group: Group[Shape], _around: Around) -> Entry:
    """One statement of what matters."""
    return plain_entry(group, Kind.ABOUT_ME, "About me")


WAY: Way[Shape] = Way(Kind.ABOUT_ME, gather, make)

"""Where a problem stands, and what has been found so far.

A place is made of pairs while a resource is walked, and of words only when there is something to
tell: most resources have nothing wrong.
"""

from dataclasses import dataclass, field
from typing import Any

from wholerecord.fhir.problem import Issue
from wholerecord.intake.fhir.shape import objects

#: The place above, a name and an index (-1: none); of the outermost, its words.
Place = tuple["Place", str, int] | str
#: More than these are not told: whoever gets everything wrong needs no list of it.
MOST = 100


class Enough(Exception):
    """There is as much wrong as is told."""


@dataclass(slots=True)
class Found:
    """What is wrong so far with the resource `root`; `warned`, what only may be."""

    root: dict[str, Any]
    wrong: list[Issue] = field(default_factory=list[Issue])
    warned: list[Issue] = field(default_factory=list[Issue])
    _contained: tuple[Any, frozenset[str]] = (None, frozenset())

    def add(self, code: str, says: str, at: Place, name: str = "") -> None:
        """Tell of a problem.

        Raises:
            Enough: nothing further is told.
        """
        place = f"{words(at)}.{name}" if name else words(at)
        self.wrong.append(Issue(code=code, says=says, place=place))
        if len(self.wrong) >= MOST:
            raise Enough

    def contained(self) -> frozenset[str]:
        """The ids of what `root` contains: gathered once, however many refer to them."""
        if self._contained[0] is not self.root:
            ids = (one.get("id") for one in objects(self.root.get("contained")))
            self._contained = self.root, frozenset(one for one in ids if isinstance(one, str))
        return self._contained[1]

    def warn(self, code: str, says: str, at: Place) -> None:
        """Tell of what may be meant so."""
        if len(self.warned) < MOST:
            self.warned.append(Issue(code=code, says=says, place=words(at), severity="warning"))


def words(at: Place) -> str:
    """The place as FHIRPath says it.

    >>> words((("Patient", "name", 0), "family", -1))
    'Patient.name[0].family'
    """
    parts: list[str] = []
    while not isinstance(at, str):
        above, name, index = at
        parts.append(f"{name}[{index}]" if index >= 0 else name)
        at = above
    return ".".join([at, *reversed(parts)])


def safe(name: str) -> str:
    """A name as it may be told: one that could be anything is not."""
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 64 else "?"

"""How much of what sources said is not as the site asks, by source and profile.

What a source says is kept as it is; this is what a site shows the source. Counts and places, and
nothing of anybody.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.fhir.profiles.definitions import Base
from wholerecord.fhir.profiles.shelf import Shelf, held_against
from wholerecord.intake.fhir.shape import is_object
from wholerecord.record import Version, read_json

_INDEX = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class Row:
    """Of one source by one profile: resources `held` against it, those `wrong`, and where."""

    source: str
    url: str
    held: int = 0
    wrong: int = 0
    places: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Tally:
    """The rows so far, by source and address."""

    shelf: Shelf
    _rows: dict[tuple[str, str], Row] = field(default_factory=dict[tuple[str, str], Row])

    def add(self, version: Version) -> None:
        """Hold the newest version of a resource against what is asked of its type."""
        said = version.statement
        asked = self.shelf.asked.get((Base.SAID, said.kind), ())
        resource = read_json(said.body) if asked and not version.gone else None
        if not is_object(resource):
            return
        for url in asked:
            row = self._rows.setdefault((said.source, url), Row(said.source, url))
            issues = held_against(self.shelf, url, said.kind, resource)
            places = {_INDEX.sub("", one.place) for one in issues if one.severity == "error"}
            row.held += 1
            row.wrong += bool(places)
            row.places.update(places)

    @property
    def rows(self) -> Sequence[Row]:
        """Every row, in order."""
        return [row for _, row in sorted(self._rows.items())]

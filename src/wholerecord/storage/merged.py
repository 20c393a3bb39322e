"""What sources have said of merges, by when they said it, in whatever order it came.

Of two patients counts what was said last. A patient is retired into one other at a time: the one
said last that was not taken back since. Source: HL7 v2.5.1 sections 3.3.40 (A40) and 3.3.37 (A37),
which name the two and say nothing of messages that overtake each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from wholerecord.intake import Merge, Unmerge
from wholerecord.record import PatientId

_Pair = frozenset[PatientId]

#: Whether what was said still counts.
Holds = Callable[["Said"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said: that `retired` is `kept`, or (`undo`) that the two are not one.

    `at` is when the source said it, `n` the order in which it came: of two said at once the later
    counts. `heard` is when it was first carried out here.
    """

    n: int
    kept: PatientId
    retired: PatientId
    undo: bool
    at: datetime
    heard: datetime

    @property
    def pair(self) -> _Pair:
        """The two, either way round."""
        return frozenset((self.kept, self.retired))


@dataclass(slots=True)
class Merged:
    """Everything said of the merges of some patients. Any order of adding gives the same."""

    pairs: dict[_Pair, list[Said]] = field(default_factory=dict[_Pair, list[Said]])
    into: dict[PatientId, list[Said]] = field(default_factory=dict[PatientId, list[Said]])
    behind: dict[PatientId, set[PatientId]] = field(default_factory=dict[PatientId, set[PatientId]])
    count: int = 0

    @classmethod
    def of(cls, said: Iterable[Said]) -> "Merged":
        """Of what is kept already."""
        merged = cls()
        for each in said:
            merged.add(each)
        return merged

    @property
    def patients(self) -> set[PatientId]:
        """Everybody of whom something is said."""
        return {patient for pair in self.pairs for patient in pair}

    def heard(self, merge: Merge | Unmerge, now: datetime) -> Said:
        """What came next. One that does not say when is as old as what it takes back."""
        kept, retired = merge.kept.id, merge.retired.id
        self.count += 1
        return Said(
            n=self.count,
            kept=kept,
            retired=retired,
            undo=isinstance(merge, Unmerge),
            at=merge.said or self.last_of(kept, retired) or now,
            heard=now,
        )

    def last_of(self, kept: PatientId, retired: PatientId) -> datetime | None:
        """When something was last said of these two."""
        return max(
            (each.at for each in self.pairs.get(frozenset((kept, retired)), ())), default=None
        )

    def add(self, said: Said) -> None:
        """Know of it from now on."""
        self.pairs.setdefault(said.pair, []).append(said)
        if not said.undo:
            self.into.setdefault(said.retired, []).append(said)
            self.behind.setdefault(said.kept, set()).add(said.retired)

    def forget(self, said: Said) -> None:
        """Act as if it was not said: somebody is to decide about it."""
        self.pairs[said.pair].remove(said)
        if not said.undo:
            self.into[said.retired].remove(said)

    def stands(self, said: Said) -> bool:
        """Whether nothing said of these two later says otherwise."""
        last = max(self.pairs[said.pair], key=_order)
        return last.undo == said.undo and (said.undo or last.kept == said.kept)

    def target(self, patient: PatientId, holds: Holds) -> PatientId | None:
        """Who the patient is retired into; None: nobody."""
        standing = [each for each in self.into.get(patient, ()) if self.stands(each)]
        holding = [each for each in standing if holds(each)]
        return max(holding, key=_order).kept if holding else None

    def way(self, patient: PatientId, holds: Holds) -> list[PatientId]:
        """The patient, who they are retired into, and so on; a circle ends where it closes.

        The last is who the patient is in the end: of a circle, the first of it by id.
        """
        way = [patient]
        while (target := self.target(way[-1], holds)) is not None:
            if target in way:
                return [*way, min(way[way.index(target) :])]
            way.append(target)
        return way

    def followers(self, patients: Iterable[PatientId], holds: Holds) -> list[PatientId]:
        """These, and whoever is retired into them, one through another."""
        found = list(dict.fromkeys(patients))
        for patient in found:  # it grows on the way
            behind = sorted(self.behind.get(patient, set[PatientId]()) - {*found})
            found += [each for each in behind if self.target(each, holds) == patient]
        return found


def _order(said: Said) -> tuple[datetime, int]:
    return said.at, said.n

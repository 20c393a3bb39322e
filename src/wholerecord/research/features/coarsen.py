"""Values told as `other` until two known ones single out few, and how far the lines single out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from wholerecord.research.arrow import pa
from wholerecord.research.features.matrix import Column, Matrix, Numbers
from wholerecord.research.singling.grain import LOST
from wholerecord.research.singling.groups import Groups, groups_of
from wholerecord.research.singling.pairs import MOST, Pairs, singled_out
from wholerecord.research.singling.rare import RARE
from wholerecord.research.study.meaning import NOT_KNOWN

#: What a value is told as that too few people have.
OTHER = "other"
_GROWS = 3
#: What a feature says of somebody who does not have it.
_NOTHING = frozenset({"no", NOT_KNOWN, OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the lines give away.

    A value needs `least` people to be told; `lost` is the share of values told as other. `asked` is
    how far two values would single people out otherwise, `pairs` how far they do; `lines` the share
    of people whose whole line nobody else has.
    """

    least: int
    lost: float
    asked: Pairs
    pairs: Pairs
    lines: float
    groups: Groups
    outside: tuple[str, ...]

    def says(self) -> str:
        """All of it in some sentences."""
        by = ", ".join(self.outside) or "nothing"
        return (
            f"Two known values single out {self.pairs.share:.1%} of people ({MOST:.0%} at most;"
            f" {self.asked.share:.1%} before {self.lost:.1%} of values were told as other, those"
            f" that fewer than {self.least} people have). Nobody else has the whole line of"
            f" {self.lines:.1%} of people. {self.groups.says(by)}"
        )


def coarsened(matrix: Matrix, *, most: float = MOST) -> tuple[Matrix, Risk] | None:
    """The matrix as it may be told, and its risk; None: no way that loses less than `LOST`."""
    asked = _pairs(matrix)
    for least in _leasts(len(matrix.people)):
        told = replace(matrix, columns=tuple(_told(one, least) for one in matrix.columns))
        lost = _lost(matrix, least)
        if lost > LOST:
            return None
        pairs = _pairs(told)
        if pairs.most <= most:
            return told, Risk(
                least=least,
                lost=lost,
                asked=asked,
                pairs=pairs,
                lines=_lines(told),
                groups=_groups(told),
                outside=tuple(one.name for one in told.columns if one.outside),
            )
    return None


def _leasts(people: int) -> Iterator[int]:
    least = RARE
    while least <= max(people, RARE):
        yield least
        least *= _GROWS


def _told(column: Column, least: int) -> Column:
    """The column with values of fewer than `least` people as other."""
    sizes = np.bincount(column.said, minlength=len(column.words))
    kept = [n for n in range(len(column.words)) if sizes[n] >= least]
    words = (*(column.words[n] for n in kept), OTHER)
    place = np.full(max(len(column.words), 1), len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    return replace(column, words=words, said=place[column.said])


def _lost(matrix: Matrix, least: int) -> float:
    cells = len(matrix.people) * len(matrix.columns)
    few = sum(
        int(sizes[sizes < least].sum())
        for one in matrix.columns
        for sizes in (np.bincount(one.said, minlength=1),)
    )
    return few / cells if cells else 0.0


def _pairs(matrix: Matrix) -> Pairs:
    """How far two values, of two columns, single people out."""
    width = 1 + max((len(one.words) for one in matrix.columns), default=0)
    things = [n * width + one.said for n, one in enumerate(matrix.columns)]
    people = np.arange(len(matrix.people), dtype=np.int64)
    everybody: Numbers = np.tile(people, len(things))
    return singled_out(everybody, np.concatenate(things) if things else people[:0])


def _lines(matrix: Matrix) -> float:
    """The share of people whose whole line nobody else has."""
    sizes = Counter(zip(*(one.said.tolist() for one in matrix.columns), strict=True))
    alone = sum(size == 1 for size in sizes.values())
    return alone / len(matrix.people) if len(matrix.people) else 0.0


def _groups(matrix: Matrix) -> Groups:
    """K by the columns known from outside; l and t of what the others say somebody has."""
    kinds: dict[tuple[int, ...], int] = {}
    outside = [one.said.tolist() for one in matrix.columns if one.outside]
    lines = list(zip(*outside, strict=True)) if outside else [()] * len(matrix.people)
    kind = [kinds.setdefault(line, len(kinds)) for line in lines]
    people: list[int] = []
    codes: list[str] = []
    for n, one in enumerate(matrix.columns):
        for place, word in enumerate(one.words):
            if not one.outside and word not in _NOTHING:
                having: list[int] = np.flatnonzero(one.said == place).tolist()
                people += having
                codes += [f"{n} {word}"] * len(having)
    with duckdb.connect(":memory:") as engine:
        grouped = {"person_id": range(len(kind)), "kind": kind}
        for name, columns in (("grouped", grouped), ("had", {"person_id": people, "code": codes})):
            types = {"code": pa.string()}
            table = {
                key: pa.array(list(values), type=types.get(key, pa.int64()))
                for key, values in columns.items()
            }
            engine.from_arrow(pa.table(table)).create_view(name)
        return groups_of(engine)

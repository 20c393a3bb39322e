"""Extracts of features: what is told of one, and its file: Parquet of one line a person.

People are numbered by the project's pseudonyms, and stand in their order. Every value is a word:
numbers and days are in bands, as a study says them.
"""

from collections.abc import Iterator
from pathlib import Path

from wholerecord.research.arrow import pa, pq
from wholerecord.research.extracts.cut import Cut, Sheet, TooTelling
from wholerecord.research.features.coarsen import Risk, coarsened
from wholerecord.research.features.matrix import Matrix, matrix_of
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.protect import csv_line
from wholerecord.research.study.pseudonyms import pseudonym
from wholerecord.research.study.source import read_study
from wholerecord.research.tables import TABLES

_FILE = "features"


class FeaturesMaker:
    """Makes extracts of features: see `extracts.cut.Maker`."""

    def counted(self, cut: Cut) -> Sheet:
        """What would be made: nothing is written.

        Raises:
            StudyWrong: its study cannot be run, or has no features.
            TooTelling: two known values would single people out.
        """
        return _made(cut)[1]

    def write(self, cut: Cut, folder: Path, *, csv: bool) -> Sheet:
        """Write the file into the folder.

        Raises:
            StudyWrong: its study cannot be run, or has no features.
            TooTelling: two known values would single people out.
        """
        matrix, sheet = _made(cut)
        names = [pseudonym(cut.key, int(one)) for one in matrix.people]
        order = sorted(range(len(names)), key=names.__getitem__)
        columns = {"person": [names[n] for n in order]}
        for one in matrix.columns:
            said = one.said.tolist()
            columns[one.name] = [one.words[said[n]] for n in order]
        if csv:
            lines = map(csv_line, _lines(columns))
            (folder / f"{_FILE}.csv").write_text("".join(lines), encoding="utf-8", newline="")
        else:
            table = pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})
            pq.write_table(table, folder / f"{_FILE}.parquet", compression="zstd")
        return sheet


def _lines(columns: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    yield tuple(columns)
    yield from zip(*columns.values(), strict=True)


def _made(cut: Cut) -> tuple[Matrix, Sheet]:
    def read_list(name: str) -> bytes:
        try:
            return cut.asked.lists[name]
        except KeyError:
            raise StudyWrong(f"There is no {name} beside the study.") from None

    study = read_study(cut.asked.wanted.study.encode(), read_list)
    files = {name: cut.snapshot.file(name) for name in TABLES}
    told = coarsened(matrix_of(files, cut.people, study))
    if told is None:
        raise TooTelling
    matrix, risk = told
    return matrix, _sheet(study.title, matrix, risk)


def _sheet(title: str, matrix: Matrix, risk: Risk) -> Sheet:
    return Sheet(
        title=f"Features of {title!r}: {len(matrix.columns)} columns, a line for each person",
        rows={_FILE: len(matrix.people)},
        risk=risk.says(),
        notes=tuple(f"column: {one.name}" for one in matrix.columns),
    )

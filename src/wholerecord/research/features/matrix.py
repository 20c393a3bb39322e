"""Whose feature says what: for each person a value of each column, by the engine of studies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wholerecord.research.study.engine import Engine
from wholerecord.research.study.nodes import (
    Expression,
    Rows,
    Study,
    StudyWrong,
    Table,
    parts,
)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One feature: `said` is, person by person, the place of what it says in `words`.

    `outside`: it is made of what somebody who knows the person knows: age, sex, where they live.
    """

    name: str
    words: tuple[str, ...]
    said: Numbers
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Who is in it, as numbers of the tables, rising; and what each column says of each."""

    people: Numbers
    columns: tuple[Column, ...]


def matrix_of(files: Mapping[str, Path], allowed: Numbers, study: Study) -> Matrix:
    """The features of a study, of those of `allowed` who are in it.

    Raises:
        StudyWrong: it has no features, or cannot be run.
        TooLarge: it needs more than a study may use.
    """
    if not study.features:
        raise StudyWrong("It names no feature: add `feature(name, …)`.")
    tables = tuple(Table(one.name, (one.of,), (one.name,)) for one in study.features)
    engine = Engine(files)
    try:
        engine.allow(allowed)
        found = engine.cells(Study(study.title, study.people, tables))
    finally:
        engine.close()
    first = [cell.people for cell in found[0].cells.values()]
    people = np.sort(np.concatenate(first)) if first else np.zeros(0, dtype=np.int64)
    columns: list[Column] = []
    for feature, exact in zip(study.features, found, strict=True):
        said = np.zeros(len(people), dtype=np.int64)
        words = tuple(sorted(key[0] for key in exact.cells))
        for n, word in enumerate(words):
            said[np.searchsorted(people, exact.cells[(word,)].people)] = n
        columns.append(
            Column(name=feature.name, words=words, said=said, outside=not _has_rows(feature.of))
        )
    return Matrix(people=people, columns=tuple(columns))


def _has_rows(said: Expression | Rows) -> bool:
    return isinstance(said, Rows) or any(map(_has_rows, parts(said)))

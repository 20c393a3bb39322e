"""Of whom an extract is made and for whom, and what is told of it when it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from wholerecord.errors import Forbidden
from wholerecord.research.snapshot import Snapshot

#: The model of an extract: its tables as OMOP has them, or a line of features for each person.
OMOP, FEATURES = "OMOP CDM 5.4", "features"
#: The file of an extract that says how far it singles people out.
PRINTED = "risk.txt"


class TooTelling(Forbidden):
    """Two known things would single people out, or too much would have to be left out."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What an extract is asked to be; its bytes are kept as the study's file.

    `study` is, for features, the study that says which and of whom.
    """

    model: str = OMOP
    relative: bool = True
    study: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted, and the code lists that were sent with it, by their names."""

    wanted: Wanted
    lists: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What an extract is made of: those of `people` (numbers of the tables), under a key."""

    asked: Asked
    snapshot: Snapshot
    people: NDArray[np.int64]
    key: bytes
    holder: str
    vocabulary: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is told of an extract: rows by table, its risk, and what else whoever takes it reads."""

    title: str
    rows: Mapping[str, int]
    risk: str
    notes: tuple[str, ...] = ()


class Maker(Protocol):
    """What makes extracts of one model."""

    def counted(self, cut: Cut) -> Sheet:
        """What would be made: nothing is written.

        Raises:
            TooTelling: it may not be made, whoever agrees.
        """
        ...

    def write(self, cut: Cut, folder: Path, *, csv: bool) -> Sheet:
        """Write it into a folder that is there and empty, checked.

        Raises:
            TooTelling: as `counted`.
        """
        ...

"""The model: one versioned file with every comparison, level, probability, frequency and threshold.

m is how often two records of one person are at a level, u how often two of two persons are; a
level weighs log2(m/u) bits. Where the file has frequencies of terms, equal names weigh by how many
people bear them: log2(m/frequency).

Source: Fellegi and Sunter, "A Theory for Record Linkage" (1969), as Splink writes it.
"""

from functools import cached_property
from math import log2
from pathlib import Path

import msgspec

from wholerecord.errors import Incorrect

#: The model in use.
FILE = Path(__file__).with_name("trained-2.json")


class Level(msgspec.Struct, frozen=True):
    """How two patients compare, in words, and how likely that is."""

    why: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """The evidence in bits; negative speaks against."""
        return log2(self.m) - log2(self.u)


class Comparison(msgspec.Struct, frozen=True):
    """One thing that is compared. `by_term` is the level whose weight depends on the term."""

    label: str
    levels: dict[str, Level]
    by_term: str = ""


class Thresholds(msgspec.Struct, frozen=True):
    """Bits from which two patients are joined, and are worth a person's look.

    Apart, so that who is joined is doubted only well below where they were joined.
    """

    join: float
    ask: float


class Terms(msgspec.Struct, frozen=True):
    """Which share of records has each term, and what to take for those not listed."""

    rarest: float
    shares: dict[str, float]


class Model(msgspec.Struct, frozen=True, dict=True):
    """A trained model. `thresholds` by use: `bedside`, `research`."""

    version: str
    trained_on: dict[str, int | float | str]
    thresholds: dict[str, Thresholds]
    comparisons: dict[str, Comparison]
    terms: dict[str, Terms]

    def weight(self, comparison: str, level: str, terms: tuple[str, str] = ("", "")) -> float:
        """What a level weighs, in bits; between these two terms, where frequency counts."""
        if level != self.comparisons[comparison].by_term:
            return self._weights[comparison, level]
        known = self.terms[comparison]
        commonest = max(known.shares.get(term, 0.0) for term in terms)
        said = self.comparisons[comparison].levels[level]
        return log2(said.m) - log2(max(commonest, known.rarest))

    @cached_property
    def _weights(self) -> dict[tuple[str, str], float]:
        return {
            (name, level): said.weight
            for name, comparison in self.comparisons.items()
            for level, said in comparison.levels.items()
        }


def load(file: Path = FILE) -> Model:
    """The model in a file.

    Raises:
        msgspec.DecodeError: the file is not a model.
    """
    return msgspec.json.decode(file.read_bytes(), type=Model)


class BadModel(Incorrect):
    """This file is no model of people."""


def read(file: Path) -> Model:
    """The model in a file somebody named, with every comparison and level of the one in use.

    Raises:
        BadModel: it is none, or lacks some.
    """
    try:
        said = load(file)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadModel(f"{file} cannot be read as one.") from None
    for name, comparison in load().comparisons.items():
        its = said.comparisons[name].levels if name in said.comparisons else {}
        for level in comparison.levels:
            if level not in its or not (0 < its[level].m <= 1 and 0 < its[level].u <= 1):
                raise BadModel(f"{file} has no probabilities for {name} {level}.")
    return said


def save(model: Model, file: Path) -> None:
    """Write a model, one line a level, so that two versions can be compared by eye."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")

"""A professional's reversible decision over a fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.record import PatientId


class Verdict(Enum):
    """What a ruling says of its statements."""

    SAME = "same"  #: they speak of one thing
    NOT_SAME = "not-same"  #: each speaks of a thing of its own
    DISPUTED = "disputed"  #: the person or a professional says this is not right
    UPHELD = "upheld"  #: a professional agrees with who disputes it: its source is asked to mend it
    WRONG = "wrong"  #: entered in error: shown struck through, never counted
    WRONG_PERSON = "wrong-person"  #: of somebody else: shown struck through, never counted
    SUPERSEDED = "superseded"  #: the first stands in place of the others, while it stands itself
    SIDE = "side"  #: it happened, on another side than its source says
    ATTESTED = "attested"  #: a professional answers for what software made; changes nothing else


#: Verdicts that say that a source was wrong, or is out of date: it is asked to put it right.
BLAMING = frozenset(
    {Verdict.UPHELD, Verdict.WRONG, Verdict.WRONG_PERSON, Verdict.SUPERSEDED, Verdict.SIDE}
)
#: The sides that something can be corrected to.
SIDES = ("left", "right", "bilateral")


@dataclass(frozen=True, slots=True, order=True)
class About:
    """The statements a ruling is about: every version of one resource of one patient."""

    patient: PatientId
    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """`n` orders rulings: a later one beats an earlier one about the same statements.

    `side` is the right one, of a side that is corrected.
    """

    n: int
    verdict: Verdict
    about: tuple[About, ...]
    by: str
    why: str
    at: datetime
    withdrawn: datetime | None = None
    withdrawn_by: str = ""
    side: str = ""

    @property
    def blamed(self) -> tuple[About, ...]:
        """Of what is said that its source was wrong; what takes the place of others is not."""
        if self.verdict not in BLAMING:
            return ()
        return self.about[1:] if self.verdict is Verdict.SUPERSEDED else self.about


class Rulings(Protocol):
    """Where rulings are kept. Withdrawing one is itself kept."""

    async def rule(
        self, verdict: Verdict, about: Sequence[About], *, by: str, why: str, side: str = ""
    ) -> Ruling:
        """Keep a ruling.

        Raises:
            NotFound: a patient it is about is not known.
        """
        ...

    async def withdraw(self, n: int, *, by: str) -> None:
        """Take a ruling back.

        Raises:
            NotFound: there is no such ruling.
        """
        ...

    async def rulings(
        self, patients: Sequence[PatientId], *, at: datetime | None = None
    ) -> Sequence[Ruling]:
        """The rulings in force (at `at`) about any of `patients`, by `n`."""
        ...

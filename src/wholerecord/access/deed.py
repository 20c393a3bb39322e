"""What somebody does through the door, as values; and the port that does it with its opening.

A deed and the opening that says it was done are one commit: a log that says "joined" of what was
not joined, or is silent about what was, proves nothing. See decision 5.
"""

from dataclasses import dataclass
from typing import Protocol

from wholerecord import consent
from wholerecord.access.corrections import State
from wholerecord.access.doubts import Outcome as Reviewed
from wholerecord.access.opening import Ask, DecideAccess, Verdict
from wholerecord.access.outbox import Choice
from wholerecord.audit import Opening
from wholerecord.fold import About, Ruling
from wholerecord.fold import Verdict as Ruled
from wholerecord.fold.policies import Proposal, Signer
from wholerecord.fold.policy import Policy
from wholerecord.people import LinkEvent
from wholerecord.record import PatientId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Decide that a patient is a person."""

    patient: PatientId
    person: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """Take a patient out of the person they were joined to."""

    patient: PatientId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Decide that a patient is not a person."""

    patient: PatientId
    person: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Say that it cannot be told whether a patient is a person."""

    patient: PatientId
    person: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Take back link event `n`."""

    n: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rule on statements."""

    verdict: Ruled
    about: tuple[About, ...]
    why: str
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take ruling `n` back."""

    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCorrection:
    """Close the request `n` to a source with what it answered."""

    n: int
    answer: State
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCorrection:
    """Give the request `n` to a source to somebody."""

    n: int
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Close parked item `n`."""

    n: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Give parked item `n` to somebody."""

    n: int
    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Write something down about parked item `n`."""

    n: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseTelling:
    """Choose how a person is told who looked."""

    person: PersonId
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseConcern:
    """Say that a look at a person's record seems wrong."""

    person: PersonId
    look: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConcern:
    """Close concern `n` with a reply."""

    n: int
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """Keep what a person decided about who sees their record, and begin its rules."""

    person: PersonId
    rules: tuple[consent.Rule, ...]
    words: str
    #: the number of what it takes the place of; 0: nothing
    instead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPreference:
    """End what a person decided."""

    person: PersonId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDoubt:
    """Say what the review of a look came to."""

    n: int
    outcome: Reviewed
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Review every look at a person's record."""

    person: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwatch:
    """Review them no longer."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStudy:
    """Say whether what study `n` counted may leave."""

    n: int
    approve: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePolicy:
    """Propose a policy of the fold."""

    policy: Policy
    signer: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPolicy:
    """Put proposal `n`, whose changes have this digest, in force."""

    n: int
    digest: str
    signer: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPolicy:
    """Put the policy before step `n` back in force."""

    n: int
    signer: Signer


Deed = (
    Join
    | Unlink
    | Veto
    | Unsure
    | TakeBack
    | Rule
    | Withdraw
    | AnswerCorrection
    | OwnCorrection
    | Release
    | Assign
    | Note
    | ChooseTelling
    | RaiseConcern
    | AnswerConcern
    | Prefer
    | EndPreference
    | CloseDoubt
    | Watch
    | Unwatch
    | CheckStudy
    | ProposePolicy
    | SignPolicy
    | UndoPolicy
)
#: What a deed leaves behind: a link event, a ruling, what was decided or proposed, or nothing.
Outcome = LinkEvent | Ruling | consent.Preference | Proposal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was decided, written down and, where that was allowed, done."""

    opening: Opening
    verdict: Verdict
    outcome: Outcome


class Acts(Protocol):
    """Where deeds are decided, done and written down in one transaction."""

    async def act(self, ask: Ask, decide: DecideAccess, deed: Deed) -> Done:
        """Decide; do `deed` where it is allowed, in the name of `ask.actor`; append the opening.

        One commit: all of it is so, or none. A refusal is written down and nothing is done.

        Raises:
            NotFound: what it is about is not there. Nothing is done, and the opening that is
                written down is a refusal that says so.
        """
        ...

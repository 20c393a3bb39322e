"""Which verb of a store each deed is: the same for every store."""

from collections.abc import Sequence
from typing import Protocol

from wholerecord import consent
from wholerecord.access import Deed, Join, Release, Rule, Unlink, Veto, Withdraw
from wholerecord.access.concerns import Concern
from wholerecord.access.corrections import State
from wholerecord.access.deed import (
    AnswerConcern,
    AnswerCorrection,
    Assign,
    CheckStudy,
    ChooseTelling,
    CloseDoubt,
    EndPreference,
    Note,
    Outcome,
    OwnCorrection,
    Prefer,
    ProposePolicy,
    RaiseConcern,
    SignPolicy,
    TakeBack,
    UndoPolicy,
    Unsure,
    Unwatch,
    Watch,
)
from wholerecord.access.doubts import Outcome as Reviewed
from wholerecord.access.outbox import Choice
from wholerecord.consent import Preference
from wholerecord.fold import About, Ruling, Verdict
from wholerecord.fold.policies import Proposal, Signer, Step
from wholerecord.fold.policy import Policy
from wholerecord.people import LinkEvent
from wholerecord.record import PatientId, PersonId


class Verbs(Protocol):
    """What deeds are made of: see `people.Register`, `fold.Rulings` and the ports of `intake`."""

    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.join`."""
        ...

    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unlink`."""
        ...

    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.veto`."""
        ...

    async def unsure(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unsure`."""
        ...

    async def take_back(self, n: int, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.take_back`."""
        ...

    async def rule(
        self, verdict: Verdict, about: Sequence[About], *, by: str, why: str, side: str = ""
    ) -> Ruling:
        """See `fold.Rulings.rule`."""
        ...

    async def withdraw(self, n: int, *, by: str) -> None:
        """See `fold.Rulings.withdraw`."""
        ...

    async def answer_correction(self, n: int, answer: State, *, by: str, why: str) -> None:
        """See `access.corrections.Corrections.answer_correction`."""
        ...

    async def own_correction(self, n: int, to: str) -> None:
        """See `access.corrections.Corrections.own_correction`."""
        ...

    async def release(self, n: int, *, by: str, why: str) -> None:
        """See `intake.Inbox.release`."""
        ...

    async def assign(self, n: int, to: str, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.assign`."""
        ...

    async def note(self, n: int, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.note`."""
        ...

    async def choose_telling(self, person: PersonId, choice: Choice, *, by: str) -> None:
        """See `access.outbox.Outbox.choose_telling`."""
        ...

    async def raise_concern(self, person: PersonId, opening: int, *, by: str, why: str) -> Concern:
        """See `access.concerns.Concerns.raise_concern`."""
        ...

    async def answer_concern(self, n: int, *, by: str, reply: str) -> None:
        """See `access.concerns.Concerns.answer_concern`."""
        ...

    async def prefer(
        self, person: PersonId, rules: Sequence[consent.Rule], *, by: str, words: str
    ) -> Preference:
        """See `consent.Preferences.prefer`."""
        ...

    async def end_preference(self, person: PersonId, n: int, *, by: str) -> None:
        """See `consent.Preferences.end_preference`."""
        ...

    async def close_doubt(self, n: int, outcome: Reviewed, *, by: str, why: str) -> None:
        """See `access.doubts.Doubts.close_doubt`."""
        ...

    async def watch(self, person: PersonId, *, by: str, why: str) -> None:
        """See `access.doubts.Doubts.watch`."""
        ...

    async def unwatch(self, person: PersonId) -> None:
        """See `access.doubts.Doubts.unwatch`."""
        ...

    async def check_study(self, n: int, *, by: str, approve: bool, why: str) -> None:
        """See `research.study.book.StudyBook.check_study`."""
        ...

    async def propose_policy(self, policy: Policy, signer: Signer) -> Proposal:
        """See `fold.policies.Policies.propose_policy`."""
        ...

    async def sign_policy(self, n: int, digest: str, signer: Signer) -> Step:
        """See `fold.policies.Policies.sign_policy`."""
        ...

    async def undo_policy(self, n: int, signer: Signer) -> Step:
        """See `fold.policies.Policies.undo_policy`."""
        ...


async def do(  # noqa: C901 - a line for each deed
    store: Verbs, deed: Deed, *, by: str
) -> Outcome:
    """Do it, in the name of `by`.

    Raises:
        NotFound: what it is about is not there.
    """
    match deed:
        case Join():
            return await store.join(deed.patient, deed.person, by=by, why=deed.why)
        case Unlink():
            return await store.unlink(deed.patient, by=by, why=deed.why)
        case Veto():
            return await store.veto(deed.patient, deed.person, by=by, why=deed.why)
        case Unsure():
            return await store.unsure(deed.patient, deed.person, by=by, why=deed.why)
        case TakeBack():
            return await store.take_back(deed.n, by=by, why=deed.why)
        case Rule() | Withdraw() | AnswerCorrection() | OwnCorrection():
            return await _on_rulings(store, deed, by=by)
        case CheckStudy():
            await store.check_study(deed.n, by=by, approve=deed.approve, why=deed.why)
        case ProposePolicy() | SignPolicy() | UndoPolicy():
            return await _on_policy(store, deed)
        case Release() | Assign() | Note():
            await _on_parked(store, deed, by=by)
        case Prefer() | EndPreference() | ChooseTelling() | RaiseConcern() | AnswerConcern():
            return await _of_person(store, deed, by=by)
        case _:
            await _on_looks(store, deed, by=by)
    return None


async def _on_rulings(
    store: Verbs, deed: Rule | Withdraw | AnswerCorrection | OwnCorrection, *, by: str
) -> Ruling | None:
    """Rulings, and what sources were asked for by them."""
    match deed:
        case Rule():
            return await store.rule(deed.verdict, deed.about, by=by, why=deed.why, side=deed.side)
        case Withdraw():
            await store.withdraw(deed.n, by=by)
        case AnswerCorrection():
            await store.answer_correction(deed.n, deed.answer, by=by, why=deed.why)
        case OwnCorrection():
            await store.own_correction(deed.n, deed.to)
    return None


async def _on_policy(
    store: Verbs, deed: ProposePolicy | SignPolicy | UndoPolicy
) -> Proposal | None:
    match deed:
        case ProposePolicy():
            return await store.propose_policy(deed.policy, deed.signer)
        case SignPolicy():
            await store.sign_policy(deed.n, deed.digest, deed.signer)
        case UndoPolicy():
            await store.undo_policy(deed.n, deed.signer)
    return None


async def _on_parked(store: Verbs, deed: Release | Assign | Note, *, by: str) -> None:
    match deed:
        case Release():
            await store.release(deed.n, by=by, why=deed.why)
        case Assign():
            await store.assign(deed.n, deed.to, by=by, why=deed.why)
        case Note():
            await store.note(deed.n, by=by, why=deed.why)


async def _of_person(
    store: Verbs,
    deed: Prefer | EndPreference | ChooseTelling | RaiseConcern | AnswerConcern,
    *,
    by: str,
) -> Preference | None:
    """The deeds between a person and those who look at their record."""
    match deed:
        case ChooseTelling():
            await store.choose_telling(deed.person, deed.choice, by=by)
        case RaiseConcern():
            await store.raise_concern(deed.person, deed.look, by=by, why=deed.why)
        case AnswerConcern():
            await store.answer_concern(deed.n, by=by, reply=deed.reply)
        case Prefer():
            if deed.instead:
                await store.end_preference(deed.person, deed.instead, by=by)
            return await store.prefer(deed.person, deed.rules, by=by, words=deed.words)
        case EndPreference():
            await store.end_preference(deed.person, deed.n, by=by)
    return None


async def _on_looks(store: Verbs, deed: CloseDoubt | Watch | Unwatch, *, by: str) -> None:
    """The deeds of whoever reviews looks."""
    match deed:
        case CloseDoubt():
            await store.close_doubt(deed.n, deed.outcome, by=by, why=deed.why)
        case Watch():
            await store.watch(deed.person, by=by, why=deed.why)
        case Unwatch():
            await store.unwatch(deed.person)

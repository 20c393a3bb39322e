"""The rooms of what sources are asked to put right: the desk's, the page's, and the messenger's."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.corrections import ANSWERS, Correction, State
from wholerecord.access.decide import decide
from wholerecord.access.deed import AnswerCorrection, Deed, OwnCorrection
from wholerecord.access.opening import Actor, Ask, Refused
from wholerecord.access.room import Room
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.errors import Incorrect, NotFound
from wholerecord.fold import Ruling
from wholerecord.record import PersonId

#: Who sends what sources are asked: a program, whose every message is an opening.
MESSENGER = Actor(id="corrections", name="Requests to sources", role=Role.SYSTEM, organisation="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request with what its own source said of who the patient is, and its title.

    `nhs_number` is "" where that source never said it: others' words do not go to it. `retracts`:
    the message takes the request back. `organisation` is the ODS code that answers for the source.
    """

    correction: Correction
    title: str
    organisation: str
    nhs_number: str
    retracts: bool
    opening: Opening

    def __repr__(self) -> str:
        return f"Asked(n={self.correction.n}, …)"


class CorrectionRoom(Room):
    """Where requests to sources are looked after."""

    async def corrections(self) -> Sequence[tuple[Correction, PersonId | None]] | Refused:
        """What waits of every request, the oldest first, and whose it is; or why not."""
        refused = await self._may(
            self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="corrections")
        )
        if refused:
            return refused
        waiting = await self._store.open_corrections()
        return [(one, await self._store.person_of(one.patient)) for one in waiting]

    async def answer_correction(self, n: int, answer: State, *, why: str) -> Refused | None:
        """Keep what a source answered, which closes the request. None when it is kept.

        Raises:
            Incorrect: it is no answer of a source's.
            NotFound: none of that number waits for one.
        """
        if answer not in ANSWERS:
            raise Incorrect("A source corrects, or declines with its reason.")
        deed = AnswerCorrection(n=n, answer=answer, why=why)
        return await self._on_request(n, f"correction {n}: {answer.value}", deed)

    async def own_correction(self, n: int, to: str) -> Refused | None:
        """Give a request to somebody. None when it is done.

        Raises:
            NotFound: none of that number waits.
        """
        return await self._on_request(n, f"correction {n}: owner", OwnCorrection(n=n, to=to))

    async def asked_of_sources(self, shown: Sequence[Ruling]) -> Sequence[Correction]:
        """What was asked of sources by rulings that `rulings` gave of a record already opened."""
        if not shown:
            return ()
        return await self._store.corrections_of([one.n for one in shown])

    async def letter(self, n: int) -> Asked | Refused:
        """What a request says, to print and post it; or why not.

        Raises:
            NotFound: there is none of that number.
        """
        return await self._let_out(await self._request(n), Purpose.SAFETY_REVIEW, View.DESK)

    async def to_send(self, correction: Correction) -> Asked | Refused:
        """What a request says that was taken to be sent, for the messenger; or why not."""
        return await self._let_out(correction, Purpose.ADMINISTRATION, View.PROVENANCE)

    async def _request(self, n: int) -> Correction:
        known = await self._store.correction(n)
        if known is None:
            raise NotFound("There is no request of that number.")
        return known

    async def _let_out(self, one: Correction, purpose: Purpose, view: View) -> Asked | Refused:
        """The request, let out by an opening of the person it is about."""
        person = await self._store.person_of(one.patient)
        ask = self._asking(person, purpose, view, part=f"correction {one.n} to {one.source}")
        opening, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        sources = {each.name: each for each in await self._store.sources()}
        member = next((each for each in facts.members if each.patient == one.patient), None)
        number = member.demographics.nhs_number if member else None
        return Asked(
            correction=one,
            title=sources[one.source].title,
            organisation=sources[one.source].controller,
            nhs_number=number.digits if number else "",
            retracts=one.state in (State.TO_RETRACT, State.RETRACTED),
            opening=opening,
        )

    async def _on_request(self, n: int, part: str, deed: Deed) -> Refused | None:
        known = await self._request(n)
        person = await self._store.person_of(known.patient)
        ask: Ask = self._asking(person, Purpose.SAFETY_REVIEW, View.DESK, part=part)
        done = await self._store.act(ask, decide, deed)
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

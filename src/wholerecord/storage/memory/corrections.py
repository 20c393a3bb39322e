"""Requests to sources to put right what was ruled wrong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from wholerecord.access.corrections import ANSWER_WITHIN, GOING, OPEN, Correction, State
from wholerecord.access.outbox import LEASE
from wholerecord.errors import NotFound
from wholerecord.fold import Ruling
from wholerecord.storage.memory.tables import Asking, Tables, now
from wholerecord.storage.text import storable


class Corrections:
    """See `access.corrections.Corrections`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def corrections_of(self, rulings: Sequence[int]) -> Sequence[Correction]:
        """See `access.corrections.Corrections.corrections_of`."""
        return [each.one for each in self._tables.corrections if each.one.ruling in rulings]

    async def correction(self, n: int) -> Correction | None:
        """See `access.corrections.Corrections.correction`."""
        held = self._tables.corrections
        return held[n - 1].one if 0 < n <= len(held) else None

    async def open_corrections(self, *, limit: int = 200) -> Sequence[Correction]:
        """See `access.corrections.Corrections.open_corrections`."""
        return [each.one for each in self._tables.corrections if each.one.state in OPEN][:limit]

    async def take_corrections(self, *, limit: int = 100) -> Sequence[Correction]:
        """See `access.corrections.Corrections.take_corrections`."""
        moment = now()
        due = [e for e in self._tables.corrections if e.one.state in GOING and e.next <= moment]
        taken = sorted(due, key=lambda each: (each.next, each.one.n))[:limit]
        for each in taken:
            each.one = replace(each.one, tries=each.one.tries + 1)
            each.next = moment + timedelta(minutes=LEASE)
        return sorted((each.one for each in taken), key=lambda one: one.n)

    async def correction_sent(self, n: int, taken: State, *, via: str) -> None:
        """See `access.corrections.Corrections.correction_sent`."""
        each, moment = self._tables.corrections[n - 1], now()
        one = replace(each.one, via=storable(via))
        if taken is State.TO_SEND:
            one = replace(one, sent=moment)
            if one.state is State.TO_SEND:
                one = replace(one, state=State.SENT)
        elif one.state is State.TO_RETRACT:
            one = replace(one, state=State.RETRACTED, closed=moment)
        each.one = one

    async def correction_failed(self, n: int, *, again: int) -> None:
        """See `access.corrections.Corrections.correction_failed`."""
        self._tables.corrections[n - 1].next = now() + timedelta(minutes=again)

    async def answer_correction(self, n: int, answer: State, *, by: str, why: str) -> None:
        """See `access.corrections.Corrections.answer_correction`."""
        each = self._waiting(n, frozenset({State.TO_SEND, State.SENT}))
        each.one = replace(
            each.one, state=answer, reply=storable(why), replied_by=storable(by), closed=now()
        )

    async def own_correction(self, n: int, to: str) -> None:
        """See `access.corrections.Corrections.own_correction`."""
        each = self._waiting(n, OPEN)
        each.one = replace(each.one, owner=storable(to))

    async def escalate_corrections(self) -> int:
        """See `access.corrections.Corrections.escalate_corrections`."""
        moment = now()
        late = [
            each
            for each in self._tables.corrections
            if each.one.state in OPEN and each.one.escalated is None and each.one.due <= moment
        ]
        for each in late:
            each.one = replace(each.one, escalated=moment)
        return len(late)

    async def moved_corrections(self, *, limit: int = 200) -> Sequence[tuple[Correction, int]]:
        """See `access.corrections.Corrections.moved_corrections`."""
        return [
            (each.one, t)
            for each in self._tables.corrections
            if each.one.state in (State.TO_SEND, State.SENT)
            for t in [self._tables.patients[each.one.patient].t]
            if t > each.t
        ][:limit]

    async def correction_held(self, n: int, t: int) -> None:
        """See `access.corrections.Corrections.correction_held`."""
        self._tables.corrections[n - 1].t = t

    def _waiting(self, n: int, states: frozenset[State]) -> Asking:
        held = self._tables.corrections
        if not 0 < n <= len(held) or held[n - 1].one.state not in states:
            raise NotFound("No request of that number waits.")
        return held[n - 1]


def ask_sources(tables: Tables, ruling: Ruling) -> None:
    """Make the requests of a ruling: one for each patient of whom something wrong was said."""
    for patient in dict.fromkeys(about.patient for about in ruling.blamed):
        known = tables.patients[patient]
        one = Correction(
            n=len(tables.corrections) + 1,
            ruling=ruling.n,
            verdict=ruling.verdict,
            side=ruling.side,
            about=tuple(about for about in ruling.blamed if about.patient == patient),
            patient=patient,
            source=known.key.source,
            number=storable(known.key.number),
            by=ruling.by,
            why=ruling.why,
            at=ruling.at,
            owner=ruling.by,
            due=ruling.at + ANSWER_WITHIN,
        )
        tables.corrections.append(Asking(one=one, next=ruling.at, t=known.t))


def take_back_requests(tables: Tables, ruling: int, at: datetime) -> None:
    """End the requests of a ruling that was withdrawn: what may have gone is to be taken back."""
    for each in tables.corrections:
        if each.one.ruling != ruling:
            continue
        if each.one.tries:
            each.one = replace(each.one, state=State.TO_RETRACT, tries=0, closed=None)
            each.next = at
        else:
            each.one = replace(each.one, state=State.TAKEN_BACK, closed=at)

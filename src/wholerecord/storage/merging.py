"""What becomes of merges and unmerges: pure, and the same people whatever order they came in.

Who is retired moves to who is kept, with whoever was retired into them before. Who is taken out
goes to whom they are still retired into, else where they were before their source merged them. What
a professional decided stands: nobody follows who was joined or taken out by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wholerecord.people import Act, Asked, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import MOVES, before, contested, doubted, new_person
from wholerecord.storage.merged import Merged, Said

_BY_SOURCE = frozenset({Act.MERGE, Act.UNMERGE})
_BY_HAND = frozenset({Act.JOIN, Act.UNLINK})
_ONE = "the source says these two of its patients are one"
_NOT_ONE = "the source says these two of its patients are not one"
_ELSEWHERE = "the source says they are one with another of its patients now"
_THROUGH = "the source says they are one with another of its patients, who moved"
_NAMED = "the source says another patient is this one"
_NOT_YET = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Merging:
    """The patients concerned: who they are now and may not be, and their events, oldest first.

    Whoever carries out an event keeps `now` and `own` up to date, before asking for the next.
    """

    said: Merged
    now: Mapping[PatientId, PersonId | None]
    apart: AbstractSet[tuple[PatientId, PersonId | None]]
    own: Mapping[PatientId, Sequence[LinkEvent]]
    asked: list[Asked] = field(default_factory=list[Asked])

    def carry_out(self, said: Said) -> Iterator[LinkEvent]:
        """The events of one thing said, one after another; what people are asked goes to `asked`.

        Nothing where something said later says otherwise.
        """
        if said.kept == said.retired:
            return
        earlier = self.said.target(said.retired)
        self.said.add(said)
        if not self.said.stands(said):
            return
        yield from self._unmerge(said) if said.undo else self._merge(said, earlier)

    def _merge(self, said: Said, earlier: PatientId | None) -> Iterator[LinkEvent]:
        kept, retired = said.kept, said.retired
        if self.now.get(kept) is None:
            yield self._event(Act.LINK, kept, new_person(), _NAMED)
        person, was = self.now[kept], self.now.get(retired)
        if self.said.target(retired) != kept or person is None:
            return
        if was == person:
            yield from self._leave(said, earlier)
            return
        if (retired, person) in self.apart or (kept, was) in self.apart:
            self.said.forget(said)
            self.asked.append(contested(retired, person))
            return
        yield self._event(Act.MERGE, retired, person, _ONE)
        yield from self._follow(Act.MERGE, retired, was, person)

    def _leave(self, said: Said, earlier: PatientId | None) -> Iterator[LinkEvent]:
        """Out of whom they were retired into before, with whom they are retired into now."""
        person, patient = self.now.get(said.retired), said.retired
        if earlier in (None, said.kept) or self.now.get(earlier) != person or person is None:
            return
        goes_to = self._home(patient, said) or person
        if goes_to != person and self.said.roots(earlier) != self.said.roots(patient):
            yield self._event(Act.UNMERGE, patient, goes_to, _ELSEWHERE)
            yield from self._follow(Act.UNMERGE, patient, person, goes_to)

    def _unmerge(self, said: Said) -> Iterator[LinkEvent]:
        """Whichever of the two is there because of a merge goes: the one named second, if both."""
        person = self.now.get(said.retired)
        if person is None or self.now.get(said.kept) != person:
            return
        if self.said.roots(said.retired) == self.said.roots(said.kept):
            # One through others still, who were not taken back: the source contradicts itself.
            self.asked.append(doubted(said.retired, person))
            return
        for patient in (said.retired, said.kept):
            goes_to = self._home(patient, said) or person
            if goes_to != person:
                yield self._event(Act.UNMERGE, patient, goes_to, _NOT_ONE)
                yield from self._follow(Act.UNMERGE, patient, person, goes_to)
                return
        self.asked.append(doubted(said.retired, person))

    def _home(self, patient: PatientId, said: Said) -> PersonId | None:
        """Where a patient belongs without this merge; None: where they are."""
        moved = [event for event in self.own.get(patient, ()) if event.act in MOVES]
        if moved and moved[-1].act in _BY_HAND:
            return None
        if not self.said.told(said.kept, said.retired):
            # Merged before what was said was kept: the last move says what there is to undo.
            unknown = patient == said.retired and patient not in self.said.into
            undo = unknown and moved and moved[-1].act is Act.MERGE
            return (before(moved) or new_person()) if undo else None
        if any(event.act in _BY_HAND for event in moved):
            return before(moved)
        roots = self.said.roots(patient)
        here = self.now.get(patient)
        elsewhere = [where for root in roots if (where := self.now.get(root)) != here]
        if elsewhere:
            return elsewhere[0]
        if len(roots) == 1 and (not moved or moved[-1].act not in _BY_SOURCE):
            return None
        homes = [self._own_home(root) for root in roots]
        return moved[-1].was if moved and moved[-1].was in homes else homes[0]

    def _own_home(self, patient: PatientId) -> PersonId:
        """Who the patient was before their source merged them."""
        own = [e.person for e in self.own.get(patient, ()) if e.act in MOVES - _BY_SOURCE]
        return own[-1] if own else new_person()

    def _follow(
        self, act: Act, patient: PatientId, was: PersonId | None, person: PersonId
    ) -> Iterator[LinkEvent]:
        """Whoever was there because they are retired into the patient goes with them."""
        waiting = [patient]
        while was is not None and waiting:
            for each in self.said.followers(waiting.pop()):
                moved = [event.act for event in self.own.get(each, ()) if event.act in MOVES]
                by_hand = bool(moved) and moved[-1] in _BY_HAND
                if self.now.get(each) != was or by_hand or (each, person) in self.apart:
                    continue
                yield self._event(act, each, person, _THROUGH)
                waiting.append(each)

    def _event(self, act: Act, patient: PatientId, person: PersonId, why: str) -> LinkEvent:
        return LinkEvent(
            n=0,
            act=act,
            patient=patient,
            person=person,
            was=self.now.get(patient),
            weight=0.0,
            parts=(),
            by="rules",
            why=why,
            model="",
            at=_NOT_YET,
        )

"""Ruling on what a record says: decided on what the actor may see, and done, in one commit."""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from wholerecord.access.decide import decide
from wholerecord.access.deed import Deed, Done, Rule, Withdraw
from wholerecord.access.narrow import may_be_seen
from wholerecord.access.opening import Ask, Facts, Opened, Refused, Verdict
from wholerecord.access.room import Room
from wholerecord.access.withhold import withheld_keys
from wholerecord.consent import Purpose, Role, View
from wholerecord.errors import Incorrect
from wholerecord.fold import SIDES, About, Record, Ruling, Said
from wholerecord.fold import Verdict as Ruled
from wholerecord.record import PersonId

NOT_SEEN = "that is not in the record you may see"
_YOURS = "you can say that something is wrong; a professional decides"
_NO_RULING = "there is no such ruling in this record"
_NOT_DISPUTED = "nobody disputes that: there is nothing to uphold"
#: What took a place, and what was there before.
_TWO = 2
_NOT_A_PROFESSIONAL = "only a professional who cares for people can answer for what software made"
#: Who may answer for what software made: professionals registered to practise.
_ATTEST = frozenset({Role.DOCTOR, Role.GP, Role.NURSE, Role.PHARMACIST, Role.SOCIAL_WORKER})
#: Why not, by what may be ruled on; "" to let it be done.
_Object = Callable[[frozenset[About]], str]


class RulingRoom(Room):
    """The room of those who rule."""

    async def rule(
        self,
        person: PersonId,
        verdict: Ruled,
        about: Sequence[About],
        *,
        why: str,
        side: str = "",
        purpose: Purpose = Purpose.DIRECT_CARE,
    ) -> Ruling | Refused:
        """Rule on statements of this person's record that the actor may see; or why not.

        A person may dispute what their own record says; the other verdicts are a professional's.
        Who attests is named in the reason with their role: they answer for it. Of what is ruled
        superseded, the first of `about` took the place of the others; what says that there is none
        takes the place of nothing. A dispute is upheld where there is one. `side` is the right one.

        Raises:
            Incorrect: `side` is none, of a side that is corrected; or nothing took a place.
        """
        if verdict is Ruled.SIDE and side not in SIDES:
            raise Incorrect("Choose the right side: left, right or both.")
        if verdict is Ruled.SUPERSEDED and len({*about}) < _TWO:
            raise Incorrect("Choose what took its place.")
        if verdict is Ruled.ATTESTED:
            why = f"{self.actor.name}, {self.actor.role.value}: {why}"

        def object_to(seen: frozenset[About]) -> str:
            if not about or not seen.issuperset(about):
                return NOT_SEEN
            if purpose is Purpose.OWN_RECORD and verdict is not Ruled.DISPUTED:
                return _YOURS
            if verdict is Ruled.UPHELD and not disputed.issuperset(about):
                return _NOT_DISPUTED
            attests = verdict is Ruled.ATTESTED and self.actor.role not in _ATTEST
            return _NOT_A_PROFESSIONAL if attests else ""

        disputed = await self._disputed(about) if verdict is Ruled.UPHELD else frozenset[About]()
        ask = self._asking(person, purpose, View.RULING, part=verdict.value)
        side = side if verdict is Ruled.SIDE else ""
        deed = Rule(verdict=verdict, about=tuple(about), why=why, side=side)
        done = await self._act(ask, object_to, deed)
        if isinstance(done.outcome, Ruling):
            return done.outcome
        return Refused(
            reason=done.verdict.reason,
            opening=done.opening,
            may_break_glass=done.verdict.may_break_glass,
        )

    async def withdraw(
        self, person: PersonId, n: int, *, purpose: Purpose = Purpose.DIRECT_CARE
    ) -> Refused | None:
        """Take back a ruling that shapes this person's record. None when it is done.

        A person takes back only their own.
        """
        members = await self._store.members(person)
        rulings = await self._store.rulings([member.patient for member in members])
        ruling = next((ruling for ruling in rulings if ruling.n == n), None)

        def object_to(seen: frozenset[About]) -> str:
            if ruling is None or not seen.issuperset(ruling.about):
                return _NO_RULING
            own = purpose is Purpose.OWN_RECORD and ruling.by != self.actor.id
            return _NO_RULING if own else ""

        ask = self._asking(person, purpose, View.RULING, part=f"withdraw {n}")
        done = await self._act(ask, object_to, Withdraw(n=n))
        if done.verdict.allowed:
            return None
        return Refused(
            reason=done.verdict.reason,
            opening=done.opening,
            may_break_glass=done.verdict.may_break_glass,
        )

    async def rulings(self, opened: Opened) -> Sequence[Ruling]:
        """The rulings in force over what was shown of a record already opened."""
        rulings = await self._store.rulings([member.patient for member in opened.members])
        shown = frozenset(
            About(said.patient, said.kind, said.id) for said in _speaking(opened.record)
        )
        return [ruling for ruling in rulings if shown.issuperset(ruling.about)]

    async def _disputed(self, about: Sequence[About]) -> frozenset[About]:
        """What of these somebody disputes now."""
        rulings = await self._store.rulings([one.patient for one in about])
        said = (one.about for one in rulings if one.verdict is Ruled.DISPUTED)
        return frozenset(one for each in said for one in each)

    async def _act(self, ask: Ask, object_to: _Object, deed: Deed) -> Done:
        """Do `deed` where the rules allow the look and nothing is to be said against it.

        The record is folded beforehand and shown to nobody: what of it may be ruled on is decided
        with the verdict, in the transaction that writes both down.
        """
        assert ask.person is not None  # noqa: S101 - a ruling is about somebody
        members = await self._store.members(ask.person)
        whole = await self._way.folds.whole(members)

        def decide_and_object(ask: Ask, facts: Facts) -> Verdict:
            verdict = decide(ask, facts)
            if not verdict.allowed:
                return verdict
            there = {member.patient for member in facts.members}
            seen = frozenset(one for one in _seen(whole, verdict) if one.patient in there)
            against = object_to(seen)
            return Verdict(allowed=False, rule=verdict.rule, reason=against) if against else verdict

        return await self._store.act(ask, decide_and_object, deed)


def _seen(record: Record, verdict: Verdict) -> frozenset[About]:
    """What of the record may be ruled on: the statements that may be seen, also that there is none.

    A statement that there is none can be wrong, or software's, for which somebody must answer.
    """
    withheld = withheld_keys(record, verdict)
    shown = replace(
        record,
        entries=tuple(entry for entry in record.entries if may_be_seen(entry, verdict)),
        negatives=tuple(one for one in record.negatives if may_be_seen(one, verdict)),
    )
    return frozenset(
        About(*said.id_key) for said in _speaking(shown) if said.id_key not in withheld
    )


def _speaking(record: Record) -> Iterator[Said]:
    """The statements of entries, and those that there is none."""
    for entry in record.entries:
        yield from entry.said_by
    for negative in record.negatives:
        yield negative.said

"""The door: what an entry point is given instead of a database.

Whoever holds a `Door` has no way to a record that leaves no opening behind. A refusal is a value:
an exception would undo the audit of the refusal.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.access.cache import RecordCache, Vector
from wholerecord.access.decide import decide, decide_as_of
from wholerecord.access.narrow import StatementKey, narrow, withheld_keys
from wholerecord.access.opening import Actor, Ask, Facts, Opened, Openings, Refused
from wholerecord.access.surroundings import Surroundings
from wholerecord.audit import Log, Opening
from wholerecord.consent import Purpose, Rules, View
from wholerecord.fold import About, Record, Ruling, Rulings, Verdict, fold
from wholerecord.intake import Feed, Inbox, Parked
from wholerecord.people import LinkEvent, Member, Register, Review
from wholerecord.people.search import Search, agrees
from wholerecord.record import Marks, MessageId, PatientId, PersonId, Statements

#: Larger folds run in a thread, so that other requests are not kept waiting behind one.
_LARGE = 500
#: People listed in answer to one search. More is browsing, not finding.
_MOST_FOUND = 20
#: Looks listed to whoever asks who looked: all of them, for any person there is.
_MOST_LOOKS = 1_000_000


class Store(Openings, Statements, Inbox, Register, Rulings, Rules, Log, Marks, Protocol):
    """Everything the door stands in front of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line in a list of people. `related`: the actor's organisation cares for them."""

    person: PersonId
    members: tuple[Member, ...]
    related: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A message as its source sent it.

    `places` are where in it something of this record was said: the rest may be about somebody else.
    """

    message: MessageId
    body: bytes
    places: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The work about messages and identity."""

    feeds: tuple[Feed, ...]
    parked: tuple[Parked, ...]
    reviews: tuple[tuple[Review, tuple[Member, ...], tuple[Member, ...]], ...]


class Doorway:
    """What all doors of one process share: the store, and what is remembered of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.records = RecordCache()
        self.surroundings = Surroundings(store)

    def door(self, actor: Actor) -> "Door":
        """The door, for `actor`."""
        return Door(self, actor)


class Door:
    """The only way to a person's record."""

    def __init__(self, way: Doorway, actor: Actor) -> None:
        self._way = way
        self._store = way.store
        self.actor = actor

    async def open(
        self,
        person: PersonId,
        *,
        purpose: Purpose,
        view: View = View.RECORD,
        part: str = "",
        given: str = "",
        at: datetime | None = None,
    ) -> Opened | Refused:
        """The record as this actor may see it (as known at `at`), or why not. Audited.

        Nobody's id is refused like any other, by rule: a door does not say who exists.
        """
        ask = Ask(
            actor=self.actor,
            purpose=purpose,
            view=view,
            person=person,
            part=part,
            given=given.strip(),
            at=at,
        )
        today = None if at is None else tuple(await self._store.members(person))
        opening, facts, verdict = await self._store.open(ask, decide_as_of(today))
        if not verdict.allowed or not facts.members:
            return Refused(
                reason=verdict.reason if not verdict.allowed else "there is nobody at that address",
                opening=opening,
                may_break_glass=verdict.may_break_glass,
            )
        record = await self._fold(facts, at)
        hidden = frozenset[StatementKey]()
        if today:  # what was sealed since is sealed in the past too
            hidden = withheld_keys(await self._fold_members(today, None, None), verdict)
        shown, withheld = narrow(record, verdict, hidden)
        sources = {member.source for member in facts.members}
        feeds, parked = await self._way.surroundings.of(sources)
        return Opened(
            person=person,
            record=shown,
            members=facts.members,
            opening=opening,
            verdict=verdict,
            withheld=withheld,
            withheld_places=_left_out(record, shown) if withheld else frozenset(),
            feeds=feeds,
            parked=parked,
        )

    async def find(
        self, search: Search, *, purpose: Purpose = Purpose.DIRECT_CARE, given: str = ""
    ) -> tuple[Found, ...] | Refused:
        """The people a search names, each an opening of their own; or why nobody may be listed.

        The line of a restricted person has no address, as everywhere.
        """
        hits: dict[PersonId, list[Member]] = {}
        for person, member in await self._store.find(search.keys):
            if agrees(search, member.demographics):
                hits.setdefault(person, []).append(member)
        people = list(hits)[:_MOST_FOUND]
        asked = await asyncio.gather(
            *(
                self._store.open(
                    Ask(
                        actor=self.actor,
                        purpose=purpose,
                        view=View.FIND,
                        person=person,
                        given=given,
                    ),
                    decide,
                )
                for person in (people or [None])
            )
        )
        refused = next((reply for reply in asked if not reply[2].allowed), None)
        if refused is not None and not any(reply[2].allowed for reply in asked):
            return Refused(reason=refused[2].reason, opening=refused[0])
        return tuple(
            Found(
                person=person,
                members=facts.members,
                related=self.actor.organisation in facts.controllers,
            )
            for person, (_, facts, verdict) in zip(people, asked, strict=False)
            if verdict.allowed
        )

    async def message(
        self, person: PersonId, message: MessageId, *, purpose: Purpose, given: str = ""
    ) -> Original | Refused:
        """The original of a message that says something shown in this person's record.

        Where a person lives is withheld everywhere once a source restricts it, and so are the
        messages, which may say it.
        """
        opened = await self.open(
            person, purpose=purpose, view=View.MESSAGE, part=str(message), given=given
        )
        if isinstance(opened, Refused):
            return opened
        places = _places(opened.record, message)
        places -= {place for where, place in opened.withheld_places if where == message}
        if not places:
            return Refused(
                reason="nothing you may see in this record comes from that message",
                opening=opened.opening,
            )
        if any(member.demographics.restricted for member in opened.members):
            return Refused(
                reason="the message may say where this person lives, which nobody is shown",
                opening=opened.opening,
            )
        return Original(message=message, body=await self._store.message(message), places=places)

    async def who_looked(
        self, person: PersonId, *, purpose: Purpose
    ) -> tuple[Opening, ...] | Refused:
        """Every opening of this person's record, newest first, this one included; or why not."""
        ask = Ask(actor=self.actor, purpose=purpose, view=View.OPENINGS, person=person)
        opening, _, verdict = await self._store.open(ask, decide)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        return tuple(await self._store.openings_of(person, limit=_MOST_LOOKS))

    async def last_look(self, person: PersonId, before: Opening) -> Opening | None:
        """This actor's last look at the record earlier than `before`. Says nothing of others."""
        return await self._store.last_opening(
            person, self.actor.id, View.RECORD.value, before=before.n
        )

    async def desk(self) -> Desk | Refused:
        """Feeds, parked items and possible matches; or why not."""
        refused = await self._ask(View.DESK, Purpose.SAFETY_REVIEW)
        if refused:
            return refused
        feeds, parked, reviews = await asyncio.gather(
            self._store.feeds(), self._store.parked(), self._store.reviews()
        )
        people = list({p for r in reviews for p in (r.person, r.patient_person)})
        looked = await asyncio.gather(*(self._match(person) for person in people))
        members = dict(zip(people, looked, strict=True))
        return Desk(
            feeds=tuple(feeds),
            parked=tuple(parked),
            reviews=tuple((r, members[r.patient_person], members[r.person]) for r in reviews),
        )

    async def _match(self, person: PersonId) -> tuple[Member, ...]:
        """Who somebody in a possible match is: a look at them, which they can see was made."""
        ask = Ask(
            actor=self.actor,
            purpose=Purpose.SAFETY_REVIEW,
            view=View.FIND,
            person=person,
            part="possible match",
        )
        _, facts, verdict = await self._store.open(ask, decide)
        return facts.members if verdict.allowed else ()

    async def release(self, n: int, *, why: str) -> Refused | None:
        """Close a parked item, with who and why. None when it is done."""
        refused = await self._ask(View.DESK, Purpose.SAFETY_REVIEW, part=f"release {n}")
        if not refused:
            await self._store.release(n, by=self.actor.id, why=why)
            self._way.surroundings.forget()
        return refused

    async def join(self, patient: PatientId, person: PersonId, *, why: str) -> LinkEvent | Refused:
        """Decide that a patient is this person. Undone by `unlink`."""
        refused = await self._may_identify(person, f"join {patient}")
        return refused or await self._store.join(patient, person, by=self.actor.id, why=why)

    async def unlink(self, patient: PatientId, *, why: str) -> LinkEvent | Refused:
        """Take a patient out of the person they were joined to."""
        person = await self._store.person_of(patient)
        refused = await self._may_identify(person, f"unlink {patient}")
        return refused or await self._store.unlink(patient, by=self.actor.id, why=why)

    async def veto(self, patient: PatientId, person: PersonId, *, why: str) -> LinkEvent | Refused:
        """Decide that a patient is not this person."""
        refused = await self._may_identify(person, f"veto {patient}")
        return refused or await self._store.veto(patient, person, by=self.actor.id, why=why)

    async def rule(
        self,
        person: PersonId,
        verdict: Verdict,
        about: Sequence[About],
        *,
        why: str,
        purpose: Purpose = Purpose.DIRECT_CARE,
    ) -> Ruling | Refused:
        """Rule on statements of this person's record that the actor may see; or why not.

        A person may dispute what their own record says; the other verdicts are a professional's.
        """
        opened = await self.open(person, purpose=purpose, view=View.RULING, part=verdict.value)
        if isinstance(opened, Refused):
            return opened
        seen = {
            About(said.patient, said.kind, said.id)
            for entry in opened.record.entries
            for said in entry.said_by
        }
        if not about or not seen.issuperset(about):
            return Refused(reason="that is not in the record you may see", opening=opened.opening)
        if purpose is Purpose.OWN_RECORD and verdict is not Verdict.DISPUTED:
            return Refused(
                reason="you can say that something is wrong; a professional decides",
                opening=opened.opening,
            )
        return await self._store.rule(verdict, about, by=self.actor.id, why=why)

    async def withdraw(
        self, person: PersonId, n: int, *, purpose: Purpose = Purpose.DIRECT_CARE
    ) -> Refused | None:
        """Take back a ruling that shapes this person's record. None when it is done.

        A person takes back only their own.
        """
        opened = await self.open(person, purpose=purpose, view=View.RULING, part=f"withdraw {n}")
        if isinstance(opened, Refused):
            return opened
        rulings = await self.rulings(opened)
        ruling = next((ruling for ruling in rulings if ruling.n == n), None)
        mine = ruling is not None and ruling.by == self.actor.id
        if ruling is None or (purpose is Purpose.OWN_RECORD and not mine):
            return Refused(reason="there is no such ruling in this record", opening=opened.opening)
        await self._store.withdraw(n, by=self.actor.id)
        return None

    async def rulings(self, opened: Opened) -> Sequence[Ruling]:
        """The rulings in force over what was shown of a record already opened."""
        rulings = await self._store.rulings([member.patient for member in opened.members])
        if not opened.withheld:
            return rulings
        shown = {
            About(said.patient, said.kind, said.id)
            for entry in opened.record.entries
            for said in entry.said_by
        }
        return [ruling for ruling in rulings if shown.issuperset(ruling.about)]

    async def links(self, opened: Opened) -> Sequence[LinkEvent]:
        """How the patients of a record already opened came to be one person, oldest first."""
        return await self._store.events(opened.person)

    async def counted(self, purpose: Purpose, query: str) -> AsyncIterator[Record] | Refused:
        """Every record that may be counted for `purpose`, without whose it is; or why not.

        The whole query is one opening, and `query` says what was asked. People whose own rules
        refuse the purpose (the national data opt-out) are not among them.
        """
        refused = await self._ask(View.COUNT, purpose, part=query)
        return refused or self._each(purpose)

    async def _each(self, purpose: Purpose) -> AsyncIterator[Record]:
        out = await self._store.refusing(purpose)
        for person in await self._store.people():
            if person in out:
                continue
            members = await self._store.members(person)
            record = await self._fold_members(members, None, None)
            yield record

    async def _ask(self, view: View, purpose: Purpose, *, part: str = "") -> Refused | None:
        ask = Ask(actor=self.actor, purpose=purpose, view=view, person=None, part=part)
        opening, _, verdict = await self._store.open(ask, decide)
        return None if verdict.allowed else Refused(reason=verdict.reason, opening=opening)

    async def _may_identify(self, person: PersonId | None, part: str) -> Refused | None:
        """Joining and unlinking is for those whose work it is, and is an opening of the person."""
        ask = Ask(
            actor=self.actor,
            purpose=Purpose.SAFETY_REVIEW,
            view=View.RULING,
            person=person,
            part=part,
        )
        opening, _, verdict = await self._store.open(ask, decide)
        return None if verdict.allowed else Refused(reason=verdict.reason, opening=opening)

    async def _fold(self, facts: Facts, at: datetime | None) -> Record:
        return await self._fold_members(facts.members, facts.rulings, at)

    async def _fold_members(
        self, members: Sequence[Member], rulings_number: int | None, at: datetime | None
    ) -> Record:
        """The fold of exactly these patients at exactly these `t`."""
        seen = {member.patient: member.t for member in members}
        vector: Vector | None = None
        if rulings_number is not None and at is None:
            vector = (tuple(sorted(seen.items())), rulings_number)
            if (held := self._way.records.get(vector)) is not None:
                return held
        statements, rulings = await asyncio.gather(
            self._store.statements(seen), self._store.rulings(list(seen), at=at)
        )
        if len(statements) > _LARGE:
            record = await asyncio.to_thread(fold, statements, rulings)
        else:
            record = fold(statements, rulings)
        if vector is not None:
            self._way.records.put(vector, record)
        return record


def _places(record: Record, message: MessageId) -> frozenset[str]:
    """Where in a message something in the record was said; empty: it says nothing here."""
    said = [
        *(said for entry in record.entries for said in entry.said_by),
        *(negative.said for negative in record.negatives),
        *(one.said for one in record.superseded),
        *((said for said, _ in record.who.said_by) if record.who else ()),
    ]
    return frozenset(one.place for one in said if one.message == message)


def _left_out(record: Record, shown: Record) -> frozenset[tuple[MessageId, str]]:
    """Where in which messages the entries left out were said."""
    kept = {id(entry) for entry in shown.entries}
    return frozenset(
        (said.message, said.place)
        for entry in record.entries
        if id(entry) not in kept
        for said in entry.said_by
    )

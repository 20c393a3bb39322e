"""The room where clients write: what they said becomes statements, or none of it does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from wholerecord.access.decide import decide
from wholerecord.access.detecting import detect
from wholerecord.access.envelope import Entry, envelope, identifiers_of, led_elsewhere, retraction
from wholerecord.access.opening import Ask, Refused
from wholerecord.access.read_all import AllSaidRoom
from wholerecord.access.saying import (
    Change,
    Key,
    Outcome,
    Told,
    Unsaid,
    Why,
    Writing,
    Written,
    token,
)
from wholerecord.access.whereabouts import is_hidden_in
from wholerecord.consent import Purpose, View
from wholerecord.intake import Filing, Kept
from wholerecord.intake.file import filing
from wholerecord.intake.recognise import read
from wholerecord.record import (
    LogicalId,
    MessageId,
    PatientId,
    PatientKey,
    PersonId,
    Saying,
    Source,
    Statement,
    Version,
)
from wholerecord.record.logical_id import new_word
from wholerecord.record.resources import identified
from wholerecord.record.source import app_of

#: How often a write is made again that somebody else's came before.
_TRIES = 20
#: How much of what was written an opening names, characters.
_PART = 200


#: What a conditional change is about: a type, and the identifiers it names.
_Condition = tuple[str, frozenset[str]]


@dataclass(slots=True)
class _Plan:
    """What a request comes to, as things stand."""

    source: str
    entries: list[Entry] = field(default_factory=list[Entry])
    done: list[Told | None] = field(default_factory=list["Told | None"])
    own: list[str] = field(default_factory=list[str])
    was: list[Version | None] = field(default_factory=list["Version | None"])
    found: dict[int, frozenset[Key]] = field(default_factory=dict[int, frozenset[Key]])

    def again(self, change: Change, own: str) -> None:
        """Add a change to be made where none is there yet, and that another here makes already."""
        location = f"{change.kind}/{own}"
        self.entries.append(
            Entry(method=change.method, location=location, full_url=change.full_url, resource=b"")
        )
        self.done.append(None)
        self.own.append(own)
        self.was.append(None)


class SayRoom(AllSaidRoom):
    """The room where clients write."""

    async def say(
        self,
        changes: Sequence[Change],
        *,
        purpose: Purpose,
        base: str = "",
        once: bool = False,
    ) -> list[Told] | Unsaid | Refused:
        """What became of each change, in order; or why none was done. One commit.

        `base` is the server's address as the client calls it, which references may begin with.
        `once`: where the first of them was done before, nothing is, and it alone is told.
        """
        source = await self._own_source()
        fresh = [new_word() for _ in changes]
        for _ in range(_TRIES):
            plan = await self._plan(source, changes, fresh, purpose)
            if isinstance(plan, Unsaid):
                return plan
            if once and plan.done[0] is not None:
                return [plan.done[0]]
            if not any(entry.resource for entry in plan.entries):
                return [one for one in plan.done if one is not None]
            made = await self._writing(plan, changes, base)
            if isinstance(made, Unsaid):
                return made
            writing, asks, keys = made
            asks = [replace(ask, purpose=purpose) for ask in asks]
            reply = await self._store.write(asks, decide, writing)
            if isinstance(reply, Refused):
                return reply
            if isinstance(reply, Written):
                if reply.linked:
                    await detect(self._store, reply.linked)
                return _told(plan, writing, keys, reply)
        return Unsaid(why=Why.RACED)

    async def known_as(self, kind: str, where: Sequence[str]) -> Sequence[LogicalId]:
        """The resources of this actor's own source that have all these identifiers.

        They are named and not opened: whoever reads or writes one asks for that.
        """
        plan = _Plan(source=await self._own_source())
        return await self._named(plan, Change(method="PUT", kind=kind, where=tuple(where)))

    async def _own_source(self) -> str:
        """The source this actor writes as: their organisation's app."""
        name = app_of(self.actor.organisation)
        if name not in self._way.apps:
            title = f"Written at {self.actor.organisation}"
            await self._store.declare(
                Source(name=name, controller=self.actor.organisation, title=title)
            )
            self._way.apps.add(name)
        return name

    async def _plan(
        self, source: str, changes: Sequence[Change], fresh: Sequence[str], purpose: Purpose
    ) -> _Plan | Unsaid:
        """Each change with the resource it is about, or why it cannot be done."""
        plan = _Plan(source=source)
        targets: set[Key] = set()
        made: dict[_Condition, tuple[str, str]] = {}  # by condition: the method, and its own id
        for change, word in zip(changes, fresh, strict=True):
            found = await self._target(plan, change, purpose)
            if isinstance(found, Unsaid):
                return found
            if found is None and change.where:
                condition = (change.kind, frozenset(change.where))
                before, own = made.setdefault(condition, (change.method, word))
                if own != word:
                    if {before, change.method} != {"POST"}:
                        return Unsaid(why=Why.TWICE, place=change.place)
                    plan.again(change, own)
                    continue
            if found is not None and (change.kind, found.id) in targets:
                return Unsaid(why=Why.TWICE, place=change.place)
            if found is not None:
                targets.add((change.kind, found.id))
            unsaid = _settle(plan, change, found, word)
            if unsaid is not None:
                return unsaid
        return plan

    async def _target(
        self, plan: _Plan, change: Change, purpose: Purpose
    ) -> Version | Unsaid | None:
        """The newest version of what a change is about; None: it is something new."""
        where = Unsaid(why=Why.UNKNOWN, place=change.place)
        if change.where:
            keys = await self._named(plan, change)
            if len(keys) > 1:
                return replace(where, why=Why.SEVERAL)
            if not keys:
                return None
            logical = keys[0]
        elif change.id is None:
            return None
        else:
            logical = change.id
        shown = await self.said(change.kind, logical, purpose=purpose)
        if shown is None:
            return where
        version = shown.version
        if version.statement.source != plan.source:
            return replace(where, why=Why.NOT_YOURS)
        replaced = change.method == "PUT" and not version.gone
        if shown.unplaced and replaced and is_hidden_in(version.statement.body):
            return replace(where, why=Why.HIDDEN)
        return version

    async def _named(self, plan: _Plan, change: Change) -> list[LogicalId]:
        """The client's resources of the change's type that have all its identifiers."""
        tokens = [token(plan.source, change.kind, one) for one in change.where]
        rows = await self._store.named(tokens)
        for one in tokens:
            plan.found[one] = frozenset(
                (kind, one_id) for known, kind, one_id in rows if known == one
            )
        ids = [
            one
            for kind, one in plan.found[tokens[0]].intersection(
                *(plan.found[each] for each in tokens[1:])
            )
            if kind == change.kind
        ]
        newest = await self._store.newest([(change.kind, one) for one in ids])
        return [
            one
            for one, version in zip(ids, newest, strict=True)
            if version is not None
            and not version.gone
            and {*change.where} <= identifiers_of(version.statement.body)
        ]

    async def _writing(
        self, plan: _Plan, changes: Sequence[Change], base: str
    ) -> tuple[Writing, list[Ask], list[Key | None]] | Unsaid:
        """The commit to ask for, and through which openings."""
        now = datetime.now(UTC)
        body, made = await _message(plan, now, base)
        for fault in made.faults:
            detail = f"{fault.reason.value}{': ' if fault.detail else ''}{fault.detail}"
            return Unsaid(why=Why.NOT_FILED, place=_place(fault.place, changes), detail=detail)
        keys = _keys(plan, made, changes)
        if isinstance(keys, Unsaid):
            return keys
        if _lead(plan, changes, keys):
            body, made = await _message(plan, now, base)
        found = await self._people(made)
        if isinstance(found, Unsaid):
            return found
        joins, people, registers = found
        asks = [
            self._asking(person, Purpose.DIRECT_CARE, View.SAY, part=_part(changes))
            for person in sorted(people)
        ]
        if registers or not asks:
            asks.append(self._asking(None, Purpose.DIRECT_CARE, View.REGISTER, part=_part(changes)))
        writing = Writing(
            source=plan.source,
            body=body,
            filing=made,
            expects={
                key: was.number for key, was in zip(keys, plan.was, strict=True) if key and was
            },
            found=plan.found,
            names=_names(plan, made),
            joins=joins,
        )
        return writing, asks, keys

    async def _people(
        self, made: Filing
    ) -> tuple[dict[PatientId, PersonId], set[PersonId], bool] | Unsaid:
        """Who the patients of a filing are: to be joined, already known, and whether any is new."""
        joins: dict[PatientId, PersonId] = {}
        people: set[PersonId] = set()
        registers = False
        named: list[tuple[PatientKey, LogicalId]] = []
        for each in made.patients:
            number = each.about.number
            if not number:
                registers = True
                continue
            foreign = LogicalId.parse(number)
            named.append((each.about, foreign or LogicalId.of(each.about.id, number)))
        known = await self._store.newest([("Patient", logical) for _, logical in named])
        said = {
            each.about
            for each in made.patients
            if any(one.kind == "Patient" for one in each.sayings)
        }
        for (about, logical), version in zip(named, known, strict=True):
            if version is None or version.gone or version.person is None:
                if about not in said or (version is not None and version.person is None):
                    return Unsaid(why=Why.NO_SUCH_PATIENT)
                registers = True
                continue
            people.add(version.person)
            if logical.patient != about.id:
                joins[about.id] = version.person
        return joins, people, registers


async def _message(plan: _Plan, now: datetime, base: str) -> tuple[bytes, Filing]:
    """The message that is kept, and what filing it writes."""
    body = envelope(plan.entries, now, base)
    kept = Kept(message=MessageId(0), source=plan.source, name="write", body=body, received=now)
    reading = await asyncio.to_thread(read, kept) if len(body) > 1 << 16 else read(kept)
    return body, filing(kept, reading)


def _lead(plan: _Plan, changes: Sequence[Change], keys: Sequence[Key | None]) -> bool:
    """Lead what is no reference to where the request's resources will be; whether any was."""
    led: dict[str, str] = {}
    for change, key, told in zip(changes, keys, plan.done, strict=True):
        version = told.version if told else None
        logical = key[1] if key else version.id if version else None
        if change.full_url.startswith("urn:") and logical is not None:
            led[change.full_url] = f"{change.kind}/{logical.text}"
    before = [entry.resource for entry in plan.entries]
    if led:
        plan.entries = [
            replace(entry, resource=led_elsewhere(entry.resource, led)) for entry in plan.entries
        ]
    return [entry.resource for entry in plan.entries] != before


def _settle(plan: _Plan, change: Change, found: Version | None, word: str) -> Unsaid | None:
    """Add to the plan what a change comes to."""
    where = Unsaid(why=Why.OTHER_VERSION, place=change.place)
    if change.if_match is not None and (found is None or found.number != change.if_match):
        return where
    told: Told | None = None
    resource = change.resource
    if change.method == "POST" and found is not None:
        told = Told(outcome=Outcome.UNCHANGED, version=found)
    elif change.method == "PUT" and found is None and not change.where:
        return replace(where, why=Why.NOT_CLIENTS_ID)
    elif change.method == "DELETE" and (found is None or found.gone):
        told = Told(outcome=Outcome.UNCHANGED, version=found)
    elif change.method == "DELETE" and found is not None:
        resource = retraction(change.kind, found.statement.body)
    own = found.id.own if found else word
    location = f"{change.kind}/{own if told is None or found is None else found.id.text}"
    plan.entries.append(
        Entry(
            method=change.method,
            location=location,
            full_url=change.full_url,
            resource=resource if told is None else b"",
        )
    )
    plan.done.append(told)
    plan.own.append(own)
    plan.was.append(found if told is None else None)
    return None


def _keys(plan: _Plan, made: Filing, changes: Sequence[Change]) -> list[Key | None] | Unsaid:
    """Where each change is filed; None: it changes nothing."""
    there: dict[tuple[str, str], LogicalId] = {}
    for each in made.patients:
        for saying in each.sayings:
            own = _own_id(saying)
            there.setdefault((saying.kind, own), LogicalId.of(each.about.id, own))
    keys: list[Key | None] = []
    for change, own, was, told in zip(changes, plan.own, plan.was, plan.done, strict=True):
        if told is not None:
            keys.append(None)
            continue
        logical = there[change.kind, own]
        if was is not None and was.id != logical:
            return Unsaid(why=Why.MOVED, place=change.place)
        keys.append((change.kind, logical))
    return keys


def _own_id(saying: Saying) -> str:
    return identified(saying.body)[0]


def _names(plan: _Plan, made: Filing) -> frozenset[tuple[int, str, LogicalId]]:
    return frozenset(
        (
            token(plan.source, saying.kind, one),
            saying.kind,
            LogicalId.of(each.about.id, _own_id(saying)),
        )
        for each in made.patients
        for saying in each.sayings
        for one in identifiers_of(saying.body)
    )


def _told(
    plan: _Plan, writing: Writing, keys: Sequence[Key | None], written: Written
) -> list[Told]:
    """What became of each change."""
    said: dict[Key, tuple[PatientKey, Saying]] = {}
    for each in writing.filing.patients:
        for saying in each.sayings:
            said[saying.kind, LogicalId.of(each.about.id, _own_id(saying))] = each.about, saying
    told: list[Told] = []
    for key, done, was, entry in zip(keys, plan.done, plan.was, plan.entries, strict=True):
        if done is not None or key is None:
            told += [done] if done else []
            continue
        about, saying = said[key]
        statement = Statement(
            patient=about.id,
            source=about.source,
            t=0,
            n=0,
            kind=saying.kind,
            message=written.message,
            place=saying.place,
            received=written.received,
            body=saying.body,
        )
        gone = entry.method == "DELETE"
        outcome = Outcome.UPDATED if was else Outcome.CREATED
        if not entry.resource:
            outcome = Outcome.UNCHANGED
        version = Version(
            id=key[1],
            statement=statement,
            number=was.number + 1 if was else 1,
            filed=written.filed,
            gone=gone,
            person=None,
            shared=not about.number,
        )
        told.append(Told(outcome=Outcome.DELETED if gone else outcome, version=version))
    return told


def _part(changes: Sequence[Change]) -> str:
    """What is written, for the opening: types and ids, never what is said."""
    named = (f"{one.method} {one.kind}{'/' + one.id.text if one.id else ''}" for one in changes[:5])
    return ", ".join(named)[:_PART]


def _place(place: str, changes: Sequence[Change]) -> str:
    """Where in the client's request a place of the envelope is."""
    found = place.removeprefix("entry[").partition("]")
    if place != found[0] and found[0].isdigit() and int(found[0]) < len(changes):
        return f"{changes[int(found[0])].place}{found[2]}".strip()
    return place

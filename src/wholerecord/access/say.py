"""The room where clients write: what they said becomes statements, or none of it does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from wholerecord.access.decide import decide
from wholerecord.access.detecting import detect
from wholerecord.access.envelope import identifiers_of
from wholerecord.access.opening import Ask, Refused
from wholerecord.access.planned import (
    Plan,
    keys_of,
    lead,
    message_of,
    names_of,
    part_of,
    place_of,
    settle,
    told_of,
)
from wholerecord.access.read_all import AllSaidRoom
from wholerecord.access.saying import Change, Key, Known, Told, Unsaid, Why, Writing, Written, token
from wholerecord.access.whereabouts import is_hidden_in
from wholerecord.consent import Purpose, View
from wholerecord.intake import Filing
from wholerecord.record import LogicalId, PatientId, PatientKey, PersonId, Source, Version
from wholerecord.record.logical_id import new_word
from wholerecord.record.source import app_of

#: How often a write is made again that somebody else's came before.
_TRIES = 20

#: What a conditional change is about: a type, and the identifiers it names.
_Condition = tuple[str, frozenset[str]]


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
                return told_of(plan, writing, keys, reply)
        return Unsaid(why=Why.RACED)

    async def known_as(self, kind: str, where: Sequence[str]) -> Sequence[Known]:
        """The resources of this actor's own source that have all these identifiers.

        They are named and not opened: whoever reads or writes one asks for that.
        """
        plan = Plan(source=await self._own_source())
        named = await self._named(plan, Change(method="PUT", kind=kind, where=tuple(where)))
        return [Known(one.id, one.person) for one in named]

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
    ) -> Plan | Unsaid:
        """Each change with the resource it is about, or why it cannot be done."""
        plan = Plan(source=source)
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
            unsaid = settle(plan, change, found, word)
            if unsaid is not None:
                return unsaid
        return plan

    async def _target(
        self, plan: Plan, change: Change, purpose: Purpose
    ) -> Version | Unsaid | None:
        """The newest version of what a change is about; None: it is something new."""
        where = Unsaid(why=Why.UNKNOWN, place=change.place)
        if change.where:
            named = await self._named(plan, change)
            if len(named) > 1:
                return replace(where, why=Why.SEVERAL)
            if not named:
                return None
            logical = named[0].id
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

    async def _named(self, plan: Plan, change: Change) -> list[Version]:
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
            version
            for version in newest
            if version is not None
            and not version.gone
            and {*change.where} <= identifiers_of(version.statement.body)
        ]

    async def _writing(
        self, plan: Plan, changes: Sequence[Change], base: str
    ) -> tuple[Writing, list[Ask], list[Key | None]] | Unsaid:
        """The commit to ask for, and through which openings."""
        now = datetime.now(UTC)
        body, made = await message_of(plan, now, base)
        for fault in made.faults:
            detail = f"{fault.reason.value}{': ' if fault.detail else ''}{fault.detail}"
            return Unsaid(why=Why.NOT_FILED, place=place_of(fault.place, changes), detail=detail)
        keys = keys_of(plan, made, changes)
        if isinstance(keys, Unsaid):
            return keys
        if lead(plan, changes, keys):
            body, made = await message_of(plan, now, base)
        found = await self._people(made)
        if isinstance(found, Unsaid):
            return found
        joins, people, registers = found
        asks = [
            self._asking(person, Purpose.DIRECT_CARE, View.SAY, part=part_of(changes))
            for person in sorted(people)
        ]
        if registers or not asks:
            asks.append(
                self._asking(None, Purpose.DIRECT_CARE, View.REGISTER, part=part_of(changes))
            )
        writing = Writing(
            source=plan.source,
            body=body,
            filing=made,
            expects={
                key: was.number for key, was in zip(keys, plan.was, strict=True) if key and was
            },
            found=plan.found,
            names=names_of(plan, made),
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

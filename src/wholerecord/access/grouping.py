"""The room where a Group of several people is looked at: whom it names, and who may read it.

It is about none of them alone, so it stands in its source's directory, and what it says of them all
(that they are cared for by one team, that they have one illness) is said there. So it is read by
whoever is withheld nothing of anybody in it; and it may be *used*, to name people who are then
opened one by one, at the organisation that wrote it. See decision 63.
"""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.access.decide import decide
from wholerecord.access.narrow import narrow
from wholerecord.access.opening import Facts, Refused, Verdict
from wholerecord.access.room import Room
from wholerecord.access.whereabouts import is_restricted
from wholerecord.access.withhold import Address, address, all_said
from wholerecord.consent import Purpose, View
from wholerecord.intake.fhir.shape import an_object, objects, text
from wholerecord.people import Member
from wholerecord.record import LogicalId, PatientKey, PersonId, Statement, Version, read_json
from wholerecord.record.source import app_of

#: People of a Group who are opened for it to be read: a larger one is only used.
_READ = 200


class GroupRoom(Room):
    """The room where Groups of several people are looked at."""

    async def group(
        self, id: LogicalId | None, *, purpose: Purpose
    ) -> Sequence[PersonId] | Refused:
        """The people whom a Group of this actor's organisation names, each once; else nobody.

        They are named and not opened: whoever reads of them asks for each. One opening.
        """
        [version] = await self._store.newest([("Group", id)]) if id else [None]
        part = f"Group/{id.text}" if id else "Group"
        refused = await self._may(self._asking(None, purpose, View.FIND, part=part))
        if refused is not None:
            return refused
        if version is None or version.gone:
            return ()
        if version.statement.source != app_of(self.actor.organisation):
            return ()
        return await self._people_of(named_in(version.statement, active=True))

    async def _is_everybodys(self, version: Version, purpose: Purpose) -> bool:
        """Whether what is about nobody may be read: of a Group, nothing of anybody is withheld."""
        if version.statement.kind != "Group":
            return True
        named = named_in(version.statement)
        if len(named) > _READ:
            return False
        part = f"Group/{version.id.text}"
        for person in await self._people_of(named):
            ask = self._asking(person, purpose, View.RECORD, part=part)
            _, facts, verdict = await self._store.open(ask, decide)
            if not verdict.allowed:
                return False
            _, seen = await self._seen(facts, verdict)
            if seen is not None:
                return False
        return True

    async def _people_of(self, named: Sequence[LogicalId]) -> Sequence[PersonId]:
        known = await self._store.newest([("Patient", one) for one in named])
        people = (one.person for one in known if one is not None and not one.gone)
        return tuple(dict.fromkeys(person for person in people if person is not None))

    async def _seen(
        self,
        facts: Facts,
        verdict: Verdict,
        *,
        at: datetime | None = None,
        today: Sequence[Member] = (),
    ) -> tuple[bool, frozenset[Address] | None]:
        """Whether nobody is told where they live, and which versions are shown; None: all."""
        folded = await self._way.folds.allowed(facts, verdict, at=at, today=today)
        restricted = is_restricted((*facts.members, *today), folded.whole)
        if folded.allowed is folded.whole and not verdict.kinds:
            return restricted, None
        shown, _ = narrow(folded.allowed, verdict, restricted=restricted)
        return restricted, frozenset(address(one) for one in all_said(shown))


def named_in(said: Statement, *, active: bool = False) -> tuple[LogicalId, ...]:
    """The patients that a Group refers to, each once; `active`: without who is no longer in it."""
    found: dict[LogicalId, None] = {}
    for member in objects(read_json(said.body).get("member")):
        if active and member.get("inactive") is True:
            continue
        kind, _, own = text(an_object(member.get("entity")).get("reference")).rpartition("/")
        if own and kind.rpartition("/")[2] == "Patient":
            logical = LogicalId.parse(own) or LogicalId.of(PatientKey(said.source, own).id, own)
            found[logical] = None
    return tuple(found)

"""Studies, at the door: who may ask of everybody, who is left out and why, and who checks.

The study itself never passes the door: it is run on the tables, of people who may be asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.access.decide import decide
from wholerecord.access.deed import CheckStudy
from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.access.store import Store
from wholerecord.consent import Purpose, View
from wholerecord.consent.outs import OptOut, opt_out
from wholerecord.errors import Unavailable
from wholerecord.record import PersonId


class LookUpOver(Unavailable):
    """The national data opt-outs were looked up too long ago: ask again, then count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Who is in no count of a study, by which opt-out. Somebody may be there by several."""

    by: Mapping[OptOut, frozenset[PersonId]]

    @property
    def people(self) -> frozenset[PersonId]:
        """Everybody who is left out."""
        return frozenset[PersonId]().union(*self.by.values())


async def left_out(
    store: Store, purpose: Purpose, *, project: str = "", since: datetime
) -> LeftOut:
    """Who opted out, and everybody who since `since` was a patient that was ever theirs.

    An opt-out is a human being's, and rules name a person; so it follows their patients through
    merges, and a merge undone after the tables were made takes nobody back in. Somebody wrongly
    merged with them is left out as long: too few are counted rather than one too many.

    Raises:
        LookUpOver: who opted out nationally was looked up, too long ago.
    """
    named: dict[OptOut, set[PersonId]] = {}
    for rule in await store.refusals(purpose, project):
        if rule.person is not None:
            named.setdefault(opt_out(rule), set()).add(rule.person)
    looked_up = await store.look_up()
    if looked_up is not None:
        if looked_up.until <= datetime.now(UTC):
            raise LookUpOver
        named.setdefault(OptOut.NATIONAL, set()).update(looked_up.people)
    by = {kind: await store.holders(people, since=since) for kind, people in named.items()}
    return LeftOut(by=by)


class StudyRoom(Room):
    """The room for those who ask studies, and for those who check what would leave."""

    async def studied(
        self, purpose: Purpose, query: str, *, project: str, since: datetime
    ) -> LeftOut | Refused:
        """Who must be left out of the tables of `since`; or why nothing may be asked. One opening.

        `query` says what is asked.
        """
        refused = await self._may(self._asking(None, purpose, View.COUNT, part=query))
        return refused or await left_out(self._store, purpose, project=project, since=since)

    async def may_check(self) -> Refused | None:
        """Ask to see what waits in the airlock: why not, or None."""
        return await self._may(self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="airlock"))

    async def check_study(self, n: int, *, approve: bool, why: str) -> Refused | None:
        """Say that study `n` may be released, or may not. None when it is written down.

        Two who did not ask it must say that it may; one who says no ends it.

        Raises:
            NotFound: nothing of that number waits for this checker.
        """
        word = "release" if approve else "keep back"
        ask = self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part=f"{word} study {n}")
        deed = CheckStudy(n=n, approve=approve, why=why)
        done = await self._store.act(ask, decide, deed)
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def own_studies(self, person: PersonId) -> frozenset[PersonId] | Refused:
        """Whose rows of the tables were this person's, to be asked which studies counted them.

        The person, and whoever patients were who are this person now. Or why not.
        """
        ask = self._asking(person, Purpose.OWN_RECORD, View.OPENINGS, part="studies")
        refused = await self._may(ask)
        if refused:
            return refused
        now = {member.patient for member in await self._store.members(person)}
        events = [one for one in await self._store.events(person) if one.patient in now]
        return frozenset({person, *(one.was for one in events if one.was is not None)})

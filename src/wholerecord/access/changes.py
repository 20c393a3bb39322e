"""The room where what was filed is read in the order it was filed, over many people.

Each person of whom something is given is an opening. Of people whom the actor's organisation does
not know nothing is asked, and nothing given; whoever looks for themselves sees themselves.
"""

from dataclasses import dataclass

from wholerecord.access.decide import decide
from wholerecord.access.opening import Refused
from wholerecord.access.read_all import AllSaidRoom
from wholerecord.access.read_said import Shown, is_seen
from wholerecord.access.withhold import Address
from wholerecord.consent import Purpose, Role, View
from wholerecord.record import Filed, FiledOf, Mark, PersonId

#: How much of what was filed one call looks through, in pages of the store's.
_MOST_LOOKS = 20
_Seen = tuple[bool, frozenset[Address] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What may be seen of what was filed, newest first; `after` is where to go on from, if at all.

    Each stands beside when the next version of it was filed (None: it is the newest).
    """

    shown: tuple[tuple[Shown, Filed], ...]
    after: Mark | None


class ChangesRoom(AllSaidRoom):
    """The room where what was filed is read in the order it was filed."""

    async def changes(
        self, asked: FiledOf, *, count: int, purpose: Purpose, part: str
    ) -> Changed | Refused:
        """The next `count` versions that may be seen, or fewer, with where to go on."""
        own = self.actor.role in {Role.PATIENT, Role.CARER}
        if not own:
            refused = await self._may(self._asking(None, purpose, View.FIND, part=part))
            if refused:
                return refused
        controller = "" if own else self.actor.organisation
        person = (self.actor.person or PersonId("")) if own else None
        seen: dict[PersonId, _Seen | None] = {}
        shown: list[tuple[Shown, Filed]] = []
        mark = asked.before
        for _ in range(_MOST_LOOKS):
            found = await self._store.filed(
                FiledOf(kind=asked.kind, since=asked.since, before=mark),
                controller=controller,
                person=person,
                limit=count,
            )
            for change in found.filed:
                one = await self._one(change, seen, purpose, part)
                if one is not None:
                    shown.append((one, change))
                if len(shown) == count:
                    return Changed(shown=tuple(shown), after=change.mark)
            mark = found.after
            if mark is None:
                break
        return Changed(shown=tuple(shown), after=mark)

    async def _one(
        self, change: Filed, seen: dict[PersonId, _Seen | None], purpose: Purpose, part: str
    ) -> Shown | None:
        version = change.version
        if version.shared:
            everybodys = await self._is_everybodys(version, purpose)
            return Shown(version=version) if everybodys else None
        if version.person is None:
            return None
        if version.person not in seen:
            ask = self._asking(version.person, purpose, View.RECORD, part=part)
            _, facts, verdict = await self._store.open(ask, decide)
            seen[version.person] = await self._seen(facts, verdict) if verdict.allowed else None
        may = seen[version.person]
        if may is None or not is_seen(version, may[1]):
            return None
        return Shown(version=version, unplaced=may[0])

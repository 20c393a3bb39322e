"""Whom to tell that what they saw was two people's."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wholerecord.access.tellings import SHOWING, Misled
from wholerecord.audit import Opening
from wholerecord.people import Act, LinkEvent
from wholerecord.record import PersonId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable

_SHOWING = frozenset(view.value for view in SHOWING)


class Tellings:
    """See `access.tellings.Tellings`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def misled(self, person: PersonId) -> Sequence[Misled]:
        """See `access.tellings.Tellings.misled`."""
        return _newest_first(one for one in self._misled() if one.person == person)

    async def notices(self, actor: str) -> Sequence[Misled]:
        """See `access.tellings.Tellings.notices`."""
        mine = (one for one in self._misled() if one.actor == storable(actor))
        return _newest_first(one for one in mine if one.read is None)

    async def noticed(self, actor: str, event: int) -> None:
        """See `access.tellings.Tellings.noticed`."""
        self._tables.told.setdefault((storable(actor), event), now())

    def _misled(self) -> Iterator[Misled]:
        for event in self._tables.events:
            parted = event.act in {Act.UNLINK, Act.UNMERGE} and event.was not in (
                None,
                event.person,
            )
            if parted and event.was is not None:
                yield from self._by(event, event.was)

    def _by(self, event: LinkEvent, was: PersonId) -> Iterator[Misled]:
        looks: defaultdict[str, list[Opening]] = defaultdict(list)
        for look in self._tables.openings:
            shown = look.allowed and look.view in _SHOWING and look.person == was
            both = event.patient in look.seen and len(look.seen) > 1
            if shown and both and look.at <= event.at:
                looks[look.actor].append(look)
        for actor, theirs in looks.items():
            last = theirs[-1]
            yield Misled(
                event=event.n,
                person=was,
                patient=event.patient,
                parted=event.at,
                actor=actor,
                name=last.name,
                role=last.role,
                organisation=last.organisation,
                looks=len(theirs),
                last=last.at,
                read=self._tables.told.get((actor, event.n)),
            )


def _newest_first(found: Iterator[Misled]) -> list[Misled]:
    return sorted(found, key=lambda one: (-one.event, one.actor))

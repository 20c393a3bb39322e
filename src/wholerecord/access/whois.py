"""Who somebody is, by everything said of them: each person found with the evidence, and audited.

Source: FHIR R4 Patient/$match; PDS, tracing: a guess at where a restricted person lives, or at
which practice, neither finds nor confirms anybody.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.former import became
from wholerecord.access.opening import Refused
from wholerecord.access.room import Look, Room
from wholerecord.access.views import for_view
from wholerecord.access.whereabouts import without_whereabouts
from wholerecord.consent import Purpose, View
from wholerecord.errors import Incorrect
from wholerecord.fold import Record
from wholerecord.people import Candidate, Demographics, Member, Outcome, keys, linking_keys
from wholerecord.people.blocking import CROWD
from wholerecord.people.decide import decide as weigh_up
from wholerecord.people.decide import fits
from wholerecord.people.link import Fit
from wholerecord.record import PersonId

#: People compared with what is said; who shares most keys first.
_COMPARED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A person who fits: who they are, in outline, and how well, judged by what may be seen."""

    person: PersonId
    record: Record
    fit: Fit


class WhoIsRoom(Room):
    """The room in which somebody is traced by what is said of them."""

    async def match(
        self, said: Demographics, *, purpose: Purpose, certain: bool = False
    ) -> tuple[Matched, ...] | Refused:
        """The people who may be meant, the strongest first, each an opening; or why not.

        With `certain` the one person who certainly is, where no other may be.

        Raises:
            Incorrect: too little is said to look anybody up by.
        """
        wanted = linking_keys(said)
        if not wanted:
            raise Incorrect("Say an NHS number, or a name with a date of birth or a postcode.")
        candidates = await self._compared(wanted)
        found = [one for one in fits(said, candidates) if one.outcome is not Outcome.NONE]
        if certain:
            decision = weigh_up(said, candidates)
            found = [one for one in found if one.person == decision.person]
            found = [] if decision.possible else found
        if not found:
            refused = await self._may(self._asking(None, purpose, View.FIND, part="match"))
            return refused or ()
        looks = await asyncio.gather(
            *(
                self._look(self._asking(one.person, purpose, View.FIND, part="match"))
                for one in found
            )
        )
        matched = [
            seen
            for one, look in zip(found, looks, strict=True)
            if isinstance(look, Look) and (seen := _seen(said, one.person, look))
        ]
        first = looks[0]
        if isinstance(first, Refused) and all(isinstance(look, Refused) for look in looks):
            return first
        return tuple(sorted(matched, key=lambda one: (-one.fit.weight, one.person)))

    async def _compared(self, wanted: Sequence[int]) -> list[Candidate]:
        """Whole persons of whom somebody shares a key that is no crowd's."""
        by_key: defaultdict[int, set[PersonId]] = defaultdict(set)
        for person, member in await self._store.find(wanted):
            [open_] = without_whereabouts([member])
            for key in {*wanted} & {*keys(open_.demographics)}:
                by_key[key].add(person)
        sharing = Counter(
            person for people in by_key.values() if len(people) <= CROWD for person in people
        )
        nearest = sorted(sharing, key=lambda person: (-sharing[person], person))[:_COMPARED]
        members = await asyncio.gather(*map(self._store.members, nearest))
        return [
            candidate
            for person, each in zip(nearest, members, strict=True)
            for candidate in _candidates(person, each)
        ]

    async def became(self, person: PersonId) -> PersonId | None:
        """See `former.became`."""
        return await became(self._store, person)


def _candidates(person: PersonId, members: Sequence[Member]) -> list[Candidate]:
    """A person's patients as they are compared: of a restricted one nothing of where they live."""
    return [
        Candidate(patient=each.patient, person=person, demographics=each.demographics)
        for each in without_whereabouts(members)
    ]


def _seen(said: Demographics, person: PersonId, look: Look) -> Matched | None:
    """The match by what may be seen of them alone; None: by that it is none."""
    [fit] = fits(said, _candidates(person, look.members)) or [None]
    if fit is None or fit.outcome is Outcome.NONE:
        return None
    return Matched(person=person, record=for_view(look.shown, View.FIND, ""), fit=fit)

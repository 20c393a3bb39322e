"""The register: who is who, as every store keeps it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from wholerecord.people.asked import Asked
from wholerecord.people.link import Decide, LinkEvent, Member, Review
from wholerecord.record import PatientId, PersonId


class Register(Protocol):
    """Who is who. Every change is an event; the present state is what the events say."""

    async def link_waiting(
        self, decide: Decide, *, limit: int = 256, model: str = ""
    ) -> Sequence[LinkEvent]:
        """Decide for patients who are new or described anew, and carry out waiting merges.

        Merges and unmerges are carried out in the order they were said. Empty when nothing waits.
        A patient who is already linked is not moved by a later change of demographics: where it now
        speaks against their link, it goes to review. An unlinked or vetoed pair is never joined
        again by rule. `model` is written into the events.
        """
        ...

    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """Make `patient` part of `person`.

        Raises:
            NotFound: no such patient or person.
        """
        ...

    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """Take `patient` out: back to who they were before their last link, else alone.

        A restricted person takes two: the first asks (PROPOSE, nobody moves), another does it.
        What was filed of both while they were one goes to review.

        Raises:
            NotFound: no such patient.
        """
        ...

    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """Say that `patient` is not `person`; closes their review."""
        ...

    async def unsure(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """Say that it cannot be told whether `patient` is `person`. The question stays open."""
        ...

    async def take_back(self, n: int, *, by: str, why: str) -> LinkEvent:
        """Take back event `n`, a JOIN or VETO, the last about its patient; it is asked again.

        Raises:
            NotFound: there is no such event.
            Conflict: something happened since, or it is no JOIN or VETO.
        """
        ...

    async def ask(self, asked: Sequence[Asked]) -> int:
        """Ask people; how many questions were not open before.

        What a detector asks (with a `why`) and somebody answered is not asked again.
        """
        ...

    async def joined(self, people: Collection[PersonId]) -> Sequence[PersonId]:
        """Those of `people` who have more than one patient, by id."""
        ...

    async def reviews(self) -> Sequence[Review]:
        """Possible matches nobody has decided, strongest first."""
        ...

    async def reviews_of(self, person: PersonId) -> Sequence[Review]:
        """Those whose patient is the person now, or may be; strongest first."""
        ...

    async def members(self, person: PersonId, *, at: datetime | None = None) -> Sequence[Member]:
        """The patients who are `person` (as the links stood at `at`), by source and number.

        With `at`, each member's `t` is what it was then. Empty: nobody was.
        """
        ...

    async def person_of(self, patient: PatientId) -> PersonId | None:
        """Who the patient is now."""
        ...

    async def known_to(self, controller: str, *, after: PersonId, limit: int) -> Sequence[PersonId]:
        """The people whom a source of this organisation knows, in order, after `after`."""
        ...

    async def people(
        self, *, after: PersonId | None = None, limit: int | None = None
    ) -> Sequence[PersonId]:
        """Every person who has a patient now, by id; the first `limit` of those after `after`."""
        ...

    async def states(self) -> Mapping[PersonId, str]:
        """Everybody, with a text that changes whenever their record or their own rules may have.

        It names who they are, each patient's `t` and changes of rulings, and their rules in force.
        """
        ...

    async def holders(
        self, people: Collection[PersonId], *, since: datetime
    ) -> frozenset[PersonId]:
        """`people`, and everybody who at any time since `since` was a patient that was ever theirs.

        So whoever was merged with them, and until then with whom, is among them.
        """
        ...

    async def events(self, person: PersonId) -> Sequence[LinkEvent]:
        """Every event that brought a patient into or out of `person`, oldest first."""
        ...

    async def find(self, keys: Sequence[int]) -> Sequence[tuple[PersonId, Member]]:
        """The linked patients who have any of these blocking keys."""
        ...

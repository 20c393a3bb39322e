"""Who can sign in to the demonstration."""

from dataclasses import dataclass

from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """An invented user: id, name, role, organisation (ODS code), its name, and a line about them.

    `person` is whose record is their own; `cares_for` the people they may look in for, with the
    name to call each by.
    """

    id: str
    name: str
    role: Role
    organisation: str
    place: str
    about: str
    person: PersonId | None = None
    cares_for: tuple[tuple[PersonId, str], ...] = ()

    @property
    def actor(self) -> Actor:
        """Them, as the door knows them."""
        return Actor(
            id=self.id,
            name=self.name,
            role=self.role,
            organisation=self.organisation,
            person=self.person,
        )

    @property
    def group(self) -> str:
        """Which of the sign-in page's lists they stand in."""
        if self.role in (Role.PATIENT, Role.CARER):
            return "People and carers"
        if self.role in (Role.GOVERNANCE, Role.PLANNER, Role.RESEARCHER, Role.SYSTEM):
            return "Governance, planning and research"
        return "Professionals"

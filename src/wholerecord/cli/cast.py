"""Who may sign in to the demonstration, once the people they are have been linked."""

from collections.abc import Sequence

from wholerecord.cli.loading import person_with
from wholerecord.demo.users import DemoUser
from wholerecord.portal import Persona
from wholerecord.record import PersonId
from wholerecord.storage.postgres import Store


class Cast:
    """The demonstration's users, as the sign-in page lists them."""

    def __init__(self, store: Store, users: Sequence[DemoUser]) -> None:
        self._store = store
        self._users = users
        self._people: dict[str, PersonId] = {}

    async def personas(self) -> tuple[Persona, ...]:
        """Everybody who may sign in; a patient only once they are somebody in the store."""
        personas: list[Persona] = []
        for user in self._users:
            person = await self._person(user.nhs_number) if user.nhs_number else None
            if user.nhs_number and person is None:
                continue
            cares_for = [
                (known, name)
                for number, name in user.cares_for
                if (known := await self._person(number))
            ]
            personas.append(
                Persona(
                    id=user.id,
                    name=user.name,
                    role=user.role,
                    organisation=user.organisation,
                    place=user.place,
                    about=user.about,
                    person=person,
                    cares_for=tuple(cares_for),
                )
            )
        return tuple(personas)

    async def _person(self, nhs_number: str) -> PersonId | None:
        """Looked up once: who a number is does not change while the demonstration runs."""
        if nhs_number not in self._people:
            person = await person_with(self._store, nhs_number)
            if person is None:
                return None
            self._people[nhs_number] = person
        return self._people[nhs_number]

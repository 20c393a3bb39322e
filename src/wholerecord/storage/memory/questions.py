"""Questions for people about who is who: asked, answered, and not asked again."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from wholerecord.people import Act, Asked, Review
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Questions:
    """The part of `people.Register` that is about questions."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def ask(self, asked: Sequence[Asked]) -> int:
        """See `people.Register.ask`."""
        return self.ask_people(asked)

    def ask_people(self, asked: Sequence[Asked]) -> int:
        """Ask, and ask anew what is open already; how many were not open."""
        tables, fresh = self._tables, 0
        for said in asked:
            each = replace(said, why=storable(said.why))
            if each.why and (*_pair(each), each.why) in tables.answers:
                continue
            pair = _pair(each)
            at = next(
                (i for i, (_, _, old) in enumerate(tables.reviews) if _pair(old) == pair), None
            )
            if at is None:
                tables.asked, fresh = tables.asked + 1, fresh + 1
                tables.reviews.append((tables.asked, now(), each))
            else:
                n, since, old = tables.reviews[at]
                tables.reviews[at] = (n, since, replace(each, why=each.why or old.why))
        return fresh

    def answered(self, patient: PatientId, person: PersonId) -> None:
        """Close the question about the two, and remember what it was."""
        tables = self._tables
        for _, _, asked in tables.reviews:
            if _pair(asked) == (patient, person):
                tables.answers[patient, person, asked.why] = asked
        tables.reviews = [each for each in tables.reviews if _pair(each[2]) != (patient, person)]

    def reopen(self, patient: PatientId, person: PersonId) -> None:
        """Ask again what was answered about the two."""
        answers = self._tables.answers
        again = [key for key in answers if key[:2] == (patient, person)]
        self.ask_people([answers.pop(key) for key in again])

    def carry(self, left: PersonId, person: PersonId) -> None:
        """Whoever is `left` has become `person`: what was asked and answered holds of them."""
        tables = self._tables
        there = {_pair(asked) for _, _, asked in tables.reviews}
        for _, since, asked in list(tables.reviews):
            if asked.person == left and (asked.patient, person) not in there:
                tables.asked += 1
                tables.reviews.append((tables.asked, since, replace(asked, person=person)))
        for (patient, of, why), asked in list(tables.answers.items()):
            if of == left:
                tables.answers.setdefault((patient, person, why), replace(asked, person=person))

    async def joined(self, people: Collection[PersonId]) -> Sequence[PersonId]:
        """See `people.Register.joined`."""
        size = Counter(self._tables.person.values())
        return sorted(person for person in people if size[person] > 1)

    async def reviews(self) -> Sequence[Review]:
        """See `people.Register.reviews`."""
        person = self._tables.person
        there = set(person.values())
        unsure = Counter(
            (each.patient, each.person) for each in self._tables.events if each.act is Act.UNSURE
        )
        found = [
            Review(
                n=n,
                patient=asked.patient,
                person=asked.person,
                patient_person=person[asked.patient],
                weight=asked.weight,
                parts=asked.parts,
                since=since,
                against=asked.against,
                why=asked.why,
                unsure=unsure[_pair(asked)],
            )
            for n, since, asked in self._tables.reviews
            if asked.person in there
            and asked.patient in person
            and (person[asked.patient] == asked.person) == asked.against
        ]
        return sorted(found, key=lambda review: (-review.weight, review.n))

    async def reviews_of(self, person: PersonId) -> Sequence[Review]:
        """See `people.Register.reviews_of`."""
        return [one for one in await self.reviews() if person in (one.person, one.patient_person)]


def _pair(asked: Asked) -> tuple[PatientId, PersonId]:
    return asked.patient, asked.person

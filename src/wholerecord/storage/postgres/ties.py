"""What makes relationships with people, read in the transaction that decides by it.

What a patient's statements make never changes while their `t` does not, so it is remembered by
that; for a minute, for an organisation that they name may come to have another code.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from wholerecord.access.stated import ORGANIZATION, TYPES, code_of, named_in, stated
from wholerecord.access.tie import Tie
from wholerecord.access.ties import claimed, claims_since, of_person
from wholerecord.people import Member
from wholerecord.record import LogicalId, PatientId, PatientKey, PersonId, Statement
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.opened import opening
from wholerecord.storage.postgres.resources import Resources
from wholerecord.storage.postgres.statements import Statements
from wholerecord.storage.text import storable

#: Seconds for which is remembered what a patient's statements make, and of how many patients.
_REMEMBERED, _MOST = 60.0, 20_000
_Codes = Mapping[tuple[PatientId, str], str]


class Ties:
    """What makes relationships, remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements = Statements(database)
        self._resources = Resources(database)
        self._known: dict[tuple[PatientId, int], tuple[float, tuple[Tie, ...]]] = {}

    async def of(
        self, people: Mapping[PersonId, Sequence[Member]], now: datetime
    ) -> dict[PersonId | None, tuple[Tie, ...]]:
        """What makes relationships with each of these people, who are these patients."""
        every = {member.patient: member for members in people.values() for member in members}
        made = await self._made(every)
        rows = await self._database.fetch(
            "claims", [storable(person) for person in people], claims_since(now)
        )
        looks = [opening(row) for row in rows]
        return {
            person: of_person(
                members, made, claimed(look for look in looks if look.person == person)
            )
            for person, members in people.items()
        }

    async def _made(
        self, members: Mapping[PatientId, Member]
    ) -> Mapping[PatientId, tuple[Tie, ...]]:
        moment = time.monotonic()
        made: dict[PatientId, tuple[Tie, ...]] = {}
        for patient, member in members.items():
            until, ties = self._known.get((patient, member.t), (0.0, ()))
            if until > moment:
                made[patient] = ties
        new = {patient: one for patient, one in members.items() if patient not in made}
        if not new:
            return made
        seen = {patient: one.t for patient, one in new.items()}
        said = await self._statements.of_kinds(seen, TYPES)
        codes = await self._codes(said)
        if len(self._known) > _MOST:
            self._known.clear()
        for patient, member in new.items():
            theirs = [one for one in said if one.patient == patient]
            made[patient] = stated(
                theirs, controller=member.controller, codes=_of_patient(codes, patient)
            )
            self._known[patient, member.t] = moment + _REMEMBERED, made[patient]
        return made

    async def _codes(self, said: Iterable[Statement]) -> _Codes:
        """The codes of organisations that patients' statements name by their source's ids.

        An organisation is said of the patient, or of its source's directory.
        """
        named = {(one.patient, own): (one.source, own) for one in said for own in named_in([one])}
        if not named or not await self._database.has_kind(ORGANIZATION):
            return {}
        asked = [
            (key, (ORGANIZATION, LogicalId.of(patient, own)))
            for key, (source, own) in named.items()
            for patient in (PatientKey(source, "").id, key[0])
        ]
        found = await self._resources.newest_here([one for _, one in asked])
        codes: dict[tuple[PatientId, str], str] = {}
        for (key, _), version in zip(asked, found, strict=True):
            if version is not None and not version.gone:
                codes[key] = code_of(version.statement.body) or codes.get(key, "")
        return codes


def _of_patient(codes: _Codes, patient: PatientId) -> dict[str, str]:
    return {own: code for (whose, own), code in codes.items() if whose == patient}

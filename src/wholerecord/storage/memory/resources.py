"""Statements as resources, by looking through all of a patient's."""

from collections.abc import Iterator, Sequence

from wholerecord.record import (
    Filed,
    FiledOf,
    FiledPage,
    LogicalId,
    PatientId,
    PersonId,
    Version,
)
from wholerecord.record.resources import identified
from wholerecord.storage.memory.tables import Tables
from wholerecord.storage.rereading import marked
from wholerecord.storage.versions import in_order, numbered


class Resources:
    """See `record.Resources`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def newest(self, asked: Sequence[tuple[str, LogicalId]]) -> Sequence[Version | None]:
        """See `record.Resources.newest`."""
        return [self.newest_now(kind, one) for kind, one in asked]

    async def newest_as_of(
        self, asked: Sequence[tuple[str, LogicalId]]
    ) -> Sequence[tuple[Version | None, int]]:
        """See `record.Resources.newest_as_of`."""
        return [(self.newest_now(kind, one), self._t_of(one.patient)) for kind, one in asked]

    def _t_of(self, patient: PatientId) -> int:
        known = self._tables.patients.get(patient)
        return known.t if known else 0

    def newest_now(self, kind: str, id: LogicalId) -> Version | None:
        """The version filed last."""
        every = self.versions_now(kind, id)
        return every[-1] if every else None

    async def versions(self, kind: str, id: LogicalId) -> Sequence[Version]:
        """See `record.Resources.versions`."""
        return self.versions_now(kind, id)

    def versions_now(self, kind: str, id: LogicalId) -> list[Version]:
        """Every version, oldest first."""
        patient = self._tables.patients.get(id.patient)
        if patient is None:
            return []
        rereads = [one for one in self._tables.rereads if one.patient == id.patient]
        said = [
            one
            for one in marked(patient.statements, rereads, len(patient.filed))
            if one.kind == kind
        ]
        return [
            Version(
                id=id,
                statement=said[at],
                number=number,
                filed=patient.filed[said[at].t - 1],
                gone=gone,
                person=self._person(id.patient),
                shared=not patient.key.number,
            )
            for at, number, gone in numbered(said, id)
        ]

    async def current(self, patients: Sequence[PatientId]) -> Sequence[Version]:
        """See `record.Resources.current`."""
        found: list[Version] = []
        for patient in patients:
            known = self._tables.patients.get(patient)
            said = known.statements if known else []
            keys = {(one.kind, LogicalId.of(patient, identified(one.body)[0])) for one in said}
            newest = (self.newest_now(*key) for key in keys)
            found += [one for one in newest if one is not None]
        return sorted(found, key=in_order)

    async def filed(
        self, asked: FiledOf, *, controller: str, person: PersonId | None, limit: int
    ) -> FiledPage:
        """See `record.Resources.filed`."""
        every = [
            one
            for patient in self._tables.patients
            if self._is_theirs(patient, controller, person)
            for one in self._of_patient(patient)
            if asked.kind in {"", one.version.statement.kind}
            and (asked.since is None or one.mark[0] >= asked.since)
            and (asked.before is None or one.mark < asked.before)
        ]
        every.sort(key=lambda one: one.mark, reverse=True)
        after = every[limit - 1].mark if len(every) > limit else None
        return FiledPage(filed=tuple(every[:limit]), after=after)

    def _is_theirs(self, patient: PatientId, controller: str, person: PersonId | None) -> bool:
        theirs = self._person(patient)
        if person is not None:
            return theirs == person
        if not self._tables.patients[patient].key.number:
            return True
        return theirs is not None and any(
            self._tables.member(each).controller == controller
            for each, other in self._tables.person.items()
            if other == theirs
        )

    def _of_patient(self, patient: PatientId) -> Iterator[Filed]:
        said = self._tables.patients[patient].statements
        keys = {(one.kind, LogicalId.of(patient, identified(one.body)[0])) for one in said}
        for key in keys:
            every = self.versions_now(*key)
            ends = [*(one.filed for one in every[1:]), None]
            for version, until in zip(every, ends, strict=True):
                one = version.statement
                yield Filed(
                    mark=(version.filed, patient, one.t, one.n), version=version, until=until
                )

    def _person(self, patient: PatientId) -> PersonId | None:
        return self._tables.person.get(patient)

    async def named(self, tokens: Sequence[int]) -> Sequence[tuple[int, str, LogicalId]]:
        """See `record.Resources.named`."""
        wanted = set(tokens)
        return sorted(one for one in self._tables.identities if one[0] in wanted)

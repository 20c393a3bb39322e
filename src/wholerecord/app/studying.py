"""Studies, as the pages ask for them: research's book in words."""

from collections.abc import Sequence
from pathlib import Path

from wholerecord.access import Door, Refused
from wholerecord.errors import NotFound
from wholerecord.portal import ProjectLine, StudyLine, StudyTable
from wholerecord.record import PersonId
from wholerecord.research.disclose import say
from wholerecord.research.known import numbers_of
from wholerecord.research.snapshot import NoSnapshot, latest_snapshot
from wholerecord.research.study.book import Case, Check, Standing, StudyBook, Told
from wholerecord.research.study.project import Project
from wholerecord.research.study.protect import Shown, as_csv

#: Studies looked through for what waits.
_MOST = 2_000


class KeptStudies:
    """See `portal.Studies`. `snapshots` is the folder of the tables."""

    def __init__(self, book: StudyBook, snapshots: Path) -> None:
        self._book = book
        self._snapshots = snapshots

    async def airlock(self, door: Door) -> Sequence[StudyLine] | Refused:
        """See `portal.Studies.airlock`."""
        refused = await door.may_check()
        if refused:
            return refused
        projects = await self._by_id()
        cases = [
            case
            for case in await self._book.study_cases(limit=_MOST)
            if case.standing is Standing.WAITING
        ]
        return [_line(case, projects, inside=True) for case in reversed(cases)]

    async def projects(self) -> Sequence[ProjectLine]:
        """See `portal.Studies.projects`."""
        return [
            ProjectLine(
                id=one.id,
                title=one.title,
                legal_basis=one.legal_basis,
                controller=one.controller,
                purposes=", ".join(sorted(each.value for each in one.purposes)),
                ends=one.ends,
            )
            for one in await self._book.projects()
        ]

    async def register(self) -> Sequence[StudyLine]:
        """See `portal.Studies.register`."""
        projects = await self._by_id()
        return [_line(case, projects) for case in await self._book.study_cases()]

    async def study(self, n: int) -> StudyLine:
        """See `portal.Studies.study`."""
        return _line(await self._case(n), await self._by_id())

    async def csv(self, n: int) -> str:
        """See `portal.Studies.csv`."""
        case = await self._case(n)
        if case.standing is not Standing.RELEASED or case.ran is None:
            raise NotFound("Nothing of this study is released.")
        return "\r\n".join(map(as_csv, case.ran.told.tables))

    async def own(self, door: Door, person: PersonId) -> Sequence[StudyLine] | Refused:
        """See `portal.Studies.own`."""
        people = await door.own_studies(person)
        if isinstance(people, Refused):
            return people
        try:
            numbers = numbers_of(latest_snapshot(self._snapshots), people)
        except NoSnapshot:
            return ()
        found = {n for number in numbers for n in await self._book.studies_with(number)}
        projects = await self._by_id()
        return [_line(await self._case(n), projects) for n in sorted(found, reverse=True)]

    async def _case(self, n: int) -> Case:
        case = await self._book.study_case(n)
        if case is None:
            raise NotFound
        return case

    async def _by_id(self) -> dict[str, Project]:
        return {one.id: one for one in await self._book.projects()}


def _line(case: Case, projects: dict[str, Project], *, inside: bool = False) -> StudyLine:
    """A study in words. `inside` is for checkers: why it waits, who asked, and what would leave."""
    project = projects.get(case.project)
    told = Told() if case.ran is None else case.ran.told
    released = case.standing is Standing.RELEASED
    return StudyLine(
        n=case.n,
        at=case.at,
        project=project.id if project else "",
        title=told.title if released or inside else "",
        controller=project.controller if project else "",
        purpose=case.purpose.value,
        code=case.code,
        snapshot=case.ran.snapshot if case.ran else "",
        standing=case.standing.value,
        released=released,
        why=told.why if inside else "",
        instead=told.instead if inside else "",
        by=case.actor if inside else "",
        checks=tuple(map(_check, case.checks)) if inside else (),
        tables=tuple(map(_table, told.tables)) if released or inside else (),
        notes=_notes(told),
    )


def _check(check: Check) -> str:
    return f"{check.by}: {'yes' if check.approved else 'no'}, {check.why}"


def _table(table: Shown) -> StudyTable:
    return StudyTable(
        name=table.name,
        columns=(*table.names, "people"),
        rows=tuple((*key, say(number)) for key, number in table.rows),
        left_out=table.left_out,
    )


def _notes(told: Told) -> tuple[str, ...]:
    """Who was left out, and of which groups a larger part than of everybody."""
    if told.before is None:
        return ()
    notes = [
        f"People in the tables: {say(told.before)} before opt-outs, {say(told.after)} after.",
        *(f"Left out by {kind}: {say(number)}." for kind, number in told.left_out),
    ]
    kept = (told.after or 0) / told.before
    fewer = [
        f"{name} {value} ({say(before)} before, {say(after)} after)"
        for name, value, before, after in told.bias
        if before is not None and (after or 0) / before < kept - 0.05
    ]
    if fewer:
        notes.append(f"It speaks less of these than of others: {'; '.join(fewer)}.")
    return tuple(notes)

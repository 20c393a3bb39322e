"""Projects, studies and what was released."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.errors import NotFound
from wholerecord.research.study.book import (
    CHECKERS,
    Case,
    Check,
    KnownProject,
    Ran,
    Released,
    Sent,
)
from wholerecord.research.study.project import Project
from wholerecord.research.study.release import State
from wholerecord.research.study.sets import read_people
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class StudyBook:
    """See `research.study.book.StudyBook`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_project(self, project: Project) -> None:
        """See `research.study.book.StudyBook.add_project`."""
        if project.id in self._tables.studies.projects:
            raise KnownProject
        self._tables.studies.projects[project.id] = project

    async def project(self, id: str) -> Project | None:
        """See `research.study.book.StudyBook.project`."""
        return self._tables.studies.projects.get(id)

    async def projects(self) -> Sequence[Project]:
        """See `research.study.book.StudyBook.projects`."""
        return [project for _, project in sorted(self._tables.studies.projects.items())]

    async def keep_study(self, sent: Sent) -> int:
        """See `research.study.book.StudyBook.keep_study`."""
        kept = replace(sent, project=storable(sent.project), actor=storable(sent.actor))
        self._tables.studies.sent.append((kept, now()))
        return len(self._tables.studies.sent)

    async def settle_study(self, n: int, ran: Ran, *, seen: int) -> bool:
        """See `research.study.book.StudyBook.settle_study`."""
        studies = self._tables.studies
        if not 1 <= n <= len(studies.sent) or n in studies.ran:
            raise NotFound(f"There is no study {n} that has come to nothing yet.")
        if ran.state is State.RELEASED and len(studies.released) + len(studies.boards) != seen:
            return False
        studies.ran[n] = ran
        if ran.state is State.RELEASED:
            studies.released[n] = now()
        return True

    async def study_case(self, n: int) -> Case | None:
        """See `research.study.book.StudyBook.study_case`."""
        return self._case(n) if 1 <= n <= len(self._tables.studies.sent) else None

    async def study_cases(self, *, project: str | None = None, limit: int = 500) -> Sequence[Case]:
        """See `research.study.book.StudyBook.study_cases`."""
        found = [self._case(n) for n in range(len(self._tables.studies.sent), 0, -1)]
        return [case for case in found if project in (None, case.project)][:limit]

    async def study_sent(self, n: int) -> Sent | None:
        """See `research.study.book.StudyBook.study_sent`."""
        sent = self._tables.studies.sent
        return sent[n - 1][0] if 1 <= n <= len(sent) else None

    async def releases(self) -> Sequence[Released]:
        """See `research.study.book.StudyBook.releases`."""
        studies = self._tables.studies
        return [
            Released(n=n, project=studies.sent[n - 1][0].project, at=at, cells=studies.ran[n].cells)
            for n, at in studies.released.items()
        ]

    async def release_board(self, cells: bytes, *, seen: int) -> bool:
        """See `research.study.book.ReleaseBook.release_board`."""
        studies = self._tables.studies
        if len(studies.released) + len(studies.boards) != seen:
            return False
        studies.boards.append(cells)
        return True

    async def board_releases(self) -> Sequence[bytes]:
        """See `research.study.book.ReleaseBook.board_releases`."""
        return list(self._tables.studies.boards)

    async def studies_with(self, person: int) -> Sequence[int]:
        """See `research.study.book.StudyBook.studies_with`."""
        studies = self._tables.studies
        return [
            n for n in sorted(studies.released) if read_people(studies.ran[n].people) >> person & 1
        ]

    async def check_study(self, n: int, *, by: str, approve: bool, why: str) -> None:
        """See `research.study.book.StudyBook.check_study`."""
        studies, by = self._tables.studies, storable(by)
        ran = studies.ran.get(n)
        said = [check for of, check in studies.checks if of == n]
        waits = ran is not None and ran.state is State.WAITING and n not in studies.released
        empty = approve and ran is not None and not ran.told.tables
        asked = waits and studies.sent[n - 1][0].actor == by
        done = any(check.by == by or not check.approved for check in said)
        if not waits or empty or asked or done:
            raise NotFound(f"Study {n} does not wait for this checker.")
        check = Check(by=by, at=now(), approved=approve, why=storable(why))
        studies.checks.append((n, check))
        if approve and len(said) + 1 >= CHECKERS:
            studies.released[n] = check.at

    def _case(self, n: int) -> Case:
        studies = self._tables.studies
        sent, at = studies.sent[n - 1]
        ran = studies.ran.get(n)
        return Case(
            n=n,
            at=at,
            project=sent.project,
            actor=sent.actor,
            purpose=sent.purpose,
            code=sent.code,
            ran=None if ran is None else replace(ran, cells=b"", people=b""),
            released=studies.released.get(n),
            checks=tuple(check for of, check in studies.checks if of == n),
        )

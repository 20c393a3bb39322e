"""What is kept of projects and studies: what was sent, what became of it, who checked it.

Nothing of it is changed or taken out, and an attempt that came to nothing stands beside the others.
A run keeps who was counted, as numbers of the tables and never as anybody's id: later runs are held
against it, and each person is told which studies their record was in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.consent import Purpose
from wholerecord.errors import Conflict
from wholerecord.research.study.project import Project
from wholerecord.research.study.protect import Shown
from wholerecord.research.study.release import State

#: Checkers who must agree.
CHECKERS = 2


class KnownProject(Conflict):
    """There is a project of this id already: give the new one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A study as somebody sent it. `code` names its file and lists: see `release.code_hash`."""

    project: str
    actor: str
    purpose: Purpose
    code: str
    raw: bytes
    lists: Mapping[str, bytes]
    sql: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What may be told of a run. Numbers of people are protected: None is 7 or fewer.

    `tables` are shown to checkers while it waits, and to everybody once it is released. `left_out`
    counts by opt-out; `bias` is each group's name, value, and number before and after.
    """

    title: str = ""
    why: str = ""
    instead: str = ""
    tables: tuple[Shown, ...] = ()
    before: int | None = None
    after: int | None = None
    left_out: tuple[tuple[str, int | None], ...] = ()
    bias: tuple[tuple[str, str, int | None, int | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a study came to. `near`: it came too near to what was released before.

    `cells` and `people` are for the inside alone: see `sets`.
    """

    state: State
    snapshot: str
    told: Told
    near: bool = False
    cells: bytes = b""
    people: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one checker said."""

    by: str
    at: datetime
    approved: bool
    why: str


class Standing(Enum):
    """How a study stands now."""

    UNFINISHED = "not finished"
    WRONG = "could not be run"
    REFUSED = "refused"
    WAITING = "waiting for two checkers"
    RELEASED = "released"
    KEPT_BACK = "kept back by a checker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One study as it was sent, what it came to, and who checked it. No cells and people are in it.

    `ran` is None when it was stopped before its end, and counts nothing then.
    """

    n: int
    at: datetime
    project: str
    actor: str
    purpose: Purpose
    code: str
    ran: Ran | None
    released: datetime | None
    checks: tuple[Check, ...]

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if self.ran is None:
            return Standing.UNFINISHED
        if self.released is not None:
            return Standing.RELEASED
        if not all(check.approved for check in self.checks):
            return Standing.KEPT_BACK
        return Standing[self.ran.state.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What one release gave away: `cells` is what `sets.read_cells` reads."""

    n: int
    project: str
    at: datetime
    cells: bytes


class ReleaseBook(Protocol):
    """Where what was released is kept, by studies and by planners' boards."""

    async def releases(self) -> Sequence[Released]:
        """Every release of a study, in the order they were released."""
        ...

    async def release_board(self, cells: bytes, *, seen: int) -> bool:
        """Keep what a board is about to show: see `beside.write_boards`.

        False, and nothing is written: there are more releases than the `seen` of studies and
        boards that it was held against, so it must be held against those first.
        """
        ...

    async def board_releases(self) -> Sequence[bytes]:
        """What each board showed, in the order they were counted."""
        ...


class StudyBook(ReleaseBook, Protocol):
    """Where projects, studies, releases and checks are kept."""

    async def add_project(self, project: Project) -> None:
        """Keep a project.

        Raises:
            KnownProject: there is one of that id.
        """
        ...

    async def project(self, id: str) -> Project | None:
        """The project of that id."""
        ...

    async def projects(self) -> Sequence[Project]:
        """Every project, by id."""
        ...

    async def keep_study(self, sent: Sent) -> int:
        """Keep a study before anything is done about it; its number."""
        ...

    async def settle_study(self, n: int, ran: Ran, *, seen: int) -> bool:
        """Write down what study `n` came to, once. A release counts from now on.

        False, and nothing is written: there are more releases than the `seen` of studies and
        boards that it was held against, so it must be held against those first.

        Raises:
            NotFound: there is no such study, or it has come to something already.
        """
        ...

    async def study_case(self, n: int) -> Case | None:
        """One study."""
        ...

    async def study_cases(self, *, project: str | None = None, limit: int = 500) -> Sequence[Case]:
        """Studies, those of a project or all, newest first."""
        ...

    async def study_sent(self, n: int) -> Sent | None:
        """One study as it was sent."""
        ...

    async def studies_with(self, person: int) -> Sequence[int]:
        """The numbers of the released studies that counted this number of the tables."""
        ...

    async def check_study(self, n: int, *, by: str, approve: bool, why: str) -> None:
        """Write down what a checker says of a study that waits. The second yes releases it.

        Raises:
            NotFound: it does not wait, has nothing to release, or waits for somebody other than
                `by`: whoever asked it, or said yes already, does not check it.
        """
        ...

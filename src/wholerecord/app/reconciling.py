"""What left the system held against the log: everything that was given out has its opening.

The log says who looked; other books say what was given away: the register of queries, the book of
studies and of who checked them, the tables on disk, what subscribers were told, the prompts that
were sent, and of every page, download, printed sheet, FHIR answer and bulk export what the gate
wrote (`app.gate`). Each line of those must be backed by an opening that allowed it. A line without
one left by a side path, or its opening was taken out of the log.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from wholerecord.access import Store
from wholerecord.access.departures import Departure
from wholerecord.access.news import PART
from wholerecord.audit import Opening
from wholerecord.consent import View
from wholerecord.record import LogicalId, PersonId
from wholerecord.research.gateway.prompts import Fate, Prompt, Prompts
from wholerecord.research.refresh import COPIER
from wholerecord.research.register import QueryRegister
from wholerecord.research.snapshot import snapshots
from wholerecord.research.study.book import Standing, StudyBook

_STUDY = re.compile(r"(?:study|extract) ([0-9]+) of project ")
_CHECK = re.compile(r"(?:release|keep back) study ([0-9]+)")
_ANSWERED = frozenset({Standing.RELEASED, Standing.WAITING, Standing.KEPT_BACK})
#: How far the clocks of programs may differ, and how long one round of news may take.
_CLOCKS, _ROUND = timedelta(minutes=5), timedelta(hours=1)
_PAGE, _MOST = 2000, 1_000_000
_Key = tuple[str, str, int]


class Kept(Store, QueryRegister, StudyBook, Prompts, Protocol):
    """A store with the books of what was given out."""


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """How many of each sort left, and in words each that no opening backs. It names no person.

    Of the gate's book, `until` is the last line gone through, `unbacked` those that stay.
    """

    left: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    until: int = 0
    unbacked: list[int] = field(default_factory=list[int])

    def found(self, sort: str, name: str, *, backed: bool) -> None:
        """Count one thing that left."""
        self.left[sort] += 1
        if not backed:
            self.wrong.append(f"{sort} {name} left, and no opening says so")


class _Log:
    """The openings that let something out: when, by who and for what; and those `wanted`."""

    def __init__(self, wanted: frozenset[int]) -> None:
        self._at: defaultdict[_Key, list[datetime]] = defaultdict(list)
        self._wanted = wanted
        self._found: dict[int, tuple[datetime, PersonId | None]] = {}

    def add(self, look: Opening) -> None:
        """Take in an opening, where it let something out."""
        if not look.allowed:
            return
        if look.n in self._wanted:
            self._found[look.n] = look.at, look.person
        if look.view == View.COUNT.value:
            self._at["count", look.actor, 0].append(look.at)
            if found := _STUDY.match(look.part):
                self._at["study", look.actor, int(found[1])].append(look.at)
        elif look.view == View.DESK.value and (found := _CHECK.fullmatch(look.part)):
            self._at["check", look.actor, int(found[1])].append(look.at)
        elif look.view == View.RECORD.value and look.part == PART:
            for patient in look.seen:
                self._at["told", look.actor, patient].append(look.at)

    def backs(self, numbers: Sequence[int], at: datetime, *, people: int = 0) -> bool:
        """Whether all these are here, were made by then, and are of as many people."""
        found = [self._found.get(n) for n in numbers]
        made = [one for one in found if one is not None and one[0] <= at + _CLOCKS]
        return 0 < len(made) == len(found) and len({person for _, person in made}) >= people

    def sort(self) -> None:
        """Put the moments in order: a clock that was put back may have mixed them."""
        for times in self._at.values():
            times.sort()

    def until(self, key: _Key, at: datetime) -> int:
        """How many of these there were by then."""
        return bisect_right(self._at.get(key, []), at)

    def since(self, key: _Key, at: datetime) -> int:
        """How many of these there were from then on."""
        times = self._at.get(key, [])
        return len(times) - bisect_left(times, at)


async def reconcile(store: Kept, folder: Path) -> Reconciled:
    """Hold every book of what left against the log. `folder` is where the tables are.

    Reads the whole log once.
    """
    found = Reconciled()
    queries = sorted(await store.queries(), key=lambda one: one.n)
    cases = await store.study_cases(limit=_MOST)
    tables = [(one.manifest.name, one.manifest.as_of) for one in snapshots(folder)]
    told = await _told(store)
    gone = await _gone(store)
    sent = [one for one in await store.prompts(limit=_MOST) if one.fate is not Fate.KEPT_BACK]
    wanted = frozenset([*(n for one in gone for n in one.openings), *(one.opening for one in sent)])
    log = await _log(store, wanted)  # after the books: an opening comes before what it lets out
    _hold(found, log, gone, sent)
    asked: Counter[str] = Counter()
    for query in queries:
        asked[query.actor] += 1
        backed = log.until(("count", query.actor, 0), query.at) >= asked[query.actor]
        found.found("query", str(query.n), backed=backed)
    for case in cases:
        if case.standing in _ANSWERED:
            backed = log.since(("study", case.actor, case.n), case.at - _CLOCKS) > 0
            found.found("study", str(case.n), backed=backed)
        for check in case.checks:
            backed = log.since(("check", check.by, case.n), case.at - _CLOCKS) > 0
            found.found("check of study", f"{case.n} by {check.by}", backed=backed)
    for place, (name, as_of) in enumerate(tables, 1):
        backed = log.since(("count", COPIER.id, 0), as_of - _CLOCKS) >= place
        found.found("snapshot", name, backed=backed)
    for name, key, at in told:
        backed = log.until(key, at + _ROUND) > log.until(key, at - _CLOCKS)
        found.found("event", name, backed=backed)
    return found


def _hold(found: Reconciled, log: _Log, gone: Sequence[Departure], sent: Sequence[Prompt]) -> None:
    """Hold the gate's book and the prompts against the log."""
    for one in gone:
        backed = log.backs(one.openings, one.at, people=one.people)
        found.found(one.sort, str(one.n), backed=backed)
        found.until = one.n
        if not backed:
            found.unbacked.append(one.n)
    for prompt in sent:
        found.found("prompt", str(prompt.n), backed=log.backs([prompt.opening], prompt.at))


async def _gone(store: Kept) -> Sequence[Departure]:
    """Every line of the gate's book."""
    gone: list[Departure] = []
    while page := await store.departures(after=gone[-1].n if gone else 0, limit=_PAGE):
        gone += page
    return gone


async def _log(store: Kept, wanted: frozenset[int]) -> _Log:
    log, after = _Log(wanted), 0
    while page := await store.openings(after=after, limit=_PAGE):
        for look in page:
            log.add(look)
        after = page[-1].n
    log.sort()
    return log


async def _told(store: Kept) -> Sequence[tuple[str, _Key, datetime]]:
    """Every event that goes out to a subscriber: its name, what backs it, and when."""
    found: list[tuple[str, _Key, datetime]] = []
    for one in await store.subscriptions(now=datetime.now(UTC)):
        for event in await store.happenings(one.id, after=0, limit=_MOST):
            kind, _, own = event.focus.partition("/")
            logical = LogicalId.parse(own)
            [version] = await store.newest([(kind, logical)]) if logical else [None]
            if version is not None:
                key = ("told", one.wish.actor.id, version.statement.patient)
                found.append((f"{event.number} of subscription {one.id}", key, event.at))
    return found

"""Which statements speak of one tumour, of one recurrence of it, of one place it has spread to.

One tumour for a site, a side and a histology, whatever the dates; what says no side or histology
joins the nearest in time that it can be of. Where the rules are from stands in `policy.json`.
Demonstration rules until a clinical safety officer signs them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wholerecord.fold.cancer import Role
from wholerecord.fold.cancer_said import Tumour, can_be_one
from wholerecord.fold.policy import Policy

_DAY = timedelta(days=1)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
#: How many tumours one statement is held against: a long record stays linear.
_MOST = 64


class Lesion:
    """One tumour, recurrence or place of spread while its statements are found."""

    __slots__ = ("certainty", "histology", "members", "role", "side", "site", "start")

    def __init__(self, first: Tumour) -> None:
        self.role = first.role
        self.certainty = first.one.certainty
        self.site, self.side, self.histology = first.site, first.one.side, first.histology
        self.start = first.one.start
        self.members = [first]

    def can_be(self, one: Tumour) -> bool:
        """Whether `one` can speak of this: certainty, site, side and histology allow it."""
        return (
            self.certainty == one.one.certainty
            and can_be_one(self.site, one.site)
            and (not self.side or not one.one.side or self.side == one.one.side)
            and can_be_one(self.histology, one.histology)
        )

    def add(self, one: Tumour) -> None:
        """`one` speaks of this too: what it says more exactly is known now."""
        self.members.append(one)
        self.site = max(self.site, one.site, key=len)
        self.side = self.side or one.one.side
        self.histology = max(self.histology, one.histology, key=len)
        starts = [start for start in (self.start, one.one.start) if start is not None]
        self.start = min(starts, default=None)


def lesions(told: Iterable[Tumour], rules: Policy) -> list[Lesion]:
    """Every statement in exactly one; they are told in the order of `in_order`."""
    by_role: dict[Role, list[Tumour]] = {role: [] for role in Role}
    for one in told:
        by_role[one.role].append(one)
    primaries = _Primaries()
    for one in sorted(by_role[Role.PRIMARY], key=_vagueness):
        primaries.place(one)
    back = [one for one in by_role[Role.RECURRENCE] if not _of_the_first(one, primaries, rules)]
    alone = _Primaries()
    only = primaries.only()
    for one in by_role[Role.HISTORY]:
        home = primaries.alone_for(one) if one.site else only.get(one.one.certainty)
        if home is None:
            alone.place(one)
        else:
            home.add(one)
    again = _recurrences(back, rules)
    _stays_of(primaries.found, again, rules)
    return [
        *primaries.found,
        *alone.found,
        *again,
        *_spread(by_role[Role.SECONDARY]),
        *(Lesion(one) for one in by_role[Role.NONE]),
    ]


def _vagueness(one: Tumour) -> tuple[int, int, int]:
    """The most exact first: what is vague then finds what it can be of."""
    return (-one.site.count("/") if one.site else 1, not one.one.side, -len(one.histology))


def _apart(one: datetime | None, other: datetime | None) -> float:
    return abs((one - other) / _DAY) if one and other else float("inf")


class _Primaries:
    """The primary tumours, by the widest site each can be of."""

    def __init__(self) -> None:
        self.found: list[Lesion] = []
        self._by_top: dict[str, list[Lesion]] = {}
        self._fitting: dict[tuple[str, ...], tuple[int, list[Lesion]]] = {}

    def place(self, one: Tumour) -> None:
        """Add `one` to the nearest that it can be of, else it is a tumour of its own."""
        home = self.nearest(one)
        if home is not None:
            home.add(one)
            return
        lesion = Lesion(one)
        self.found.append(lesion)
        self._by_top.setdefault(_top(one), []).append(lesion)

    def nearest(self, one: Tumour) -> Lesion | None:
        """Of those that `one` can speak of, the nearest in time; of two, the one made first.

        A cancer of a site that nobody said is held against its like alone: nothing is guessed.
        """
        fits = self._fits(one)
        return min(fits, key=lambda each: _apart(each.start, one.one.start), default=None)

    def alone_for(self, one: Tumour) -> Lesion | None:
        """The one tumour that `one` can speak of; None where there are two: nothing is guessed."""
        fits = self._fits(one)
        return fits[0] if len(fits) == 1 else None

    def _fits(self, one: Tumour) -> list[Lesion]:
        """What fits was found before for its like, and since: each is looked at once for each."""
        like = (one.one.certainty, one.site, one.one.side, one.histology)
        near = self._by_top.get(_top(one), ())
        seen, before = self._fitting.get(like, (0, []))
        each = [*before, *(near[seen:] if len(before) < _MOST else ())]
        fits = [lesion for lesion in each if lesion.can_be(one)][:_MOST]
        self._fitting[like] = (len(near), fits)
        return fits

    def only(self) -> dict[str, Lesion]:
        """The tumour of each certainty that has no other beside it."""
        each = Counter(lesion.certainty for lesion in self.found)
        return {one.certainty: one for one in self.found if each[one.certainty] == 1}


def _top(one: Tumour) -> str:
    return one.site.partition("/")[0]


def _of_the_first(one: Tumour, primaries: _Primaries, rules: Policy) -> bool:
    """Whether it is dated by the first diagnosis: then it joins that and says that it came back."""
    home = primaries.nearest(one)
    began = one.one.told.said.when
    if home is None or home.start is None:
        return False
    if began is not None and (began.start - home.start) / _DAY > rules.recurrence_days:
        return False
    if began is None and _apart(one.one.start, home.start) > rules.recurrence_days:
        return False
    home.add(one)
    return True


def _recurrences(told: list[Tumour], rules: Policy) -> list[Lesion]:
    """One for all that is said within the window of the first word of it; the undated by site."""
    found: dict[tuple[str, str, bool], list[Lesion]] = {}
    for one in sorted(told, key=lambda one: (one.one.start or _NEVER, *_vagueness(one))):
        near = found.setdefault((one.one.certainty, _top(one), one.one.start is None), [])
        home = next(_same_time(near, one, rules), None)
        if home is None:
            near.append(Lesion(one))
        else:
            home.add(one)
    return [lesion for each in found.values() for lesion in each]


def _same_time(near: list[Lesion], one: Tumour, rules: Policy) -> Iterator[Lesion]:
    """Those begun within the window before `one` that it can speak of, latest first."""
    for lesion in reversed(near):
        if one.one.start and _apart(lesion.start, one.one.start) > rules.recurrence_days:
            return
        if lesion.can_be(one):
            yield lesion


@dataclass(frozen=True, slots=True)
class _Again:
    """A recurrence that somebody tells of: when it began, and which sources say so themselves."""

    lesion: Lesion
    start: datetime
    sources: frozenset[str]

    def tells(self, one: Tumour, rules: Policy) -> bool:
        """Whether `one`, a stay that only names the cancer, can have been for it.

        A source that says itself that it came back means the first where it says nothing of it.
        """
        said = one.one.told.said
        written = said.recorded
        return (
            written is not None
            and abs(written.start - self.start) / _DAY <= rules.recurrence_stay_days
            and said.source not in self.sources
            and self.lesion.can_be(one)
        )


def _stays_of(primaries: list[Lesion], again: list[Lesion], rules: Policy) -> None:
    """A stay's own diagnosis, written while the tumour came back, is of what came back.

    A hospital codes a recurrence as the cancer itself, dated by its first diagnosis or by the stay.
    """
    by_top: dict[str, list[_Again]] = {}
    for lesion in again[:_MOST]:
        if lesion.start is not None:
            sources = frozenset(one.one.told.said.source for one in lesion.members)
            near = by_top.setdefault(lesion.site.partition("/")[0], [])
            near.append(_Again(lesion, lesion.start, sources))
    for first in primaries if by_top else ():
        near = by_top.get(first.site.partition("/")[0], ())
        start = first.start
        later = [
            one
            for one in near
            if start is not None and (one.start - start) / _DAY > rules.recurrence_days
        ]
        if later:
            _move_stays(first, later, rules)


def _move_stays(first: Lesion, again: Sequence[_Again], rules: Policy) -> None:
    """Move them, but for what alone says how early the first was."""
    stays: list[tuple[Tumour, Lesion]] = []
    kept: list[Tumour] = []
    for one in first.members:
        what = one.one.told.body.finding
        fits = [each for each in again if each.tells(one, rules)] if what.hospital else []
        if fits and not what.listed:
            stays.append(
                (one, min(fits, key=lambda each: _apart(each.start, _written(one))).lesion)
            )
        else:
            kept.append(one)
    earliest = min((one.one.start for one in kept if one.one.start), default=None)
    for one, lesion in stays:
        start = one.one.start
        if earliest and (start is None or start >= earliest) and lesion.can_be(one):
            lesion.add(one)
        else:
            kept.append(one)
    first.members = kept


def _written(one: Tumour) -> datetime | None:
    recorded = one.one.told.said.recorded
    return recorded.start if recorded else None


def _spread(told: list[Tumour]) -> list[Lesion]:
    """One for each place and certainty; what says no place is of none that does."""
    found: dict[tuple[str, str], list[Lesion]] = {}
    for one in sorted(told, key=lambda one: -len(one.site)):
        near = found.setdefault((one.one.certainty, _top(one)), [])
        home = next((each for each in near if each.can_be(one)), None)
        if home is None:
            near.append(Lesion(one))
        else:
            home.add(one)
    return [lesion for each in found.values() for lesion in each]

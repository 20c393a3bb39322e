"""What of a record rules withhold: labels, kinds, single items, sources, authors and times, apart.

A label, a kind and an item are of an entry, and with it goes all that says it. A source and an
author are of what they say alone: what others say of the same stays. A time is of both: what began
in it goes whole, and of what began at another time what is dated in it.
"""

from dataclasses import dataclass
from functools import lru_cache

from wholerecord.access.tie import Tie
from wholerecord.consent.period import Period, apart
from wholerecord.consent.rule import name_of
from wholerecord.fold import Entry, Kind, Negative, Said, Unfolded
from wholerecord.nhs import PartialDate

_NONE: frozenset[str] = frozenset()
_EVERYTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is withheld, by what it is withheld for (see `consent.Rule.withholds`).

    `within` is what is withheld of a time alone: `everything`, or its marks.

    >>> sorted(marks_of(frozenset({"sealed", "source:gp"})).sources)
    ['gp']
    """

    labels: frozenset[str] = _NONE
    kinds: frozenset[str] = _NONE
    sources: frozenset[str] = _NONE
    authors: frozenset[str] = _NONE
    items: frozenset[str] = _NONE
    everything: bool = False
    within: tuple[tuple[Period, "Marks"], ...] = ()

    @property
    def only_labels(self) -> bool:
        """Whether nothing is withheld but by label."""
        return not (self.kinds or self.items or self.by_statement)

    @property
    def by_statement(self) -> bool:
        """Whether of an entry some statements may be withheld, and not all."""
        return bool(self.sources or self.authors or self.within)

    def withholds(self, one: Entry | Negative | Unfolded) -> bool:
        """Whether all that says this is withheld. What a source said is withheld by itself."""
        if self.everything or not self.labels.isdisjoint(one.labels):
            return True
        if isinstance(one, Unfolded):
            return self._withholds_unfolded(one)
        if one.kind.value in self.kinds:
            return True
        if self.items and self._names(*(one.said_by if isinstance(one, Entry) else (one.said,))):
            return True
        return bool(self.within) and any(
            _is_of(one, period) and marks.withholds(one) for period, marks in self.within
        )

    def takes_alone(self, one: Entry | Negative, said: Said) -> bool:
        """Whether this statement that says it is withheld by itself, whoever else says it."""
        if said.source in self.sources or self._wrote(said):
            return True
        return any(
            (_said_in(said, period) or _is_of(one, period))
            and (marks.withholds(one) or marks.takes_alone(one, said))
            for period, marks in self.within
        )

    def hides(self, tie: Tie) -> bool:
        """Whether the statement that makes a relationship is withheld, for whatever."""
        said = tie.said
        if said is None:
            return False
        if self.everything or tie.kind in self.kinds or said.source in self.sources:
            return True
        if not self.labels.isdisjoint(tie.labels) or self._names(said) or self._wrote(said):
            return True
        return any(marks.hides(tie) for period, marks in self.within if _was_in(tie, said, period))

    def silence(self, entry: Entry) -> bool:
        """Whether every statement that says the entry is withheld by itself, so nobody says it."""
        return self.by_statement and all(self.takes_alone(entry, said) for said in entry.said_by)

    def touches(self, entry: Entry) -> bool:
        """Whether anything that says the entry is withheld."""
        return self.withholds(entry) or (
            self.by_statement and any(self.takes_alone(entry, said) for said in entry.said_by)
        )

    def _withholds_unfolded(self, one: Unfolded) -> bool:
        """Of what is in no entry, of which nobody can tell whose or of when it is: with those."""
        said = one.said
        if self.kinds or self._names(said):
            return True  # nobody can tell its kind
        if self._wrote(said) or (self.authors and _is_unread(said)):
            return True
        return any(
            (_said_in(said, period) or _is_unread(said))
            and (marks.withholds(one) or said.source in marks.sources)
            for period, marks in self.within
        )

    def _wrote(self, said: Said) -> bool:
        """Whether who wrote it is withheld: of several, any of them."""
        return bool(self.authors and said.by) and not self.authors.isdisjoint(writers_of(said.by))

    def _names(self, *said: Said) -> bool:
        return any(item_of(one) in self.items for one in said)


def item_of(said: Said) -> str:
    """What a rule about an item calls a statement that says it: `patient/type/id`."""
    return f"{said.patient}/{said.kind}/{said.id}"


def writers_of(by: str) -> frozenset[str]:
    """The names of who wrote a statement, to compare: one, or several.

    >>> sorted(writers_of("Dr Ada; Dr BEN"))
    ['dr ada', 'dr ada; dr ben', 'dr ben']
    """
    whole = name_of(by)
    return frozenset((whole, *map(str.strip, whole.split(";"))))


def _is_of(one: Entry | Negative, period: Period) -> bool:
    """Whether it happened or began then; of a stay, whether any day of it was then."""
    if isinstance(one, Negative):
        return _said_in(one.said, period)
    began, ended = one.when, one.until
    if began is None:
        return False
    if one.kind is Kind.ENCOUNTER and ended is not None:
        return period.may_hold(began.day, max(began.last_day, ended.last_day))
    return period.may_hold_date(began)


def _was_in(tie: Tie, said: Said, period: Period) -> bool:
    """Whether any day of what makes a relationship may have been then."""
    at = _date_of(said)
    if at is None:
        return True
    return period.may_hold(at.day, max(at.last_day, tie.ended.last_day if tie.ended else at.day))


def _said_in(said: Said, period: Period) -> bool:
    at = _date_of(said)
    return at is not None and period.may_hold_date(at)


def _is_unread(said: Said) -> bool:
    """Whether nothing could be read of it: not by whom, and not of when."""
    return not (said.by or said.words or said.codes or said.status or _date_of(said))


def _date_of(said: Said) -> PartialDate | None:
    """When it says it happened, else when it was written down."""
    return said.when or said.recorded


@lru_cache(maxsize=1024)
def marks_of(withheld: frozenset[str]) -> Marks:
    """What a verdict withholds, told apart."""
    whole: set[str] = set()
    within: dict[Period, set[str]] = {}
    for each in withheld:
        period, thing = apart(each)
        (whole if period is None else within.setdefault(period, set())).add(thing)
    times = sorted(within.items(), key=lambda one: one[0].text)
    return _marks(whole, tuple((period, _marks(things, ())) for period, things in times))


def _marks(things: set[str], within: tuple[tuple[Period, Marks], ...]) -> Marks:
    named: dict[str, set[str]] = {word: set() for word in ("kind", "source", "author", "item")}
    labels: set[str] = set()
    for each in things - {_EVERYTHING}:
        word, _, which = each.partition(":")
        named.get(word, labels).add(which if word in named else each)
    if Kind.OBSERVATION.value in named["kind"]:  # whoever hid these hid it too, when it was of them
        named["kind"].add(Kind.SOCIAL_HISTORY.value)
    return Marks(
        labels=frozenset(labels),
        kinds=frozenset(named["kind"]),
        sources=frozenset(named["source"]),
        authors=frozenset(named["author"]),
        items=frozenset(named["item"]),
        everything=_EVERYTHING in things,
        within=within,
    )

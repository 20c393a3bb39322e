"""A fold that goes on: more statements cost what they touch, and the record is as if folded anew.

The statements stand in islands: what may be of one entry, by their ties. A new statement changes
the entries of its island, and of those that look it up or whose results it names, and no others.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain
from typing import Any

from wholerecord.fold.folding import members_of, parts_of
from wholerecord.fold.islands import Island, Islands
from wholerecord.fold.negatives import counts, negative_of
from wholerecord.fold.parts import Parts, newest_entry_first, record_of
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.fold.read import read
from wholerecord.fold.record import Record, Unfolded
from wholerecord.fold.route import way_of
from wholerecord.fold.ruled import marks
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.shape import Shape
from wholerecord.fold.sided import sides
from wholerecord.fold.software import drafted_by
from wholerecord.fold.ties import looked_up_by, ruled_keys, ties
from wholerecord.fold.told import Around, Key, Told, address
from wholerecord.fold.versions import add_versions, bodies_by_address
from wholerecord.fold.who import who
from wholerecord.record import Statement


class Onward:
    """A record, and what it was folded from, so that it can go on.

    `statements` are those folded so far, `rulings` and `policy` those given: with others it is
    another fold.
    None of the statements may be of a message that was read again.
    """

    def __init__(
        self,
        statements: Sequence[Statement],
        rulings: Sequence[Ruling] = (),
        policy: Policy = POLICY,
    ) -> None:
        self.statements = list(statements)
        self.rulings = tuple(rulings)
        self.policy = policy
        self._parts = parts_of(self.statements, rulings, policy)
        self._shores: _Shores | None = None  # found when it first goes on: most never do
        self.record = record_of(self._parts)

    @property
    def ready(self) -> bool:
        """Whether it has gone on before: the first time costs some third of a fold."""
        return self._shores is not None

    def further(self, new: Sequence[Statement]) -> Record:
        """The record of `new` too: equal to that of a fold of all the statements at once."""
        if self._shores is None:
            self._shores = _Shores(self._parts)
        self.statements += new
        self._shores.reach(new)
        self.record = record_of(self._parts)
        return self.record


class _Shores:
    """The islands of a fold, with what else of each statement shows in others' entries.

    `negatives` by who says so; `names` by result, then by the report that names it; `drafts` by
    who says that they were made by software.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._ruled = ruled_keys(parts.rulings)
        self._wrong = marks(parts.rulings)
        self._sides = sides(parts.rulings)
        self._negatives = {one.said.id_key: one for one in parts.negatives}
        self._names: dict[Key, dict[Key, str]] = {}
        self._drafts: dict[Key, Sequence[Key]] = {}
        self._islands = Islands()
        for way, each in parts.by_way.items():
            for told in each:
                self._islands.add(way, told, ties(told, way, self._ruled))
        for told in parts.done.current.values():
            if told.measure is not None:  # names nothing, and no software made it
                continue
            for member in members_of(told.body):
                named = self._names.setdefault(address(told, member.reference), {})
                named[told.key] = told.said.words
            if parts.drafts and (drafts := drafted_by(told)):
                self._drafts[told.key] = tuple(drafts)
        self._bodies = bodies_by_address(parts.statements)
        self._patients = {
            key: one for key, one in parts.done.current.items() if one.said.kind == "Patient"
        }
        self._prepared: dict[Key, Any] = {}
        self._entries = list(parts.entries)
        self._order = [newest_entry_first(entry) for entry in self._entries]
        for entry in self._entries:
            for island in self._islands.at(entry.said_by[0].id_key):
                island.entries.append(entry)

    def reach(self, new: Sequence[Statement]) -> None:
        """Fold `new`, which the parts' statements have already, into the parts."""
        parts = self._parts
        told = [read(one) for one in new]
        parts.done.parked += [one for one in told if isinstance(one, Unfolded)]
        heard = [one for one in told if isinstance(one, Told)]
        self._bodies.update(bodies_by_address(new))
        before = add_versions(parts.done, heard, self._bodies)
        touched: set[Island] = set()
        for key, old in before.items():
            now = parts.done.current.get(key)
            if old is not None:
                touched |= self._without(old)
            if now is not None:
                touched |= self._with(now)
            touched.update(self._islands.at(*looked_up_by(key)))
            self._prepared.pop(key, None)
        kinds = {kind for _, kind, _ in before}
        if looked_up := "Medication" in kinds:
            self._prepared.clear()
        self._remake(touched, anew=looked_up)
        if "Patient" in kinds:
            each = [one.said for one in self._patients.values()]
            parts.who = who([(s, self._bodies[s.patient, s.t, s.n]) for s in each])
        parts.negatives = list(self._negatives.values())
        seen = dict(parts.t)
        for one in new:
            seen[one.patient] = max(one.t, seen.get(one.patient, one.t))
        parts.t = dict(sorted(seen.items()))

    def _without(self, old: Told[Shape]) -> set[Island]:
        """The islands touched because `old` is no longer current."""
        key = old.key
        touched = set(self._islands.at(key))
        for island in touched:
            island.members.pop(key, None)
        self._negatives.pop(key, None)
        self._patients.pop(key, None)
        for member in members_of(old.body):
            named = address(old, member.reference)
            self._names.get(named, {}).pop(key, None)
            touched |= self._named(named)
        if self._drafts.pop(key, None):
            self._parts.drafts = set(chain.from_iterable(self._drafts.values()))
        return touched

    def _with(self, now: Told[Shape]) -> set[Island]:
        """The islands touched because `now` is current."""
        touched: set[Island] = set()
        for member in members_of(now.body):
            named = address(now, member.reference)
            self._names.setdefault(named, {})[now.key] = now.said.words
            touched |= self._named(named)
        if drafts := tuple(drafted_by(now)):
            self._drafts[now.key] = drafts
            self._parts.drafts = self._parts.drafts | set(drafts)
        if now.said.kind == "Patient":
            self._patients[now.key] = now
            return touched
        negative = negative_of(now)
        if negative is not None and counts(now, self._wrong):
            self._negatives[now.key] = negative
        else:
            way = way_of(now)
            touched.add(self._islands.add(way, now, ties(now, way, self._ruled)))
        return touched

    def _named(self, key: Key) -> set[Island]:
        """Say what names a result; the islands it is in."""
        if words := self._names.get(key):
            self._parts.panels[key] = min(words.values())
        else:
            self._parts.panels.pop(key, None)
        return set(self._islands.at(key))

    def _remake(self, touched: set[Island], *, anew: bool) -> None:
        """The entries of the islands, made again where their statements are not the same."""
        parts = self._parts
        around = Around(
            parts.done.current,
            parts.done.earlier,
            parts.panels,
            parts.policy,
            self._prepared,
            self._sides,
        )
        for island in {self._islands.home(one) for one in touched}:
            before = {id(entry): entry for entry in island.entries}
            for entry in island.fold(around, parts.rulings, anew=anew):
                if before.pop(id(entry), None) is None:
                    at = newest_entry_first(entry)
                    place = bisect_left(self._order, at)
                    self._order.insert(place, at)
                    self._entries.insert(place, entry)
            for entry in before.values():
                place = bisect_left(self._order, newest_entry_first(entry))
                while self._entries[place] is not entry:
                    place += 1
                del self._order[place], self._entries[place]
        parts.entries = self._entries

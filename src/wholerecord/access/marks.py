"""What of a record rules withhold: labels, kinds, sources and single items, told apart."""

from dataclasses import dataclass
from functools import lru_cache

from wholerecord.fold import Entry, Negative, Said, Unfolded

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is withheld, by what it is withheld for (see `consent.Rule.withholds`).

    >>> sorted(marks_of(frozenset({"sealed", "source:gp"})).sources)
    ['gp']
    """

    labels: frozenset[str] = _NONE
    kinds: frozenset[str] = _NONE
    sources: frozenset[str] = _NONE
    items: frozenset[str] = _NONE

    @property
    def only_labels(self) -> bool:
        """Whether nothing is withheld but by label."""
        return not (self.kinds or self.sources or self.items)

    def withholds(self, one: Entry | Negative | Unfolded) -> bool:
        """Whether all that says this is withheld. What a source said is withheld by itself."""
        if not self.labels.isdisjoint(one.labels):
            return True
        if isinstance(one, Entry):
            return one.kind.value in self.kinds or self._names(*one.said_by)
        if isinstance(one, Negative):
            return one.kind.value in self.kinds or self._names(one.said)
        # Of what is in no entry nobody can tell the kind.
        return bool(self.kinds) or self._names(one.said)

    def silence(self, entry: Entry) -> bool:
        """Whether every source that says the entry is withheld, so that nobody says it."""
        return bool(self.sources) and all(said.source in self.sources for said in entry.said_by)

    def _names(self, *said: Said) -> bool:
        return bool(self.items) and any(item_of(one) in self.items for one in said)


def item_of(said: Said) -> str:
    """What a rule about an item calls a statement that says it: `patient/type/id`."""
    return f"{said.patient}/{said.kind}/{said.id}"


@lru_cache(maxsize=1024)
def marks_of(withheld: frozenset[str]) -> Marks:
    """What a verdict withholds, told apart."""
    named: dict[str, set[str]] = {"kind": set(), "source": set(), "item": set()}
    labels: set[str] = set()
    for each in withheld:
        word, _, which = each.partition(":")
        named.get(word, labels).add(which if word in named else each)
    return Marks(
        labels=frozenset(labels),
        kinds=frozenset(named["kind"]),
        sources=frozenset(named["source"]),
        items=frozenset(named["item"]),
    )

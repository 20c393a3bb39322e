"""The room where a person decides who sees their record, told beforehand what that changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.deed import Deed, EndPreference, Prefer
from wholerecord.access.explaining import decide_for_oneself
from wholerecord.access.marks import item_of
from wholerecord.access.opening import Ask, DecideAccess, Facts, Refused, Verdict
from wholerecord.access.room import Look, Room
from wholerecord.access.shielding import is_shield
from wholerecord.access.suppose import Change, suppose
from wholerecord.consent import Preference, Purpose, Rule, View
from wholerecord.consent.rule import name_of
from wholerecord.consent.stated import in_words_of, stated
from wholerecord.consent.wish import Act, What, Wish, in_words, rules_of
from wholerecord.errors import NotFound
from wholerecord.fold import Entry
from wholerecord.intake import Feed
from wholerecord.record import PersonId

#: Names on a page to choose from.
_MOST_AUTHORS = 50
_NO_SUCH = "There is no such decision of yours that holds."
_NOT_THERE = "that is not in your record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person decided, the newest first, and what there is to decide about.

    `authors` are the names of who wrote most of it, each as the record has it.
    """

    preferences: tuple[Preference, ...]
    feeds: tuple[Feed, ...]
    kinds: frozenset[str]
    labels: frozenset[str]
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What a wish would change, before anything is. `entries` is how many there are in all."""

    wish: Wish
    words: str
    entries: int
    changes: tuple[Change, ...]


class PreferenceRoom(Room):
    """The room of the person themselves; a clerk writes down for them what only narrows."""

    async def decided(self, person: PersonId) -> Decided | Refused:
        """What the person decided so far; or why not."""
        look = await self._own(person, "choices")
        if isinstance(look, Refused):
            return look
        feeds, _ = await self._way.surroundings.of(look.members)
        return Decided(
            preferences=await self._mine_of(person),
            feeds=feeds,
            kinds=frozenset(entry.kind.value for entry in look.shown.entries),
            labels=frozenset(label for entry in look.shown.entries for label in entry.labels),
            authors=_authors(look.shown.entries),
        )

    async def wish_of_entry(self, person: PersonId, key: str) -> tuple[Entry, Wish] | Refused:
        """The entry of one's own record with that key, and a wish to hide it, to be completed.

        Raises:
            NotFound: there is no such entry.
        """
        look = await self._own(person, key)
        if isinstance(look, Refused):
            return look
        entry = next((one for one in look.shown.entries if one.key == key), None)
        if entry is None:
            raise NotFound("No entry you may see has that key.")
        return entry, Wish(act=Act.HIDE, what=What.ITEM, which=_items(entry))

    async def consider(self, person: PersonId, wish: Wish) -> Considered | Refused:
        """Who would see more or less, were the wish so. Nothing is changed.

        Raises:
            Incorrect: it cannot be wished, and why.
        """
        rules = rules_of(wish, person)
        look = await self._own(person, "choices considered")
        if isinstance(look, Refused):
            return look
        return Considered(
            wish=wish,
            words=in_words(wish),
            entries=len(look.shown.entries),
            changes=suppose(person, look.facts, look.shown.entries, add=rules),
        )

    async def prefer(self, person: PersonId, wish: Wish) -> Refused | None:
        """Make it so, from now on and everywhere. None when it is kept.

        Raises:
            Incorrect: it cannot be wished, and why.
        """
        rules = rules_of(wish, person)

        def decide_and_object(ask: Ask, facts: Facts) -> Verdict:
            verdict = decide_for_oneself(ask, facts)
            if verdict.allowed and not _there(wish, facts):
                return Verdict(allowed=False, rule=verdict.rule, reason=_NOT_THERE)
            return verdict

        ask = self._asking(person, Purpose.OWN_RECORD, View.RULES, part=wish.act.value)
        deed = Prefer(person=person, rules=rules, words=in_words(wish))
        return await self._decide(ask, decide_and_object, deed)

    async def state(
        self, person: PersonId, rules: Sequence[Rule], *, instead: int = 0
    ) -> Preference | Refused:
        """Keep what a person decided in rules, from now on and everywhere; or why not.

        By the person themselves, or by somebody who may write it down for them, who can only
        narrow. With `instead` it takes the place of what was decided before, in one commit.

        Raises:
            Incorrect: it is not theirs to decide, and which part.
            NotFound: there is none of the number `instead` that holds.
        """
        mine = self.actor.person is not None and self.actor.person == person
        kept = stated(rules, by_clerk=not mine)
        if instead and (not mine or all(one.n != instead for one in await self._mine_of(person))):
            raise NotFound(_NO_SUCH)

        def decide_and_object(ask: Ask, facts: Facts) -> Verdict:
            verdict = decide_for_oneself(ask, facts)
            if verdict.allowed and not _names_only_theirs(kept, facts):
                return Verdict(allowed=False, rule=verdict.rule, reason=_NOT_THERE)
            return verdict

        purpose = Purpose.OWN_RECORD if mine else Purpose.ADMINISTRATION
        ask = self._asking(person, purpose, View.RULES, part="consent")
        deed = Prefer(person=person, rules=kept, words=in_words_of(kept), instead=instead)
        done = await self._store.act(ask, decide_and_object, deed)
        if not isinstance(done.outcome, Preference):
            return Refused(reason=done.verdict.reason, opening=done.opening)
        return done.outcome

    async def end_preference(self, person: PersonId, n: int) -> Refused | None:
        """Take back what one decided. None when it is done.

        Raises:
            NotFound: there is none of that number that holds.
        """
        if all(one.n != n for one in await self._mine_of(person)):
            n = 0  # of whose end there is to be nothing to learn
        ask = self._asking(person, Purpose.OWN_RECORD, View.RULES, part=f"end {n}")
        deed = EndPreference(person=person, n=n)
        return await self._decide(ask, decide_for_oneself, deed)

    async def _mine_of(self, person: PersonId) -> tuple[Preference, ...]:
        """What the person decided, without what is shielded from them."""
        found = await self._store.preferences_of(person)
        return tuple(one for one in found if not is_shield(one))

    async def _decide(self, ask: Ask, decide: DecideAccess, deed: Deed) -> Refused | None:
        done = await self._store.act(ask, decide, deed)
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def _own(self, person: PersonId, part: str) -> Look | Refused:
        """A look at one's own record, by the person themselves alone."""
        ask = self._asking(person, Purpose.OWN_RECORD, View.RULES, part=part)
        opening, _, verdict = await self._store.open(ask, decide_for_oneself)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        return await self._look(self._asking(person, Purpose.OWN_RECORD, View.RECORD, part=part))


def _authors(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Who wrote most, by name; of names that compare alike, one."""
    wrote: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for said in (said for entry in entries for said in entry.said_by if said.by):
        for name in filter(None, map(str.strip, said.by.split(";"))):
            wrote[name_of(name)] += 1
            spelt.setdefault(name_of(name), name)
    return tuple(sorted(spelt[name] for name, _ in wrote.most_common(_MOST_AUTHORS)))


def _items(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(item_of, entry.said_by)))


def _names_only_theirs(rules: Sequence[Rule], facts: Facts) -> bool:
    """Whether the items and sources that rules name are of the person's own patients."""
    patients = {str(member.patient) for member in facts.members}
    sources = {member.source for member in facts.members}
    return all(
        (rule.item is None or rule.item.partition("/")[0] in patients)
        and (rule.source is None or rule.source in sources)
        for rule in rules
    )


def _there(wish: Wish, facts: Facts) -> bool:
    """Whether the items and sources that a wish names are of the person's own patients."""
    match wish.what:
        case What.ITEM:
            patients = {str(member.patient) for member in facts.members}
            return all(item.partition("/")[0] in patients for item in wish.which)
        case What.SOURCE:
            return {member.source for member in facts.members} >= {*wish.which}
        case _:
            return True

"""Any life of merges, unmerges, joins and splits: nobody in two places, nothing lost, undone whole.

On the reference store; `tests/conformance/test_merging.py` holds every store to the same.
"""

import asyncio
import os

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conformance.given import decide, keep, patient, prepare, sources
from wholerecord.errors import Conflict, NotFound
from wholerecord.fold import fold
from wholerecord.fold.compare import digest
from wholerecord.people import Act
from wholerecord.record import PatientId, PersonId
from wholerecord.storage import memory
from wholerecord.storage.linking import MOVES

NUMBERS = st.sampled_from("ABCDE")


class Merging(RuleBasedStateMachine):
    """One source that merges and parts its five patients, and people who decide about them."""

    def __init__(self) -> None:
        super().__init__()
        self.store = memory.Store()
        self.runner = asyncio.Runner()
        self.filed = 0
        self.messages = 0

    def teardown(self) -> None:
        self.runner.close()

    @initialize()
    def begin(self) -> None:
        self.runner.run(sources(self.store, "gp"))
        for number in "ABCDE":
            self.say([number, f"Family{number}", "", 2])
            self.filed += 2

    def say(self, *lines: list[object]) -> None:
        self.messages += 1  # a message is like no other: the same bytes are kept once

        async def said() -> None:
            await keep(self.store, "gp", *lines, ["message", self.messages])
            while await self.store.file_waiting(prepare):
                pass
            while await self.store.link_waiting(decide, limit=3, model="test"):
                pass

        self.runner.run(said())

    def person(self, number: str) -> PersonId:
        found = self.runner.run(self.store.person_of(patient("gp", number)))
        assert found is not None
        return found

    def records(self) -> dict[PersonId, str]:
        async def all_() -> dict[PersonId, str]:
            return {
                each: digest(
                    fold(
                        await self.store.statements(
                            {m.patient: m.t for m in await self.store.members(each)}
                        )
                    )
                )
                for each in await self.store.people()
            }

        return self.runner.run(all_())

    @rule(pairs=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3))
    def merge(self, pairs: list[tuple[str, str]]) -> None:
        self.say(*(["merge", *pair] for pair in pairs))

    @rule(kept=NUMBERS, retired=NUMBERS)
    def unmerge(self, kept: str, retired: str) -> None:
        self.say(["unmerge", kept, retired])

    @rule(kept=NUMBERS, retired=NUMBERS)
    def merge_and_take_back(self, kept: str, retired: str) -> None:
        before = self.records()
        moved = self.person(kept) != self.person(retired)
        self.say(["merge", kept, retired])
        if moved and self.person(kept) == self.person(retired):
            self.say(["unmerge", kept, retired])
            if not self.decided_by_hand() & self.named_with(kept):
                assert self.records() == before

    def decided_by_hand(self) -> set[PatientId]:
        """Of whom a professional decided something: the source's word is then not the last."""
        return {event.patient for event in self.store._tables.events if event.by == "dr"}

    def named_with(self, number: str) -> set[PatientId]:
        """Whom the source ever named in a merge with the patient, one through another."""
        found = [patient("gp", number)]
        for each in found:  # it grows on the way
            pairs = (pair for pair in self.store._tables.merged.pairs if each in pair)
            found += sorted(set().union(*pairs) - {*found})
        return {*found}

    @rule(number=NUMBERS)
    def file(self, number: str) -> None:
        self.say([number, f"Family{number}", "", 1])
        self.filed += 1

    @rule(number=NUMBERS, other=NUMBERS, verb=st.sampled_from(["join", "veto", "unsure"]))
    def decide(self, number: str, other: str, verb: str) -> None:
        verbs = {
            "join": self.store.join,
            "veto": self.store.veto,
            "unsure": self.store.unsure,
        }
        done = self.runner.run(
            verbs[verb](patient("gp", number), self.person(other), by="dr", why="so")
        )
        if verb == "veto" and self.person(number) != self.person(other):
            self.runner.run(self.store.take_back(done.n, by="dr", why="not so"))

    @rule(number=NUMBERS)
    def unlink(self, number: str) -> None:
        self.runner.run(self.store.unlink(patient("gp", number), by="dr", why="so"))

    @rule(n=st.integers(0, 60))
    def take_back(self, n: int) -> None:
        try:
            self.runner.run(self.store.take_back(n, by="dr", why="so"))
        except (NotFound, Conflict):
            return

    @invariant()
    def everybody_is_somebody_once_and_nothing_is_lost(self) -> None:
        async def look() -> None:
            seen: list[int] = []
            said = 0
            for each in await self.store.people():
                members = await self.store.members(each)
                seen += [member.patient for member in members]
                said += len(await self.store.statements({m.patient: m.t for m in members}))
                moves = {
                    event.patient: event.person
                    for event in await self.store.events(each)
                    if event.act in MOVES
                }
                assert all(moves[member.patient] == each for member in members)
            assert len(seen) == len(set(seen)) == (5 if self.filed else 0)
            assert said == self.filed
            for review in await self.store.reviews():
                assert review.against == (review.patient_person == review.person)

        self.runner.run(look())

    @invariant()
    def a_rule_never_joins_what_somebody_found_to_be_two(self) -> None:
        apart: set[tuple[int, PersonId]] = set()
        for event in self.store._tables.events:
            pair = (event.patient, event.person)
            if event.act is Act.VETO:
                apart.add(pair)
            elif event.act in {Act.JOIN, Act.RETRACT}:
                apart.discard(pair)
            elif event.act in {Act.LINK, Act.MERGE}:
                assert pair not in apart


TestMerging = Merging.TestCase
TestMerging.settings = settings(
    max_examples=400 if os.environ.get("WHOLERECORD_SOAK") else 40,
    stateful_step_count=12,
    deadline=None,
)


class Story:
    """One source's merges as it said them, delivered one by one in an order of their own."""

    def __init__(self, said: list[tuple[str, str, str]]) -> None:
        self.lines = [
            [*each, f"2026-03-01T10:00:{second:02}+00:00"] for second, each in enumerate(said)
        ]

    def people(self, order: list[int]) -> set[frozenset[str]]:
        """Who is one person in the end."""
        store = memory.Store()

        async def told() -> set[frozenset[str]]:
            await sources(store, "gp")
            for number in "ABCD":
                await keep(store, "gp", [number, f"Family{number}", "", 1])
            for line in (None, *order):
                if line is not None:
                    await keep(store, "gp", self.lines[line])
                while await store.file_waiting(prepare):
                    pass
                while await store.link_waiting(decide, model="test"):
                    pass
            together: dict[PersonId | None, set[str]] = {}
            for number in "ABCD":
                who = await store.person_of(patient("gp", number))
                together.setdefault(who, set()).add(number)
            return set(map(frozenset, together.values()))

        return asyncio.run(told())


@settings(max_examples=2000 if os.environ.get("WHOLERECORD_SOAK") else 150, deadline=None)
@given(data=st.data())
def test_any_order_of_merges_and_unmerges_ends_in_the_same_people(data: st.DataObject) -> None:
    verbs = st.sampled_from(["merge", "merge", "unmerge"])
    numbers = st.sampled_from("ABCD")
    said = data.draw(st.lists(st.tuples(verbs, numbers, numbers), min_size=2, max_size=6))
    order = data.draw(st.permutations(range(len(said))))
    story = Story(said)
    assert story.people(order) == story.people(list(range(len(said))))

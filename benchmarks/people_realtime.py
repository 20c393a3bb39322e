"""How often real time joins two people by itself: `python -m benchmarks.people_realtime [records]`.

Every record of the reporting region comes one after another and is decided as the register decides:
the same blocking keys, crowds left out, whole persons as candidates, `people.decide`. In memory, so
that nothing is measured but the rules. The baseline, in the same run, joins by the NHS number as it
is written, else by name, date of birth and postcode letter by letter.
"""

import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time

from benchmarks.machine import machine, spread
from benchmarks.people_region import REPORTING, write
from wholerecord.people import Candidate, Demographics, Outcome
from wholerecord.people.blocking import CROWD, keys, linking_keys
from wholerecord.people.bridge import bridge
from wholerecord.people.decide import decide
from wholerecord.people.rows import from_row
from wholerecord.people.weigh import MODEL
from wholerecord.record import PatientId, PersonId

Row = dict[str, str]


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "region.csv"
        write(file, records, REPORTING)
        with file.open(newline="", encoding="utf-8") as opened:
            rows = list(csv.DictReader(opened))
    print(f"model {MODEL}, {records:,} records, seed {REPORTING}")
    for without in (False, True):
        said = [{**row, "nhs_number": "", "nhs_status": ""} for row in rows] if without else rows
        print(f"\n-- {'no NHS numbers at all' if without else 'NHS numbers as they come'}")
        _report(said)
        _judged("baseline, letter by letter", said, _exactly(said))


def _report(rows: Sequence[Row]) -> None:
    register = Linked()
    seconds: list[float] = []
    for n, row in enumerate(rows):
        started = thread_time()
        register.come(PatientId(n), from_row(row))
        seconds.append(thread_time() - started)
    print(
        f"read, block, decide (processor time): {spread(seconds[len(seconds) // 2 :], 1000, 'ms')}"
    )
    print("outcomes: " + ", ".join(f"{name} {n:,}" for name, n in register.outcomes.most_common()))
    print(f"persons found to be one by who came later: {register.bridges:,}")
    _judged("real time", rows, [register.person[PatientId(n)] for n in range(len(rows))])
    asked = len(register.open())
    print(f"questions for people: {asked:,}, {asked / len(rows):.2%} of the records")
    _lost(rows, register)


@dataclass(slots=True)
class Linked:
    """The register, in memory."""

    person: dict[PatientId, PersonId] = field(default_factory=dict[PatientId, PersonId])
    said: dict[PatientId, Demographics] = field(default_factory=dict[PatientId, Demographics])
    members: defaultdict[PersonId, list[PatientId]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_key: defaultdict[int, list[PatientId]] = field(default_factory=lambda: defaultdict(list))
    bridges: int = 0
    outcomes: Counter[str] = field(default_factory=Counter[str])
    asked: list[tuple[PatientId, PersonId]] = field(
        default_factory=list[tuple[PatientId, PersonId]]
    )

    def come(self, patient: PatientId, said: Demographics) -> None:
        """Decide about a newcomer, and know them from now on."""
        decision = decide(said, list(self._candidates(said)))
        self.outcomes[decision.outcome.value] += 1
        self.asked += [(patient, each.person) for each in decision.possible]
        person = decision.person
        if decision.outcome is not Outcome.CERTAIN or person is None:
            person = PersonId(str(patient))
        self.person[patient], self.said[patient] = person, said
        self.members[person].append(patient)
        for key in keys(said):
            self.by_key[key].append(patient)
        for other in decision.also:
            self._bridge(patient, other)

    def _bridge(self, patient: PatientId, other: PatientId) -> None:
        """Make one person of two, where the rules may."""
        two = {self.person[patient], self.person[other]}
        members = [candidate for person in two for candidate in self._members(person)]
        if found := bridge(patient, other, members, apart=(), own=()):
            self.members[found.person] += self.members.pop(found.left)
            self.person |= dict.fromkeys(found.moves, found.person)
            self.bridges += 1

    def open(self) -> set[tuple[PatientId, PersonId]]:
        """What people are asked, each once, but where the two have become one since."""
        now = ((who, self.person[PatientId(int(person))]) for who, person in self.asked)
        return {(who, person) for who, person in now if self.person[who] != person}

    def sharing(self, said: Demographics) -> set[PatientId]:
        """Who shares a key that is no crowd's."""
        alike = (self.by_key.get(key, ()) for key in linking_keys(said))
        return {who for each in alike if len(each) <= CROWD for who in each}

    def _candidates(self, said: Demographics) -> Iterator[Candidate]:
        for person in {self.person[who] for who in self.sharing(said)}:
            yield from self._members(person)

    def _members(self, person: PersonId) -> Iterator[Candidate]:
        for who in self.members[person]:
            yield Candidate(patient=who, person=person, demographics=self.said[who])


def _judged(what: str, rows: Sequence[Row], persons: Sequence[str]) -> None:
    """Joins that brought two people together, and the share of true pairs found."""
    truth = [row["person"] for row in rows]
    first: dict[str, str] = {}
    joins = wrong = 0
    for person, who in zip(persons, truth, strict=True):
        if person in first:
            joins += 1
            wrong += who != first[person]
        first.setdefault(person, who)
    together = _pairs(Counter(zip(persons, truth, strict=True)).values())
    made, true = _pairs(Counter(persons).values()), _pairs(Counter(truth).values())
    print(
        f"{what}: {joins:,} automatic joins, {wrong:,} of them false, {wrong / joins:.3%}; pairs: "
        f"recall {together / true:.4f} at precision {together / made:.5f}"
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _exactly(rows: Sequence[Row]) -> list[str]:
    """Joined to the first who had the same number, else the same letters."""
    known: dict[tuple[str, ...], str] = {}
    persons: list[str] = []
    for row in rows:
        letters = tuple(row[name] for name in ("family", "given", "born", "postcode"))
        said = [key for key in ((row["nhs_number"],), letters) if all(key)]
        person = next((known[key] for key in said if key in known), row["id"])
        for key in said:
            known.setdefault(key, person)
        persons.append(person)
    return persons


def _lost(rows: Sequence[Row], register: Linked) -> None:
    """Of the pairs that are one person, those no key brings together."""
    truly: defaultdict[str, list[PatientId]] = defaultdict(list)
    for n, row in enumerate(rows):
        truly[row["person"]].append(PatientId(n))
    true = lost = 0
    for patients in truly.values():
        near = {one: register.sharing(register.said[one]) for one in patients}
        for one in patients:
            for other in patients:
                if one < other:
                    true += 1
                    lost += other not in near[one] and one not in near[other]
    print(f"recall lost in blocking: {lost / true:.4f} of {true:,} true pairs")


if __name__ == "__main__":
    main()

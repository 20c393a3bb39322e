"""Nothing is lost: the sum that must hold every night, and how it is counted.

What was received = what is shown + restricted + superseded + parked. Counted from the store and
from the folds; the counters that filing keeps of itself are only what the count is held against,
by day and source, so that one lost row says where it was lost.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from wholerecord.access.store import Store
from wholerecord.consent import Purpose, Rule
from wholerecord.fold import Record, Said, fold
from wholerecord.intake.ledger import Day, days
from wholerecord.people import Act
from wholerecord.record import PatientId, Statement

_MOVES = frozenset({Act.LINK, Act.MERGE, Act.JOIN, Act.UNLINK, Act.UNMERGE})
Address = tuple[PatientId, int, int]


@dataclass(slots=True, kw_only=True)
class Reckoning:
    """The sums. Messages: kept = filed whole + with something parked + waiting.

    Statements: received = shown + restricted + superseded + parked + directory + unlinked.
    `directory` statements are about no patient (a source's wards and staff); `unlinked` are about
    patients whose person is not decided yet. `days` are both books of the ledger by day and source,
    and `told` counts statements by source, day and place (`shown`, `restricted`, …). `wrong` says,
    in words, each thing that does not hold.
    """

    kept: int = 0
    filed: int = 0
    parked_messages: int = 0
    waiting: int = 0
    people: int = 0
    patients: int = 0
    received: int = 0
    shown: int = 0
    restricted: int = 0
    superseded: int = 0
    parked: int = 0
    directory: int = 0
    unlinked: int = 0
    days: tuple[Day, ...] = ()
    told: Counter[tuple[str, date, str]] = field(default_factory=Counter[tuple[str, date, str]])
    wrong: list[str]

    @property
    def accounted(self) -> int:
        """Statements found somewhere."""
        return (
            self.shown
            + self.restricted
            + self.superseded
            + self.parked
            + self.directory
            + self.unlinked
        )


def day_rows(found: Reckoning) -> list[dict[str, Any]]:
    """The ledger by day and source, each with its two sums in full.

    Messages: received = filed + again + parked + waiting. Statements: shown + restricted +
    superseded + unread (parked by the fold) + elsewhere (about no patient, or nobody yet).
    """
    rows: list[dict[str, Any]] = []
    for day in found.days:
        told = {
            place: found.told[day.source, day.day, place]
            for place in ("shown", "restricted", "superseded", "parked")
        }
        rows.append(
            {
                "day": day.day.isoformat(),
                "source": day.source,
                "received": day.received,
                "filed": day.filed,
                "again": day.again,
                "parked": day.faulty,
                "waiting": day.counted.waiting,
                "statements": day.counted.statements,
                "shown": told["shown"],
                "restricted": told["restricted"],
                "superseded": told["superseded"],
                "unread": told["parked"],
                "elsewhere": day.counted.statements - sum(told.values()),
                "wrong": list(day.wrong),
            }
        )
    return rows


async def reckon(store: Store) -> Reckoning:
    """Count everything. Reads every record; takes as long as folding them all."""
    counts = await store.received()
    total = Reckoning(
        kept=counts.messages,
        filed=counts.messages - counts.waiting - counts.faulty,
        parked_messages=counts.faulty,
        waiting=counts.waiting,
        received=counts.said,
        directory=counts.directory,
        unlinked=counts.unlinked,
        wrong=[],
    )
    sealed = _sealing(tuple(await store.rules()))
    total.days = days(await store.hours(), await store.counted())
    for day in total.days:
        total.wrong += day.wrong
    policy = await store.policy()
    for person in await store.people():
        members = await store.members(person)
        seen = {member.patient: member.t for member in members}
        statements = await store.statements(seen)
        rulings = await store.rulings(list(seen))
        record = fold(statements, rulings, policy)
        _add(total, record, statements, sealed)
        total.people += 1
        total.patients += len(members)
        moves = {e.patient: e.person for e in await store.events(person) if e.act in _MOVES}
        if any(moves.get(member.patient) != person for member in members):
            total.wrong.append(f"person {person}: the link events do not say what the links say")
    if total.filed < 0:
        total.wrong.append("messages kept are not all filed, parked or waiting")
    if counts.said != counts.statements:
        total.wrong.append(
            f"filing reported {counts.said} statements and {counts.statements} are there"
        )
    if total.received != total.accounted:
        total.wrong.append(
            f"statements received ({total.received}) are not all accounted for ({total.accounted})"
        )
    return total


def _add(
    total: Reckoning, record: Record, statements: Sequence[Statement], sealed: frozenset[str]
) -> None:
    """Add one record's sum, checking that each statement is in it, in one place."""
    addresses = {(one.patient, one.t, one.n) for one in statements}
    shown: set[Address] = set()
    restricted: set[Address] = set()
    for entry in record.entries:
        place = restricted if entry.labels & sealed else shown
        place.update((said.patient, said.t, said.n) for said in entry.said_by)
    for said in (*(n.said for n in record.negatives), *_who(record)):
        shown.add((said.patient, said.t, said.n))
    superseded = {(u.said.patient, u.said.t, u.said.n) for u in record.superseded}
    parked = {(u.said.patient, u.said.t, u.said.n) for u in record.parked}
    restricted -= shown
    total.shown += len(shown)
    total.restricted += len(restricted)
    total.superseded += len(superseded)
    total.parked += len(parked)
    places = {"shown": shown, "restricted": restricted, "superseded": superseded, "parked": parked}
    place_of = {address: name for name, found in places.items() for address in found}
    total.told.update(
        (one.source, one.received.astimezone(UTC).date(), place)
        for one in statements
        if (place := place_of.get((one.patient, one.t, one.n)))
    )
    if shown | restricted | superseded | parked != addresses:
        total.wrong.append("a record does not hold exactly the statements it was folded from")
    if (shown | restricted) & (superseded | parked) or superseded & parked:
        total.wrong.append("a statement is in two places of one record")


def _who(record: Record) -> list[Said]:
    return [said for said, _ in record.who.said_by] if record.who else []


def _sealing(rules: tuple[Rule, ...]) -> frozenset[str]:
    """The labels that the general rules withhold from direct care."""
    return frozenset(
        rule.label
        for rule in rules
        if rule.label
        and rule.period is None
        and not rule.allow
        and rule.purpose is Purpose.DIRECT_CARE
    )

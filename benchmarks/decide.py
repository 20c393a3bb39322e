"""One decision among many rules: `python -m benchmarks.decide`.

A doctor opens a record while so many general rules are in force, of other organisations, roles,
people and apps, and thirty of the person's own; and one whose organisation no source of the person
is of, without a relationship and with one of six that statements make. The baseline is the same
decision among the same rules as a plain list, which reads each of them; the verdicts are compared.
Microseconds are those of the processor.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.machine import machine
from wholerecord.access import Actor
from wholerecord.access.decide import decide
from wholerecord.access.opening import Ask, Facts
from wholerecord.access.tie import Ground, Tie
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.consent.book import Book, Shelf
from wholerecord.record import PersonId

_RUNS = 9
_GOAL = 20.0
_PERSON = PersonId("a" * 32)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)


def general(count: int) -> list[Rule]:
    """The standing rules, and others up to `count`: half of organisations, half of somebody."""
    standing = standing_rules()
    more = (
        Rule(
            allow=n % 2 == 0,
            purpose=list(Purpose)[n % len(Purpose)],
            role=list(Role)[n % len(Role)],
            view=list(View)[n % len(View)],
            organisation=f"R{n // 8:05}" if n & 4 else None,
            actor=None if n & 4 else f"staff-{n}",
            reason="another's",
        )
        for n in range(max(count - len(standing), 0))
    )
    return [replace(rule, n=n) for n, rule in enumerate((*standing, *more), 1)]


def own(count: int) -> list[Rule]:
    """What the person decided: single entries hidden from everybody."""
    return [
        Rule(
            n=1_000_000 + n,
            allow=False,
            purpose=Purpose.DIRECT_CARE if n % 2 else Purpose.EMERGENCY,
            person=_PERSON,
            item=f"1/Condition/{n}",
            reason="hidden",
        )
        for n in range(count)
    ]


def microseconds(ask: Ask, facts: Facts, times: int) -> list[float]:
    """What one decision takes, several times."""
    decide(ask, facts)
    took: list[float] = []
    for _ in range(_RUNS):
        began = time.process_time()
        for _ in range(times):
            decide(ask, facts)
        took.append((time.process_time() - began) / times * 1e6)
    return took


def stranger(ties: int) -> tuple[Ask, tuple[Tie, ...]]:
    """Who asks to care for them, and so many relationships, of which the last is theirs."""
    who = Actor(id="d", name="D", role=Role.DOCTOR, organisation=f"R{ties - 1}")
    began = _NOW - timedelta(days=1)
    made = (Tie(organisation=f"R{n}", ground=Ground.TEAM, since=began) for n in range(ties))
    return Ask(actor=who, person=_PERSON, purpose=Purpose.DIRECT_CARE, view=View.RECORD), (*made,)


def main() -> None:
    """Measure and print."""
    print(machine())
    who = Actor(id="d", name="D", role=Role.DOCTOR, organisation="RXA")
    known = Ask(actor=who, person=_PERSON, purpose=Purpose.EMERGENCY, view=View.RECORD, given="x")
    asked = [
        *((count, 0, (known, ())) for count in (len(standing_rules()), 1000, 10_000)),
        *((10_000, 30, each) for each in ((known, ()), stranger(0), stranger(6))),
    ]
    for count, theirs, (ask, ties) in asked:
        rules, decided = general(count), own(theirs)
        began = time.perf_counter()
        shelf = Shelf(rules)
        laid = time.perf_counter() - began
        plain = Facts(members=(), rules=(*rules, *decided), rulings=0, now=_NOW, ties=ties)
        book = replace(plain, rules=Book(shelf, tuple(decided)))
        assert decide(ask, book) == decide(ask, plain)  # noqa: S101
        found, naive = microseconds(ask, book, 500), microseconds(ask, plain, 20)
        print(
            f"{count:>6} rules and {theirs} of the person's own, {ask.purpose.value}, "
            f"{len(ties)} relationships: {min(found):.1f} µs a decision "
            f"(goal {_GOAL:.0f}), {min(naive) / min(found):.0f} times as fast as reading all "
            f"({min(naive):.0f} µs); laid out once in {laid * 1000:.1f} ms; "
            f"raw {[round(one, 1) for one in found]}"
        )


if __name__ == "__main__":
    main()

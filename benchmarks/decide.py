"""One decision among many rules: `python -m benchmarks.decide`.

A doctor opens a record while so many general rules are in force, of other organisations, roles,
people and apps, and thirty of the person's own. The baseline is the same decision among the same
rules as a plain list, which reads each of them; the verdicts are compared.
"""

import time
from dataclasses import replace

from benchmarks.machine import machine
from wholerecord.access import Actor
from wholerecord.access.decide import decide
from wholerecord.access.opening import Ask, Facts
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.consent.book import Book, Shelf
from wholerecord.record import PersonId

_RUNS = 9
_GOAL = 20.0
_PERSON = PersonId("a" * 32)


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
        began = time.perf_counter()
        for _ in range(times):
            decide(ask, facts)
        took.append((time.perf_counter() - began) / times * 1e6)
    return took


def main() -> None:
    """Measure and print."""
    print(machine())
    who = Actor(id="d", name="D", role=Role.DOCTOR, organisation="RXA")
    ask = Ask(actor=who, person=_PERSON, purpose=Purpose.EMERGENCY, view=View.RECORD, given="x")
    for count, theirs in ((len(standing_rules()), 0), (1000, 0), (10_000, 0), (10_000, 30)):
        rules, decided = general(count), own(theirs)
        began = time.perf_counter()
        shelf = Shelf(rules)
        laid = time.perf_counter() - began
        plain = Facts(members=(), rules=(*rules, *decided), rulings=0, now=None)  # pyright: ignore[reportArgumentType] - no rule here has a time
        book = replace(plain, rules=Book(shelf, tuple(decided)))
        assert decide(ask, book) == decide(ask, plain)  # noqa: S101
        found, naive = microseconds(ask, book, 500), microseconds(ask, plain, 20)
        print(
            f"{count:>6} rules and {theirs} of the person's own: {min(found):.1f} µs a decision "
            f"(goal {_GOAL:.0f}), {min(naive) / min(found):.0f} times as fast as reading all "
            f"({min(naive):.0f} µs); laid out once in {laid * 1000:.1f} ms; "
            f"raw {[round(one, 1) for one in found]}"
        )


if __name__ == "__main__":
    main()

"""One decision among many rules: `python -m benchmarks.decide`.

A doctor opens a record while so many rules of other organisations and roles are in force. The
baseline is the same decision among the standing rules alone.
"""

import time

from benchmarks.machine import machine
from wholerecord.access import Actor
from wholerecord.access.decide import decide
from wholerecord.access.opening import Ask, Facts
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.record import PersonId

_RUNS = 7


def facts(count: int) -> Facts:
    """The standing rules, and others up to `count`."""
    standing = standing_rules()
    more = tuple(
        Rule(
            n=n,
            allow=n % 2 == 0,
            purpose=list(Purpose)[n % len(Purpose)],
            role=list(Role)[n % len(Role)],
            view=list(View)[n % len(View)],
            organisation=f"R{n:05}",
            reason="another's",
        )
        for n in range(max(count - len(standing), 0))
    )
    return Facts(members=(), rules=standing + more, rulings=0, now=None)  # pyright: ignore[reportArgumentType] - no rule here has a time


def main() -> None:
    """Measure and print."""
    print(machine())
    who = Actor(id="d", name="D", role=Role.DOCTOR, organisation="RXA")
    ask = Ask(
        actor=who, person=PersonId("a" * 32), purpose=Purpose.EMERGENCY, view=View.RECORD, given="x"
    )
    base = 0.0
    for count in (len(standing_rules()), 1000, 10_000):
        these, times = facts(count), []
        decide(ask, these)
        for _ in range(_RUNS):
            began = time.perf_counter()
            for _ in range(50):
                decide(ask, these)
            times.append((time.perf_counter() - began) / 50 * 1e6)
        base = base or min(times)
        print(
            f"{count:>6} rules: {min(times):.1f} µs a decision, {min(times) / base:.1f} times the "
            f"standing rules'; raw {[round(one, 1) for one in times]}"
        )


if __name__ == "__main__":
    main()

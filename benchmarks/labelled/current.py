"""Prints how often "not known to be current" is right: `python -m benchmarks.labelled.current`.

Made-up lines of therapy that truly go on or truly ended, some of them with nobody saying so, as a
practice issues and a pharmacy hands out; beside the baseline that what is active is current. How
often each happens is assumed: no study of it was at hand.
"""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.labelled.region import REPORTING, TUNING
from benchmarks.labelled.telling import END, START, Telling, coded
from wholerecord.fold import Entry, Kind, fold
from wholerecord.fold.current import lapsed

LINES = 3000
DAY = timedelta(days=1)
#: Assumptions: ended by now, of these without a word; issued yearly as a repeat; the supply said.
ENDED, SILENT, REPEATED, SUPPLY_SAID, HANDED_OUT = 0.4, 0.4, 0.2, 0.5, 0.7
#: Days that an issue lasts.
ISSUES = (28, 28, 56, 84)


def line(seed: int, number: int) -> tuple[Entry, int]:
    """A line of therapy as folded, and for how many days it has truly been over: 0 it goes on."""
    telling = Telling(Random(f"current-{seed}-{number}"), number)
    draw = telling.draw
    thing = telling.thing("medicine")
    first = telling.day(START, END - 30 * DAY)
    last = telling.day(first, END) if draw.random() < ENDED else END
    silent = last < END and draw.random() < SILENT
    repeated, issue = draw.random() < REPEATED, draw.choice(ISSUES)
    day, step = first, 365 if repeated else issue
    while day <= last:
        going_on = day + step * DAY > last and (last == END or silent)
        body: dict[str, Any] = {
            "status": "active" if going_on else "stopped",
            "intent": "order",
            "authoredOn": str(day),
            "medicationCodeableConcept": coded("Ramipril 5mg capsules", snomed="108564000"),
        }
        request: dict[str, Any] = {"numberOfRepeatsAllowed": 12} if repeated else {}
        if draw.random() < SUPPLY_SAID:
            request["expectedSupplyDuration"] = {"value": issue, "code": "d"}
        told = telling.say(
            thing,
            "gp",
            "MedicationRequest",
            body | ({"dispenseRequest": request} if request else {}),
        )
        for n in range(0, step, issue):
            at = day + (n + draw.randint(0, 10)) * DAY
            if at <= last and draw.random() < HANDED_OUT:
                telling.say(
                    thing,
                    "pharmacy",
                    "MedicationDispense",
                    {
                        "status": "completed",
                        "whenHandedOver": str(at),
                        "medicationCodeableConcept": body["medicationCodeableConcept"],
                        "authorizingPrescription": [{"reference": f"MedicationRequest/{told}"}],
                    },
                )
        day += (step + draw.randint(-3, 14)) * DAY
    entries = fold(telling.statements).of(Kind.MEDICINE)
    newest = max(entries, key=lambda one: (one.status == "active", one.key))
    return newest, (END - last).days


def main() -> None:
    for name, seed in (("tuning", TUNING), ("reporting", REPORTING)):
        counts: Counter[str] = Counter()
        for number in range(LINES):
            entry, over = line(seed, number)
            if entry.status != "active":
                counts["said to have ended"] += 1
                continue
            marked = lapsed(entry, END)
            truth = "goes on" if not over else "over a year" if over > 365 else "over under a year"
            counts[f"{truth}, {'marked' if marked else 'shown as current'}"] += 1
        print(f"== {name} seed: {LINES} lines of therapy; the baseline marks none")
        for what, number in sorted(counts.items()):
            print(f"{what:36}{number:6}")


if __name__ == "__main__":
    main()

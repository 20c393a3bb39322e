"""Of many readings of one thing on one day in one message: one saying of the day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from wholerecord.intake.devices.by_day import MANY, Day, components
from wholerecord.intake.devices.kinds import is_summed
from wholerecord.intake.devices.person import Person
from wholerecord.intake.fhir.shape import Object, an_object, objects, text

#: (place, whose, resource)
Found = tuple[str, Person, Object]


def by_day(found: Iterable[Found]) -> Iterator[Found]:
    """What was found, with each series of more than `MANY` readings as one saying of its day."""
    series: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    alone: list[Found] = []
    for one in found:
        key = _key(one)
        (series[key] if key else alone).append(one)
    yield from alone
    for key, same in series.items():
        if len(same) > MANY:
            yield _summary(key, same)
        else:
            yield from same


def _key(found: Found) -> tuple[str, ...] | None:
    """What makes two readings one series; None for what is not a reading of one number."""
    _, person, said = found
    quantity = an_object(said.get("valueQuantity"))
    if "value" not in quantity or said.get("component"):
        return None
    code = an_object(said.get("code"))
    device = text(an_object(said.get("device")).get("display"))
    method = text(an_object(said.get("method")).get("text"))
    coded = next((text(one.get("code")) for one in objects(code.get("coding"))), "")
    words, unit = text(code.get("text")), text(quantity.get("code"))
    return (person.number, coded, words, unit, device, method, _start(said)[:10])


def _start(said: Object) -> str:
    period = an_object(said.get("effectivePeriod"))
    return text(said.get("effectiveDateTime")) or text(period.get("start"))


def _summary(key: tuple[str, ...], same: list[Found]) -> Found:
    day = Day()
    for _, _, said in same:
        start = _start(said)
        end = text(an_object(said.get("effectivePeriod")).get("end")) or start
        recorded = text(an_object(said.get("meta")).get("lastUpdated"))
        day.add(Decimal(said["valueQuantity"]["value"]), start, end, recorded)
    place, person, first = same[0]
    unit = {name: said for name, said in first["valueQuantity"].items() if name != "value"}
    kept = {name: first[name] for name in _KEPT if name in first}
    made: dict[str, Any] = {
        **kept,
        "id": sha256("|".join((*key, day.first)).encode()).hexdigest()[:32],
        "code": {**first["code"], "text": f"{first['code']['text']} (by day)"},
        "effectivePeriod": {"start": day.first, "end": day.last},
        "component": components(day, unit, summed=is_summed(key[1])),
        **({"meta": {"lastUpdated": day.recorded}} if day.recorded else {}),
    }
    return f"{place} to {same[-1][0]}", person, made


_KEPT = ("resourceType", "status", "category", "subject", "performer", "method", "device")

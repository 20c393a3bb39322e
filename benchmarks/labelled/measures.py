"""Results and observations: told by the laboratory, copied to practice and hospital, corrected."""

from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.labelled.telling import Telling, Thing, category, coded, moment

#: name, LOINC, what a practice's copy is coded, unit, its other spelling, least, most, places,
#: and another unit with its factor.
_TESTS = (
    ("Potassium", "2823-3", "1000651000000109", "mmol/L", "mmol/l", 35, 55, 1, None),
    ("Sodium", "2951-2", "1000661000000107", "mmol/L", "mEq/L", 130, 148, 0, None),
    ("Creatinine", "14682-9", "1000731000000107", "umol/L", "µmol/L", 50, 180, 0, None),
    ("Haemoglobin", "718-7", "1022431000000105", "g/L", "g/l", 80, 160, 0, ("g/dL", "0.1")),
    ("Platelets", "777-3", "", "10*9/L", "x10^9/L", 120, 420, 0, None),
    ("CRP", "1988-5", "1001371000000100", "mg/L", "mg/l", 1, 200, 0, ("mg/dL", "0.1")),
    ("HbA1c", "59261-8", "999791000000106", "mmol/mol", "mmol/mol", 35, 90, 0, None),
)
_VITALS = (
    ("Body weight", "29463-7", "kg", 500, 1100, 1),
    ("Heart rate", "8867-4", "/min", 50, 110, 0),
    ("Oxygen saturation", "2708-6", "%", 88, 100, 0),
)


def results(telling: Telling) -> None:
    """Several samples: of one day in ten two, at different hours."""
    draw = telling.draw
    for _ in range(draw.randint(3, 6)):
        day = telling.day()
        test = draw.choice(_TESTS)
        for _ in range(2 if draw.random() < 0.1 else 1):
            _result(telling, test, day)


def _result(telling: Telling, test: tuple[Any, ...], day: date) -> None:
    name, loinc, snomed, unit, spelt, least, most, places, other = test
    draw = telling.draw
    thing = telling.thing("result", f"{loinc}|{day}")
    at = moment(draw, day)
    value = Decimal(draw.randint(least, most)).scaleb(-places)
    number = f"S{telling.number:05d}{thing.n:04d}"
    body: dict[str, Any] = {
        "status": "final",
        "category": category("laboratory"),
        "code": coded(loinc=loinc),
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": value, "unit": unit},
        "specimen": {"identifier": {"system": "urn:lab", "value": number}},
    }
    _at_the_laboratory(telling, thing, body, value)
    for source in ("gp", "acute"):
        if draw.random() < 0.6:
            copy = {**body, "status": "final", "valueQuantity": {"value": value, "unit": unit}}
            if source == "gp":
                copy["code"] = coded(name, snomed=snomed) if snomed else coded(name)
            if telling.chance("specimen_unsaid"):
                del copy["specimen"]
            if telling.chance("copy_by_day"):
                copy["effectiveDateTime"] = str(day)
            if telling.chance("unit_otherwise"):
                copy["valueQuantity"] = {"value": value, "unit": spelt}
            if other and telling.chance("value_converted"):
                copy["valueQuantity"] = {"value": value * Decimal(other[1]), "unit": other[0]}
            telling.say(thing, source, "Observation", copy)


def _at_the_laboratory(
    telling: Telling, thing: Thing, body: dict[str, Any], value: Decimal
) -> None:
    """What the laboratory's own system says: perhaps preliminary first, perhaps corrected after."""
    given = {"id": f"lab{thing.n}"}
    if telling.chance("preliminary"):
        telling.say(thing, "pharmacy", "Observation", {**body, **given, "status": "preliminary"})
    if telling.chance("corrected"):
        wrong = {"value": value + 1, "unit": body["valueQuantity"]["unit"]}
        telling.say(thing, "pharmacy", "Observation", {**body, "valueQuantity": wrong})
        telling.say(thing, "pharmacy", "Observation", {**body, "status": "corrected"})
    else:
        telling.say(thing, "pharmacy", "Observation", {**body, **given})


def observations(telling: Telling) -> None:
    """Weights, pulses, saturations, and blood pressures whole or in two halves; some copied."""
    draw = telling.draw
    for _ in range(draw.randint(3, 6)):
        day = telling.day()
        at = moment(draw, day)
        source = draw.choice(("gp", "acute", "community"))
        if draw.random() < 0.3:
            _pressure(telling, source, at)
            continue
        _, loinc, unit, least, most, places = draw.choice(_VITALS)
        value = Decimal(draw.randint(least, most)).scaleb(-places)
        thing = telling.thing("observation", f"{loinc}|{day}")
        body = {
            "status": "final",
            "category": category("vital-signs"),
            "code": coded(loinc=loinc),
            "effectiveDateTime": at,
            "valueQuantity": {"value": value, "unit": unit},
        }
        telling.say(thing, source, "Observation", body)
        if draw.random() < 0.3:
            copied = at if draw.random() < 0.7 else at[:10]
            other = draw.choice([one for one in ("gp", "acute", "community") if one != source])
            telling.say(thing, other, "Observation", {**body, "effectiveDateTime": copied})


def _pressure(telling: Telling, source: str, at: str) -> None:
    draw = telling.draw
    thing = telling.thing("observation", f"bp|{at[:10]}")
    halves = (("8480-6", draw.randint(100, 180)), ("8462-4", draw.randint(55, 105)))
    body = {"status": "final", "category": category("vital-signs"), "effectiveDateTime": at}
    said = [
        {"code": coded(loinc=code), "valueQuantity": {"value": value, "unit": "mmHg"}}
        for code, value in halves
    ]
    if draw.random() < 0.5:
        for half in said:
            telling.say(thing, source, "Observation", {**body, **half})
    else:
        whole = {**body, "code": coded(loinc="85354-9"), "component": said}
        telling.say(thing, source, "Observation", whole)

"""Medicines: lines of therapy ordered, changed, dispensed, given, stopped and begun again."""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.labelled.telling import END, START, Telling, Thing, coded, moment

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drug:
    """A substance: its code, strengths, form, brand; `short` is given in courses of days."""

    name: str
    vtm: str
    strengths: tuple[str, ...]
    form: str
    brand: str = ""
    route: str = "oral"
    short: bool = False


_DRUGS = (
    Drug("Ramipril", "108564000", ("2.5mg", "5mg", "10mg"), "capsules", "Tritace"),
    Drug("Amlodipine", "108537001", ("5mg", "10mg"), "tablets", "Istin"),
    Drug("Atorvastatin", "108600003", ("20mg", "40mg", "80mg"), "tablets", "Lipitor"),
    Drug("Bisoprolol", "108547003", ("1.25mg", "2.5mg", "5mg"), "tablets", "Cardicor"),
    Drug("Metformin", "109081006", ("500mg", "1g"), "tablets", "Glucophage"),
    Drug("Sertraline", "321958004", ("50mg", "100mg"), "tablets", "Lustral"),
    Drug("Omeprazole", "25673006", ("20mg",), "capsules", "Losec"),
    Drug("Apixaban", "703906002", ("5mg", "2.5mg"), "tablets", "Eliquis"),
    Drug("Furosemide", "81609008", ("40mg", "20mg"), "tablets", "Lasix"),
    Drug("Levothyroxine", "10071011000001106", ("75microgram", "100microgram"), "tablets"),
    Drug("Salbutamol", "91143003", ("100micrograms/dose",), "inhaler", "Ventolin", "inhaled"),
    Drug("Clopidogrel", "108979001", ("75mg",), "tablets", "Plavix"),
)
_SHORT = (
    Drug("Amoxicillin", "27658006", ("500mg",), "capsules", short=True),
    Drug("Doxycycline", "10504007", ("100mg",), "capsules", short=True),
    Drug("Nitrofurantoin", "85343003", ("100mg",), "capsules", short=True),
    Drug("Flucloxacillin", "96067005", ("500mg",), "capsules", short=True),
)
_ROUTES = {
    "oral": ("Oral", "oral route", "By mouth", "PO", "26643006"),
    "inhaled": ("Inhalation", "Inhaled"),
    "intravenous": ("Intravenous", "IV", "47625008"),
}


def medicines(telling: Telling) -> None:
    """Four lines that repeat, courses of an antibiotic, and in hospital one by two routes."""
    draw = telling.draw
    for drug in draw.sample(_DRUGS, 4):
        _repeated(telling, drug)
    drug = draw.choice(_SHORT)
    day = telling.day(START, END - 700 * DAY)
    for _ in range(draw.choice((1, 2, 3))):
        _course(telling, drug, day)
        day += draw.randint(60, 400) * DAY
    if draw.random() < 0.3:
        _two_routes(telling)


def _repeated(telling: Telling, drug: Drug) -> None:
    draw = telling.draw
    first = telling.day(START, END - 900 * DAY)
    again = draw.random() < 0.12
    _line(telling, drug, first, first + draw.randint(60, 500) * DAY, goes_on=not again)
    if again:
        later = first + draw.randint(500 + 400, 500 + 1400) * DAY
        if later < END:
            _line(telling, drug, later, END, goes_on=True)


def _line(telling: Telling, drug: Drug, first: date, last: date, *, goes_on: bool) -> None:
    draw = telling.draw
    thing = telling.thing("medicine", f"{drug.name}|{drug.route}")
    hospital = draw.random() < 0.4
    strength = draw.choice(drug.strengths)
    if hospital:
        _order(telling, thing, "acute", drug, strength, first, "completed")
        for _ in range(draw.randint(1, 3)):
            _given(telling, thing, drug, telling.day(first, first + 5 * DAY))
    day = first + (draw.randint(3, 21) if hospital else 0) * DAY
    orders = draw.randint(2, 5)
    step = max((last - day).days // orders, 1)
    for n in range(orders):
        if draw.random() < 0.15:
            strength = draw.choice(drug.strengths)
        status = "active" if goes_on and n == orders - 1 else draw.choice(("completed", "stopped"))
        given = _order(telling, thing, "gp", drug, strength, day, status)
        if draw.random() < 0.7:
            _dispensed(telling, thing, drug, strength, day + draw.randint(0, 6) * DAY, given)
        day += step * DAY
    for source in ("acute", "community", "mental-health"):
        if draw.random() < 0.2:
            _reported(telling, thing, source, drug, telling.day(first, last))


def _course(telling: Telling, drug: Drug, day: date) -> None:
    thing = telling.thing("medicine", f"{drug.name}|{drug.route}")
    given = _order(telling, thing, "gp", drug, drug.strengths[0], day, "completed")
    if telling.draw.random() < 0.8:
        later = day + telling.draw.randint(0, 3) * DAY
        _dispensed(telling, thing, drug, drug.strengths[0], later, given)


def _two_routes(telling: Telling) -> None:
    day = telling.day()
    for route, form in (
        ("intravenous", "powder for solution for injection vials"),
        ("oral", "tablets"),
    ):
        drug = Drug(
            "Co-amoxiclav", "89519005", ("1.2g" if form[0] == "p" else "625mg",), form, "", route
        )
        thing = telling.thing("medicine", f"Co-amoxiclav|{route}")
        _order(telling, thing, "acute", drug, drug.strengths[0], day, "completed", said=True)
        for n in range(3):
            _given(telling, thing, drug, day + n * DAY, said=True)
        day += 2 * DAY


def _named(telling: Telling, drug: Drug, strength: str) -> dict[str, object]:
    draw = telling.draw
    name = drug.brand if drug.brand and telling.chance("brand") else drug.name
    words = f"{name} {strength} {drug.form}" if strength else name
    return coded(words, snomed=drug.vtm) if draw.random() < 0.5 else coded(words)


def _dose(telling: Telling, drug: Drug, *, said: bool = False) -> dict[str, object]:
    dose: dict[str, object] = {
        "text": telling.draw.choice(("one a day", "one daily", "as directed"))
    }
    if said or not telling.chance("route_unsaid"):
        words = telling.draw.choice(_ROUTES[drug.route])
        dose["route"] = coded(snomed=words) if words.isdigit() else coded(words)
    return dose


def _order(  # noqa: PLR0917 - a table's columns
    telling: Telling,
    thing: Thing,
    source: str,
    drug: Drug,
    strength: str,
    day: date,
    status: str,
    *,
    said: bool = False,
) -> str:
    return telling.say(
        thing,
        source,
        "MedicationRequest",
        {
            "status": status,
            "intent": "order",
            "authoredOn": str(day),
            "medicationCodeableConcept": _named(telling, drug, strength),
            "dosageInstruction": [_dose(telling, drug, said=said)],
        },
    )


def _dispensed(  # noqa: PLR0917 - a table's columns
    telling: Telling, thing: Thing, drug: Drug, strength: str, day: date, order: str
) -> None:
    body = {
        "status": "completed",
        "whenHandedOver": str(day),
        "medicationCodeableConcept": _named(telling, drug, strength),
    }
    if telling.draw.random() < 0.5:
        body["authorizingPrescription"] = [{"reference": f"MedicationRequest/{order}"}]
    telling.say(thing, "pharmacy", "MedicationDispense", body)


def _given(telling: Telling, thing: Thing, drug: Drug, day: date, *, said: bool = False) -> None:
    telling.say(
        thing,
        "acute",
        "MedicationAdministration",
        {
            "status": "completed",
            "effectiveDateTime": moment(telling.draw, day),
            "medicationCodeableConcept": _named(telling, drug, drug.strengths[0] if said else ""),
            "dosage": _dose(telling, drug, said=said),
        },
    )


def _reported(telling: Telling, thing: Thing, source: str, drug: Drug, day: date) -> None:
    telling.say(
        thing,
        source,
        "MedicationStatement",
        {
            "status": telling.draw.choice(("active", "completed", "unknown")),
            "effectiveDateTime": str(day),
            "medicationCodeableConcept": _named(telling, drug, ""),
            "dosage": [_dose(telling, drug)],
        },
    )

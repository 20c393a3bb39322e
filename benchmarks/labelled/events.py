"""Immunisations, operations, stays and letters: done once, told by more than one."""

import base64
from datetime import date, timedelta
from typing import Any

from benchmarks.labelled.telling import END, START, Telling, Thing, coded, moment

DAY = timedelta(days=1)
_VACCINES = (
    ("flu", (("Influenza vaccination", "822851000000102"), ("Seasonal flu vaccine", "86198006"))),
    ("covid", (("COVID-19 vaccination", "1324681000000101"), ("COVID-19 vaccine", "1119349007"))),
    ("pneumococcal", (("Pneumococcal vaccination", "12866006"), ("PPV23", "12866006"))),
    ("mmr", (("MMR", "38598009"), ("MMR vaccine", "38598009"))),
)


def immunisations(telling: Telling) -> None:
    """A vaccine or two: flu each year, COVID-19 and MMR in courses, weeks apart."""
    draw = telling.draw
    for name, words in draw.sample(_VACCINES, 2):
        day = telling.day(START, END - 1200 * DAY)
        doses = 1 if name == "pneumococcal" else draw.randint(1, 4 if name == "flu" else 3)
        for n in range(doses):
            _dose(telling, telling.thing("immunisation", name), words, day, n + 1)
            least, most = (330, 400) if name == "flu" else (21, 84)
            day += draw.randint(least, most) * DAY


def _dose(
    telling: Telling, thing: Thing, words: tuple[tuple[str, str], ...], day: date, n: int
) -> None:
    draw = telling.draw
    batch = f"{draw.choice('ABCDEF')}{draw.randint(1000, 9999)}"
    giver = draw.choice(("gp", "pharmacy", "pharmacy", "community"))

    def body(when: date, *, first_hand: bool) -> dict[str, Any]:
        title, code = draw.choice(words)
        said: dict[str, Any] = {
            "status": "completed",
            "vaccineCode": coded(title, snomed=code),
            "occurrenceDateTime": str(when) if draw.random() < 0.7 else moment(draw, when),
            "primarySource": first_hand,
        }
        if draw.random() < (0.9 if first_hand else 0.4):
            said["lotNumber"] = batch if draw.random() < 0.9 else f"{batch[0]} {batch[1:]}".lower()
        if draw.random() < 0.4:
            said["protocolApplied"] = [{"doseNumberPositiveInt": n}]
        return said

    telling.say(thing, giver, "Immunization", body(day, first_hand=True))
    for source in ("gp", "acute", "community"):
        if source == giver or (source != "gp" and draw.random() < 0.85):
            continue
        if telling.chance("dose_told_by_other"):
            off = draw.choice((-1, 1, 2, 3)) if telling.chance("dose_day_off") else 0
            telling.say(thing, source, "Immunization", body(day + off * DAY, first_hand=False))


_OPERATIONS = (
    ("hip", "Total hip replacement", "52734007", "W37.1", True),
    ("knee", "Total knee replacement", "609588000", "W40.1", True),
    ("cataract", "Cataract extraction", "", "C71.2", True),
    ("pci", "Percutaneous coronary intervention", "415070008", "K75.1", False),
    ("colonoscopy", "Colonoscopy", "73761001", "H22.1", False),
)


def procedures(telling: Telling) -> None:
    """An operation, of joints and eyes perhaps the other side months later."""
    draw = telling.draw
    name, title, snomed, opcs4, sided = draw.choice(_OPERATIONS)
    day = telling.day(START, END - 900 * DAY)
    sides = draw.sample(("left", "right"), 2) if sided else ["", ""]
    for side in sides[: draw.choice((1, 2))]:
        thing = telling.thing("procedure", name)
        _done(telling, thing, (title, snomed, opcs4, side), day)
        day += draw.randint(30, 500) * DAY


def _done(telling: Telling, thing: Thing, how: tuple[str, str, str, str], day: date) -> None:
    title, snomed, opcs4, side = how
    draw = telling.draw
    site = {"bodySite": [{"text": side}]} if side else {}
    at = moment(draw, day)
    body: dict[str, Any] = {"status": "completed", "code": coded(opcs4=opcs4), **site}
    telling.say(thing, "acute", "Procedure", {**body, "performedDateTime": at})
    if draw.random() < 0.3:
        coding_day = day if draw.random() < 0.8 else day + DAY
        telling.say(thing, "acute", "Procedure", {**body, "performedDateTime": str(coding_day)})
    if telling.chance("copied_to_gp"):
        words = f"{title}, {side}" if side and draw.random() < 0.7 else title
        lag = 0 if draw.random() < 0.5 else min(int(draw.expovariate(1 / 20)), 118)
        copy = {
            "status": "completed",
            "code": coded(words, snomed=snomed) if snomed else coded(words),
            "performedDateTime": str(telling.mistaken(day + lag * DAY)),
        }
        telling.say(thing, "gp", "Procedure", copy)


def encounters(telling: Telling) -> None:
    """Stays and visits: the hospital's messages with one number, and the practice's copy by day."""
    draw = telling.draw
    day = START
    for _ in range(draw.randint(1, 3)):
        if draw.random() > 0.05:  # seldom a second visit on the day of the one before
            day = telling.day(START, END - 60 * DAY)
        nights = draw.choice((0, 1, 2, 5, 14))
        last = day + nights * DAY
        thing = telling.thing("encounter", "stay")
        number = {"system": "urn:visits", "value": f"V{telling.number}-{thing.n}"}
        hospital = {"identifier": {"value": "RX1"}, "display": "Northgate Hospital"}
        body: dict[str, Any] = {
            "status": "finished",
            "class": {"code": "IMP" if nights else "EMER"},
            "serviceProvider": hospital,
            "period": {"start": moment(draw, day), "end": f"{last}T20:00:00Z"},
        }
        numbered = {**body, "identifier": [number]}
        telling.say(thing, "acute", "Encounter", numbered)
        if draw.random() < 0.3:  # a ward's part of the stay
            telling.say(thing, "acute", "Encounter", numbered)
        if telling.chance("copied_to_gp"):
            copy = {**body, "period": {"start": str(day), "end": str(last)}}
            telling.say(thing, "gp", "Encounter", copy)


def documents(telling: Telling) -> None:
    """Letters, by one route or two: same number, same bytes, or rendered again."""
    draw = telling.draw
    for _ in range(draw.randint(1, 3)):
        day = telling.day()
        thing = telling.thing("document")
        kind = draw.choice(("Discharge summary", "Clinic letter", "Emergency department letter"))
        text = f"{kind} {telling.number} {thing.n}: seen on {day}."
        number = {"system": "urn:letters", "value": f"L{telling.number}-{thing.n}"}
        at = moment(draw, day)

        def letter(
            words: str, *, keeps: bool, kind: str = kind, at: str = at, number: Any = number
        ) -> dict[str, Any]:
            data = base64.b64encode(words.encode()).decode()
            return {
                "status": "current",
                "type": coded(kind),
                "date": at,
                "author": [{"display": "Dr Farrow"}],
                "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
                **({"masterIdentifier": number} if keeps else {}),
            }

        telling.say(thing, "acute", "DocumentReference", letter(text, keeps=True))
        if draw.random() < 0.05:  # another clinic, the same day
            other = telling.thing("document")
            words = f"{kind} {telling.number} {other.n}: seen on {day}."
            telling.say(other, "acute", "DocumentReference", letter(words, keeps=False))
        if telling.chance("letter_two_routes"):
            same = telling.chance("letter_keeps_bytes")
            words = text if same else f"{text}\nPrinted by the practice."
            copy = letter(words, keeps=telling.chance("letter_keeps_number"))
            telling.say(thing, "gp", "DocumentReference", copy)

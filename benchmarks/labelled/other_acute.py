"""Other acute conditions, some with a side, told by three sources."""

from datetime import date, timedelta

from benchmarks.labelled.acute import days_late
from benchmarks.labelled.telling import END, START, Telling, Thing, category, coded

DAY = timedelta(days=1)

_OTHERS = (
    ("hip fracture", "S72.0", "Fracture of neck of femur", "359817006", (700, 3000)),
    ("pneumonia", "J18.9", "Pneumonia", "233604007", (120, 1500)),
    ("urinary infection", "N39.0", "Urinary tract infection", "68566005", (45, 700)),
    ("pulmonary embolism", "I26.9", "Pulmonary embolism", "59282003", (200, 2000)),
    ("cellulitis", "L03.1", "Cellulitis", "128045006", (90, 1500)),
)


def others(telling: Telling) -> None:
    """Two other acute conditions, each once or more; of a broken hip, with its side."""
    draw = telling.draw
    for name, icd10, title, snomed, (least, most) in draw.sample(_OTHERS, 2):
        day = telling.day(START, END - 1200 * DAY)
        for _ in range(draw.choice((1, 1, 2, 3))):
            if day > END - 200 * DAY:
                break
            side = draw.choice(("left", "right")) if name == "hip fracture" else ""
            _other(telling, telling.thing("other acute", name), day, (icd10, title, snomed, side))
            day += draw.randint(least, most) * DAY


def _other(telling: Telling, thing: Thing, day: date, how: tuple[str, str, str, str]) -> None:
    icd10, title, snomed, side = how
    draw = telling.draw
    if not telling.chance("missing"):
        body = {
            "code": coded(icd10=icd10),
            "onsetDateTime": str(day),
            "category": category("encounter-diagnosis"),
        }
        if side:
            body["bodySite"] = [{"text": f"{side} hip"}]
        telling.say(thing, "acute", "Condition", body)
    if draw.random() < 0.6:
        when = telling.mistaken(day + days_late(telling, "stroke", after=False) * DAY)
        if side and telling.chance("wrong_side"):
            side = "left" if side == "right" else "right"
        words = f"{title}, {side}" if side and draw.random() < 0.7 else title
        telling.say(
            thing,
            "gp",
            "Condition",
            {"code": coded(words, snomed=snomed), "onsetDateTime": str(when)},
        )
    if telling.chance("elsewhere"):
        telling.say(
            thing,
            "community",
            "Condition",
            {"code": coded(title), "onsetDateTime": str(day + draw.randint(0, 20) * DAY)},
        )

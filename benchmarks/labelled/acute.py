"""Strokes and heart attacks, told as the linkage studies found them told."""

from datetime import date, timedelta

from benchmarks.labelled.forms import INFARCTIONS, STROKES, Form
from benchmarks.labelled.rates import RATES
from benchmarks.labelled.telling import END, START, Telling, Thing, category, coded

DAY = timedelta(days=1)
#: WHO MONICA Project: what comes within 28 days of the first is the same event.
ONE_EVENT = 28


def strokes(telling: Telling) -> None:
    """A stroke and perhaps others after it."""
    _series(telling, "stroke", STROKES)


def infarctions(telling: Telling) -> None:
    """A heart attack and perhaps others after it."""
    _series(telling, "mi", INFARCTIONS)


def _series(telling: Telling, name: str, forms: tuple[tuple[float, Form], ...]) -> None:
    draw = telling.draw
    days = [telling.day(START, END - 900 * DAY)]
    while (gap := _until_next(telling, name)) and days[-1] + gap * DAY < END - 200 * DAY:
        days.append(days[-1] + gap * DAY)
    label = "myocardial infarction" if name == "mi" else name
    events: list[tuple[Thing, date, Form]] = []
    for day in days:
        form = draw.choices([one for _, one in forms], [weight for weight, _ in forms])[0]
        soon = bool(events) and (day - events[-1][1]).days <= ONE_EVENT
        one_event = soon and form is events[-1][2]
        thing = events[-1][0] if one_event else telling.thing(label, label, soon=soon)
        events.append((thing, day, form))
        _event(telling, name, thing, day, form)
    _retold(telling, events)


def _until_next(telling: Telling, name: str) -> int:
    """Days to the next event, 0 for none; by the studies' cumulative risks."""
    at = telling.draw.random()
    if at < RATES[f"{name}_again_30_days"]:
        return telling.draw.randint(10, 30)
    if at < RATES[f"{name}_again_1_year"]:
        return telling.draw.randint(31, 365)
    return telling.draw.randint(366, 1826) if at < RATES[f"{name}_again"] else 0


def _event(telling: Telling, name: str, thing: Thing, day: date, form: Form) -> None:
    hospital, gp, registry = _who(telling, name)
    if hospital:
        _hospital(telling, thing, day, form)
        if telling.chance("suspected"):
            words = form.words[0]
            telling.say(
                telling.thing("suspicion"),
                "community",
                "Condition",
                {
                    "code": coded(f"Suspected {words.lower()}"),
                    "onsetDateTime": str(day),
                    "verificationStatus": {"coding": [{"code": "provisional"}]},
                },
            )
    if gp:
        _practice(telling, name, thing, day, form, after=hospital)
    if registry or telling.chance("elsewhere"):
        source = "community" if registry else telling.draw.choice(("mental-health", "community"))
        _elsewhere(telling, thing, day, form, source, close=registry)


def _who(telling: Telling, name: str) -> tuple[bool, bool, bool]:
    """Whether hospital, general practice and (for heart attacks) the registry tell of it."""
    at = telling.draw.random()
    if name == "stroke":
        if at < RATES["stroke_gp_only"]:
            return False, True, False
        if at < RATES["stroke_gp_only"] + RATES["stroke_hospital_only"]:
            return True, False, False
        return True, True, False
    if at < RATES["mi_one_source"]:
        one = telling.draw.randrange(3)
        return one == 0, one == 1, one == 2
    if at < RATES["mi_one_source"] + RATES["mi_three_sources"]:
        return True, True, True
    left_out = telling.draw.randrange(3)
    return left_out != 0, left_out != 1, left_out != 2


def _hospital(telling: Telling, thing: Thing, day: date, form: Form) -> None:
    draw = telling.draw
    body = {
        "code": coded(icd10=draw.choice(form.hospital)),
        "onsetDateTime": str(day),
        "recordedDate": str(day + draw.randint(0, 20) * DAY),
        "category": category("encounter-diagnosis"),
    }
    telling.say(thing, "acute", "Condition", body)
    if telling.chance("hospital_twice"):
        later = day + draw.randint(1, 26) * DAY
        telling.say(thing, "acute", "Condition", {**body, "onsetDateTime": str(later)})


def days_late(telling: Telling, name: str, *, after: bool) -> int:
    """Days from the event to the date general practice gives it."""
    draw, at = telling.draw, telling.draw.random()
    if at < RATES[f"{name}_same_day"]:
        return 0
    if at < RATES[f"{name}_same_day"] + RATES[f"{name}_day_apart"]:
        return draw.choice((-1, 1))
    if after and telling.chance("lag_beyond_120_days"):
        return draw.randint(121, 300)
    if draw.random() < 0.1:
        return -draw.randint(2, 14)
    return min(2 + int(draw.expovariate(1 / 25)), 120)


def _practice(
    telling: Telling, name: str, thing: Thing, day: date, form: Form, *, after: bool
) -> None:
    said = day + days_late(telling, name, after=after) * DAY if after else day
    for again in (False, True):
        if again and not telling.chance("gp_twice"):
            return
        words = form.vague if telling.chance(f"{name}_gp_vague") else form.close
        title, code = telling.draw.choice(words)
        when = telling.mistaken(said) + (telling.draw.randint(1, 25) if again else 0) * DAY
        telling.say(
            thing,
            "gp",
            "Condition",
            {
                "code": coded(title, snomed=code),
                "onsetDateTime": str(when),
                "recordedDate": str(max(when, said)),
                "category": category("problem-list-item"),
            },
        )


def _elsewhere(
    telling: Telling, thing: Thing, day: date, form: Form, source: str, *, close: bool
) -> None:
    draw = telling.draw
    if close:
        title, code = draw.choice(form.close)
        said, at = coded(title, snomed=code), str(day)
    else:
        said, at = coded(draw.choice(form.words)), str(telling.mistaken(day))
        if telling.chance("only_year_or_month"):
            at = at[: draw.choice((4, 7))]
    written = day + draw.randint(5, 400) * DAY
    telling.say(
        thing,
        source,
        "Condition",
        {"code": said, "onsetDateTime": at, "recordedDate": str(written)},
    )


def _retold(telling: Telling, events: list[tuple[Thing, date, Form]]) -> None:
    """Years later: 'history of', of one of the events before it; seldom the plain code again."""
    draw = telling.draw
    for thing, day, form in events:
        if day + 400 * DAY > END:
            continue
        title, code = form.history
        written = telling.day(day + 400 * DAY, END)
        source = draw.choice(("gp", "gp", "community", "mental-health"))
        if telling.chance("retold"):
            body = {
                "code": coded(title, snomed=code) if draw.random() < 0.6 else coded(title),
                "recordedDate": str(written),
            }
            if telling.chance("retold_with_year"):
                body["onsetDateTime"] = str(day.year)
            elif draw.random() < 0.5:
                body["onsetDateTime"] = str(written)
            year = body.get("onsetDateTime", "") if len(body.get("onsetDateTime", "")) == 4 else ""
            before = [(one, when) for one, when, _ in events if when < written]
            if len({one.n for one, when in before if str(when).startswith(year)}) > 1:
                telling.say(telling.untold(thing.label), source, "Condition", body)
            else:
                telling.say(thing, source, "Condition", body)
        if telling.chance("retold_as_new"):
            title, code = draw.choice(form.vague)
            telling.say(
                thing,
                "gp",
                "Condition",
                {"code": coded(title, snomed=code), "onsetDateTime": str(written)},
            )

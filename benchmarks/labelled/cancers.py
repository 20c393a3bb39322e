"""Cancers: a tumour told for years, a second elsewhere, what came back and what spread."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from benchmarks.labelled.telling import END, START, Telling, Thing, category, coded

DAY = timedelta(days=1)
_HISTOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"


@dataclass(frozen=True, slots=True)
class Site:
    """A site as sources call it: `icd10` are codes of its parts, `morphology` of ICD-O."""

    name: str
    snomed: str
    icd10: tuple[str, ...]
    history: str
    morphology: tuple[str, ...]
    sided: bool = False


_SITES = (
    Site(
        "Breast cancer", "254837009", ("C50.9", "C50.4"), "Z85.3", ("8500/3", "8520/3"), sided=True
    ),
    Site("Prostate cancer", "399068003", ("C61",), "Z85.4", ("8140/3",)),
    Site("Colorectal cancer", "363406005", ("C18.7", "C18.9"), "Z85.0", ("8140/3",)),
    Site("Lung cancer", "363358000", ("C34.1", "C34.9"), "Z85.1", ("8070/3", "8041/3"), sided=True),
    Site("Malignant melanoma", "372244006", ("C43.5", "C43.9"), "Z85.8", ("8720/3",)),
    Site("Pancreatic cancer", "363418001", ("C25.0", "C25.9"), "Z85.0", ("8140/3",)),
    Site("Leukaemia", "93143009", ("C91.1", "C91.9"), "Z85.6", ("9823/3",)),
)
_SPREAD = (
    ("Liver metastases", "94381002", "C78.7"),
    ("Bone metastases", "94222008", "C79.5"),
    ("Lung metastases", "94391008", "C78.0"),
)
_INVITATIONS = ("Breast cancer screening invitation", "Bowel cancer screening: kit sent")


@dataclass(frozen=True, slots=True)
class Tumour:
    """One tumour as it truly is."""

    thing: Thing
    site: Site
    side: str
    morphology: str
    day: date


def cancers(telling: Telling) -> None:
    """Of one person in six a cancer, perhaps a second; invitations to many who have none."""
    draw = telling.draw
    if telling.chance("screening_invited"):
        _invited(telling)
    if not telling.chance("cancer"):
        return
    first = _tumour(telling, draw.choice(_SITES), "")
    _told(telling, first)
    if telling.chance("cancer_second"):
        second = _second(telling, first)
        _told(telling, second)
        return  # of which of the two something came back or spread would be nobody's to say
    if telling.chance("cancer_again"):
        _came_back(telling, first)
    if telling.chance("cancer_spread"):
        _spread(telling, first)


def _tumour(telling: Telling, site: Site, not_side: str) -> Tumour:
    draw = telling.draw
    side = draw.choice([s for s in ("left", "right") if s != not_side]) if site.sided else ""
    return Tumour(
        thing=telling.thing("cancer", site.name),
        site=site,
        side=side,
        morphology=draw.choice(site.morphology),
        day=telling.day(START, END - 2000 * DAY),
    )


def _second(telling: Telling, first: Tumour) -> Tumour:
    if first.site.sided and telling.draw.random() < 0.3:
        return _tumour(telling, first.site, first.side)
    others = [site for site in _SITES if site is not first.site and site.history != "Z85.0"]
    return _tumour(telling, telling.draw.choice(others), "")


def _told(telling: Telling, one: Tumour) -> None:
    draw = telling.draw
    if telling.chance("suspected"):
        body = {
            "code": coded(f"Suspected {one.site.name.lower()}"),
            "onsetDateTime": str(one.day - 20 * DAY),
            "verificationStatus": {"coding": [{"code": "provisional"}]},
        }
        telling.say(telling.thing("suspicion"), "gp", "Condition", body)
    for _ in range(draw.randint(1, 4)):
        _by_hospital(telling, one, one.thing, one.day + draw.randint(0, 700) * DAY)
    if not telling.chance("missing"):
        _by_practice(telling, one)
    for source in ("community", "mental-health"):
        if telling.chance("elsewhere"):
            _elsewhere(telling, one, source)
    if telling.chance("retold"):
        _retold(telling, one)


def _by_hospital(telling: Telling, one: Tumour, thing: Thing, when: date, state: str = "") -> None:
    """By ICD-10, dated by the diagnosis or by the stay; with side and histology now and then."""
    draw = telling.draw
    body: dict[str, Any] = {
        "code": coded(icd10=draw.choice(one.site.icd10)),
        "recordedDate": str(when),
        "category": category("encounter-diagnosis"),
    }
    if state:
        body |= {"clinicalStatus": {"coding": [{"code": state}]}, "onsetDateTime": str(when)}
    else:
        body["onsetDateTime"] = str(draw.choice((one.day, when)))
    body |= _sided(telling, one)
    if telling.chance("histology_said"):
        coding = {"system": "http://terminology.hl7.org/CodeSystem/icd-o-3", "code": one.morphology}
        body["extension"] = [{"url": _HISTOLOGY, "valueCodeableConcept": {"coding": [coding]}}]
    telling.say(thing, "acute", "Condition", body)


def _sided(telling: Telling, one: Tumour) -> dict[str, Any]:
    if not one.side or not telling.chance("cancer_side_said"):
        return {}
    wrong = telling.chance("wrong_side")
    side = {"left": "right", "right": "left"}[one.side] if wrong else one.side
    return {"bodySite": [{"text": side}]}


def _by_practice(telling: Telling, one: Tumour) -> None:
    draw = telling.draw
    said = telling.mistaken(one.day) + draw.randint(0, 90) * DAY
    body = {
        "code": coded(one.site.name, snomed=one.site.snomed),
        "onsetDateTime": str(said) if draw.random() < 0.8 else str(said.year),
        "recordedDate": str(said),
        "category": category("problem-list-item"),
        "clinicalStatus": {"coding": [{"code": draw.choice(("active", "remission"))}]},
    }
    telling.say(one.thing, "gp", "Condition", body | _sided(telling, one))


def _elsewhere(telling: Telling, one: Tumour, source: str) -> None:
    draw = telling.draw
    words = draw.choice((one.site.name, f"{one.side.title()} {one.site.name.lower()}".strip()))
    body = {"code": coded(words), "recordedDate": str(telling.day(one.day, END))}
    if telling.chance("only_year_or_month"):
        body["onsetDateTime"] = str(one.day)[: draw.choice((4, 7))]
    telling.say(one.thing, source, "Condition", body)


def _retold(telling: Telling, one: Tumour) -> None:
    """Years later, as history: by the practice in words, by the hospital by Z85."""
    code = coded(f"History of {one.site.name.lower()}")
    source = telling.draw.choice(("gp", "acute"))
    if source == "acute":
        code = coded(icd10=one.site.history)
    written = telling.day(one.day + 1500 * DAY, END)
    telling.say(one.thing, source, "Condition", {"code": code, "recordedDate": str(written)})


def _came_back(telling: Telling, one: Tumour) -> None:
    """A year or more later; now and then coded as if it were the first."""
    draw = telling.draw
    thing = telling.thing("cancer recurrence", one.site.name)
    day = one.day + draw.randint(500, 1800) * DAY
    plainly = telling.chance("recurrence_plain")
    _by_hospital(telling, one, thing, day, "" if plainly else "recurrence")
    if draw.random() < 0.6:
        words = draw.choice(
            (f"Recurrence of {one.site.name.lower()}", f"Recurrent {one.site.name.lower()}")
        )
        when = day + draw.randint(0, 60) * DAY
        body = {"code": coded(words), "onsetDateTime": str(when), "recordedDate": str(when)}
        telling.say(thing, "gp", "Condition", body)


def _spread(telling: Telling, one: Tumour) -> None:
    draw = telling.draw
    for words, snomed, icd10 in draw.sample(_SPREAD, draw.choice((1, 1, 2))):
        thing = telling.thing("cancer spread")
        day = one.day + draw.randint(0, 1500) * DAY
        for _ in range(draw.randint(1, 3)):
            at = day + draw.randint(0, 300) * DAY
            body = {"code": coded(icd10=icd10), "onsetDateTime": str(at), "recordedDate": str(at)}
            telling.say(thing, "acute", "Condition", body)
        if draw.random() < 0.6:
            vague = telling.chance("spread_vague")
            code = coded("Metastatic disease") if vague else coded(words, snomed=snomed)
            body = {"code": code, "recordedDate": str(day + draw.randint(0, 200) * DAY)}
            telling.say(thing, "gp", "Condition", body)
    if draw.random() < 0.4:
        words = f"Metastatic {one.site.name.lower()}"
        body = {"code": coded(words), "recordedDate": str(telling.day(one.day, END))}
        telling.say(one.thing, "community", "Condition", body)


def _invited(telling: Telling) -> None:
    """Each invitation for itself; now and then under a cancer's code."""
    draw = telling.draw
    words, when = draw.choice(_INVITATIONS), telling.day()
    code = coded(words, icd10="C50.9") if telling.chance("screening_miscoded") else coded(words)
    body = {"code": code, "onsetDateTime": str(when), "recordedDate": str(when)}
    telling.say(telling.thing("screening"), "gp", "Condition", body)

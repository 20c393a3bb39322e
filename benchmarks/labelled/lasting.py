"""Long-term conditions and allergies: one thing each, told again and again."""

from datetime import date, timedelta

from benchmarks.labelled.telling import END, START, Telling, coded

_CONDITIONS = (
    (("Hypertension", "38341003", "I10"), ("Essential hypertension", "59621000", "I10")),
    (("Type 2 diabetes mellitus", "44054006", "E11.9"), ("Diabetes mellitus", "73211009", "E11.9")),
    (("Asthma", "195967001", "J45.9"), ("Bronchial asthma", "195967001", "J45.0")),
    (("COPD", "13645005", "J44.9"), ("Chronic obstructive lung disease", "13645005", "J44.1")),
    (("CKD stage 3", "433144002", "N18.3"), ("Chronic kidney disease", "709044004", "N18.9")),
    (("Atrial fibrillation", "49436004", "I48"), ("Paroxysmal AF", "282825002", "I48.0")),
    (("Depression", "35489007", "F32.9"), ("Depressive disorder", "35489007", "F33.9")),
    (("Epilepsy", "84757009", "G40.9"), ("Epilepsy", "84757009", "G40.3")),
    (("Vascular dementia", "429998004", "F01"), ("Dementia", "52448006", "F03")),
    (("Hypothyroidism", "40930008", "E03.9"), ("Underactive thyroid", "40930008", "E03.9")),
)
_ALLERGIES = (
    (("Penicillin allergy", "91936005"), ("Penicillin", "")),
    (("Allergy to aspirin", "293586001"), ("Aspirin", "387458008")),
    (("Trimethoprim", "387179001"), ("Trimethoprim", "32792001")),
    (("Allergy to eggs", "91930004"), ("Egg", "")),
    (("Codeine", "387494007"), ("Codeine phosphate", "261000")),
    (("Latex", ""), ("Latex allergy", "300916003")),
)


def conditions(telling: Telling) -> None:
    """Three long-term conditions."""
    draw = telling.draw
    for names in draw.sample(_CONDITIONS, 3):
        _told(telling, "long-term condition", names)


def _told(telling: Telling, label: str, names: tuple[tuple[str, str, str], ...]) -> None:
    draw = telling.draw
    onset = telling.day(START, END - timedelta(days=900))
    thing = telling.thing(label)
    for source in ("gp", "gp", "acute", "acute", "mental-health", "community"):
        if draw.random() > (0.9 if source == "gp" else 0.4):
            continue
        title, snomed, icd10 = draw.choice(names)
        written = telling.day(onset, END)
        when = draw.choice((str(onset), str(written), str(onset.year), ""))
        if source == "acute":
            said = coded(icd10=icd10)
        elif source == "gp":
            said = coded(title, snomed=snomed)
        else:
            said = coded(title)
        body = {"code": said, "recordedDate": str(written)}
        if when:
            body["onsetDateTime"] = when
        telling.say(thing, source, "Condition", body)


def allergies(telling: Telling) -> None:
    """Of one person in three one or two allergies, told by substance, class or the word allergy."""
    draw = telling.draw
    for names in draw.sample(_ALLERGIES, draw.choice((0, 0, 1, 2))):
        thing = telling.thing("allergy")
        for source in ("gp", "acute", "community", "pharmacy"):
            if draw.random() > 0.6:
                continue
            words, code = draw.choice(names)
            telling.say(
                thing,
                source,
                "AllergyIntolerance",
                {
                    "code": coded(words, snomed=code) if code else coded(words),
                    "recordedDate": str(telling.day(date(2015, 1, 1))),
                    "clinicalStatus": {"coding": [{"code": "active"}]},
                },
            )

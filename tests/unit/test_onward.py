"""What reaches further than its own entry, when a record goes on: each is as if folded anew."""

import pytest

from tests.unit.fold_statements import coded, statement, status
from wholerecord.fold import Onward, fold
from wholerecord.fold.social_care import SOCIAL_CARE

DAY, MOMENT = "2026-01-02", "2026-01-02T10:00:00Z"


def potassium(id: str, *, at: str = MOMENT, value: int = 4, **more: object) -> tuple[str, dict]:
    return "Observation", {
        "id": id,
        "status": "final",
        "code": coded("Potassium"),
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": "mmol/L"},
        **more,
    }


def pressure(id: str, title: str) -> tuple[str, dict]:
    return potassium(id, code=coded(title))


def of(specimen: str) -> dict:
    return {"reference": f"Specimen/{specimen}"}


def report(**more: object) -> tuple[str, dict]:
    said = {"id": "r", "status": "final", "code": coded("Renal profile"), **more}
    return "DiagnosticReport", said | {"result": [{"reference": "Observation/a"}]}


def medication(words: str, meta: dict) -> tuple[str, dict]:
    return "Medication", {"id": "m", "code": coded(words), "meta": meta}


#: What is tagged so is not folded with the medicines, and is looked up by them all the same.
ELSEWHERE = {"tag": [{"code": SOCIAL_CARE}]}
NUMBER = [{"system": "lab", "value": "17"}]
WARFARIN = ("Medication", {"id": "m", "code": coded("Warfarin 1mg tablets")})
ORDER = (
    "MedicationRequest",
    {"id": "o", "status": "active", "medicationReference": {"reference": "Medication/m"}},
)
BY_SOFTWARE = (
    "Provenance",
    {
        "id": "p",
        "target": [{"reference": "Observation/a"}],
        "agent": [{"who": {"reference": "Device/1"}, "role": [status("author")]}],
    },
)
MENDED = {"meta": {"lastUpdated": "2026-02-01"}}
SPECIMEN = ("Specimen", {"id": "s", "identifier": NUMBER})

#: What each case is, what was said before, what is said now.
CASES = {
    "another of the moment": ([potassium("a")], potassium("b")),
    "the moment in another zone": (
        [potassium("a", at="2026-01-02T23:30:00Z")],
        potassium("b", at="2026-01-03T00:30:00+01:00"),
    ),
    "a copy that says only the day": (
        [potassium("a", identifier=NUMBER)],
        potassium("b", at=DAY, identifier=NUMBER, value=5),
    ),
    "the specimen that two share": (
        [
            potassium("a", specimen=of("s")),
            potassium("b", value=5, specimen=of("t")),
            ("Specimen", {"id": "t", "identifier": NUMBER}),
        ],
        SPECIMEN,
    ),
    "the lower part of a pressure": (
        [pressure("a", "Systolic blood pressure")],
        pressure("b", "Diastolic blood pressure"),
    ),
    "a report of a result": ([potassium("a")], report()),
    "the result of a report": ([report()], potassium("a")),
    "a report with words of its own": ([potassium("a")], report(conclusion="Well.")),
    "a report that is taken back": (
        [potassium("a"), report(conclusion="Well.")],
        report(conclusion="Well.", status="entered-in-error", **MENDED),
    ),
    "what is ordered": ([ORDER], WARFARIN),
    "what is ordered, mended": (
        [ORDER, WARFARIN],
        ("Medication", {"id": "m", "code": coded("Apixaban 5mg tablets"), **MENDED}),
    ),
    "what is ordered, mended by who is not of medicines": (
        [ORDER, medication("Warfarin 1mg tablets", ELSEWHERE)],
        medication("Apixaban 5mg tablets", ELSEWHERE | MENDED["meta"]),
    ),
    "another order, of what is mended since": (
        [
            ORDER,
            WARFARIN,
            ("Medication", {"id": "m", "code": coded("Apixaban 5mg tablets"), **MENDED}),
        ],
        (
            "MedicationRequest",
            {"id": "p", "status": "active", "medicationCodeableConcept": coded("Apixaban")},
        ),
    ),
    "software that made it": ([potassium("a")], BY_SOFTWARE),
    "no allergies, then one": (
        [("AllergyIntolerance", {"id": "n", "code": coded("No known allergies")})],
        ("AllergyIntolerance", {"id": "a", "code": coded("Penicillin")}),
    ),
    "one allergy, then none": (
        [("AllergyIntolerance", {"id": "a", "code": coded("Penicillin")})],
        ("AllergyIntolerance", {"id": "n", "code": coded("No known allergies")}),
    ),
    "what was taken back, said again": (
        [
            potassium("a"),
            potassium("a", status="entered-in-error", meta={"lastUpdated": "2026-01-20"}),
        ],
        potassium("a", value=6, **MENDED),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_record_goes_on_to_what_it_would_be_folded_anew(case: str):
    before, now = CASES[case]
    statements = [
        statement("gp", kind, body, t=n + 1) for n, (kind, body) in enumerate((*before, now))
    ]
    onward = Onward(statements[:-1])
    assert onward.record == fold(statements[:-1])
    assert onward.further(statements[-1:]) == fold(statements)
    assert onward.statements == statements
    one_by_one = Onward([])
    for n, one in enumerate(statements, start=1):
        assert one_by_one.further([one]) == fold(statements[:n])


def test_what_is_not_touched_is_not_made_again():
    kinds = (potassium("a"), potassium("b", at="2026-03-01"), ("Condition", {"code": coded("Flu")}))
    onward = Onward([statement("gp", *said, t=n + 1) for n, said in enumerate(kinds)])
    before = {id(entry) for entry in onward.record.entries}
    after = onward.further([statement("gp", *potassium("a", **MENDED), t=9)]).entries
    assert len(after) == 3
    assert len([entry for entry in after if id(entry) in before]) == 2

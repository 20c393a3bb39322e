"""A cancer as a whole: on the clinician's list, the person's page and in FHIR. All made up."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.fold_statements import condition, statement, status
from tests.unit.portal_records import NOW, opened
from tests.unit.test_fold_cancers import morphology, told
from wholerecord.access.opening import Opened
from wholerecord.fhir.record.entries import entry as as_fhir
from wholerecord.fold import Kind, Record, fold
from wholerecord.fold.whole_cancers import whole_cancers
from wholerecord.portal.clinician.cancers import cancers
from wholerecord.portal.clinician.lines import line
from wholerecord.portal.patient.plain import plain_line
from wholerecord.portal.shared.cancers import facts
from wholerecord.portal.shared.links import Links
from wholerecord.record import PersonId, Statement

LINKS = Links(base="/people/x")
STAGE = {
    "stage": [
        {"summary": {"text": "IIB"}, "assessment": [{"reference": "Observation/stage"}]},
    ]
}


def refer(*to: str) -> list[dict[str, str]]:
    return [{"reference": each} for each in to]


def staged(id: str, code: str, value: str, **more: Any) -> Statement:
    body: dict[str, Any] = {
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2012-02-01",
        **({"valueCodeableConcept": {"text": value}} if value else {}),
        **more,
    }
    return statement("acute", "Observation", body)


BREAST = told("acute", "1", "C50.9", "2012-01-01", "Breast cancer", **STAGE, **morphology("8500/3"))
SPREAD = told("acute", "2", "C78.7", "2019-01-01")
BACK = condition("gp", "3", "Recurrence of breast cancer", "2018-01-01")
BOWEL = told("acute", "4", "C18.7", "2015-01-01")
PATHOLOGICAL = staged("stage", "21902-2", "IIB")
GRADE = staged("grade", "33732-9", "G2")


def record(*said: Statement) -> Record:
    return fold(said)


def shown(*said: Statement) -> Opened:
    return replace(opened([]), record=record(*said))


def entry_of(*said: Statement) -> Any:
    [entry] = record(*said).of(Kind.CONDITION)
    return entry


def test_of_one_tumour_everything_that_came_of_it_is_beside_it():
    [one] = whole_cancers(record(BREAST, SPREAD, BACK, PATHOLOGICAL, GRADE)).tumours
    assert one.first.title == "Breast cancer"
    assert [again.title for again in one.recurrences] == ["Recurrence: Breast cancer"]
    assert [spread.title for spread in one.secondaries] == ["Secondary cancer in the liver"]
    assert sorted(measured.tells for measured in one.measured) == ["Grade", "Stage, pathological"]


def test_of_two_tumours_nothing_is_guessed():
    found = whole_cancers(record(BREAST, BOWEL, SPREAD, BACK, PATHOLOGICAL, GRADE))
    bowel, breast = sorted(found.tumours, key=lambda one: one.first.title == "Breast cancer")
    assert [again.title for again in breast.recurrences] == ["Recurrence: Breast cancer"]
    assert [measured.tells for measured in breast.measured] == ["Stage, pathological"]
    assert (bowel.recurrences, bowel.secondaries, bowel.measured) == ((), (), ())
    assert [one.title for one in found.loose] == ["Secondary cancer in the liver"]
    assert [one.tells for one in found.loose_measured] == ["Grade"]


def measured_of(*said: Statement) -> dict[str, list[str]]:
    """What is measured of each tumour, by the tumour's title; of none, by ""."""
    found = whole_cancers(record(BREAST, BOWEL, *said))
    each = {one.first.title: sorted(m.tells for m in one.measured) for one in found.tumours}
    return each | {"": sorted(m.tells for m in found.loose_measured)}


@pytest.mark.parametrize(
    ("said", "breast", "bowel", "none"),
    [
        ([staged("s", "21908-9", "II", focus=refer("Condition/4"))], [], ["Stage, clinical"], []),
        ([staged("s", "21908-9", "II", focus=refer("Condition/1"))], ["Stage, clinical"], [], []),
        # What names two, or what is no tumour here, is of none.
        (
            [staged("s", "21908-9", "II", focus=refer("Condition/1", "Condition/4"))],
            [],
            [],
            ["Stage, clinical"],
        ),
        (
            [staged("s", "21908-9", "II", focus=refer("Condition/gone"))],
            [],
            [],
            ["Stage, clinical"],
        ),
        # A stage group as mCODE has it: its T and N say nothing of which cancer themselves.
        (
            [
                staged(
                    "s",
                    "399588009",
                    "III",
                    focus=refer("Condition/4"),
                    hasMember=refer("Observation/t", "Observation/n"),
                ),
                staged("t", "384625004", "pT3"),
                staged("n", "371494008", "pN1"),
            ],
            [],
            ["N, pathological", "Stage, pathological", "T, pathological"],
            [],
        ),
        # The group has no value of its own, and only names them; one says what it is a part of.
        (
            [
                staged(
                    "s",
                    "399588009",
                    "",
                    focus=refer("Condition/4"),
                    hasMember=refer("Observation/t"),
                ),
                staged("t", "384625004", "pT3"),
                staged("n", "371494008", "pN1", partOf=refer("Observation/t")),
            ],
            [],
            ["N, pathological", "T, pathological"],
            [],
        ),
        # The condition names its stage alone, and the stage its T.
        (
            [
                staged("stage", "21902-2", "IIB", hasMember=refer("Observation/t")),
                staged("t", "384625004", "pT2"),
            ],
            ["Stage, pathological", "T, pathological"],
            [],
            [],
        ),
        # One panel for both: each by its own word, and what has none is of neither.
        (
            [
                staged(
                    "s",
                    "21908-9",
                    "see parts",
                    hasMember=refer("Observation/t", "Observation/n", "Observation/m"),
                ),
                staged("t", "399504009", "cT1", focus=refer("Condition/1")),
                staged("n", "399534004", "cN1", focus=refer("Condition/4")),
                staged("m", "399387003", "cM0"),
            ],
            ["T, clinical"],
            ["N, clinical"],
            ["M, clinical", "Stage, clinical"],
        ),
    ],
)
def test_a_stage_is_of_the_tumour_that_it_or_its_group_names(
    said: list[Statement], breast: list[str], bowel: list[str], none: list[str]
):
    whole = {"Breast cancer": breast, "Bowel cancer": bowel, "": none}
    assert measured_of(*said) == whole
    assert measured_of(*reversed(said)) == whole


def test_a_stage_that_names_what_is_not_shown_is_not_given_to_the_only_other_tumour():
    of_bowel = staged("s", "21908-9", "II", focus=refer("Condition/4"))
    found = whole_cancers(record(BREAST, of_bowel))
    assert [one.measured for one in found.tumours] == [()]
    assert [one.tells for one in found.loose_measured] == ["Stage, clinical"]
    back = staged("s", "21908-9", "II", focus=refer("Condition/2"))
    [one] = whole_cancers(record(BREAST, SPREAD, back)).tumours
    assert [measured.tells for measured in one.measured] == ["Stage, clinical"]


def test_what_is_suspected_or_no_cancer_is_in_none():
    maybe = told("gp", "5", "C50.9", "2012", verificationStatus=status("provisional"))
    screening = told("gp", "6", "C50.9", "2012", "Breast screening invitation")
    assert not whole_cancers(record(maybe, screening, GRADE)).tumours


def test_the_list_of_problems_has_each_cancer_with_its_stage_and_what_it_leads_to():
    [one] = cancers(shown(BREAST, SPREAD, BACK, PATHOLOGICAL), LINKS)
    assert one.title == "Breast cancer"
    assert "stage IIB (St Elsewhere Hospital)" in one.says
    assert [text.split(":")[0] for text in (line.text for line in one.lines)] == [
        "Breast cancer",
        "Came back",
        "Spread",
        "Stage, pathological",
    ]
    assert all(line.href.startswith("/people/x/entries/") for line in one.lines)
    two = cancers(shown(BREAST, BOWEL, SPREAD), LINKS)
    assert two[-1].title == "Of which cancer is not said"
    [alone] = cancers(shown(SPREAD), LINKS)
    assert alone.title == "Where it began is not said"
    assert cancers(shown(), LINKS) == ()


def test_a_problem_line_says_the_stage_and_that_it_is_in_remission():
    entry = entry_of(
        told("gp", "1", "C50.9", "2012-01-01", **STAGE, clinicalStatus=status("remission"))
    )
    assert line(LINKS, entry).note == "stage IIB, in remission, 1 Jan 2012"
    assert line(LINKS, entry).tone == ""
    assert ("Stage", "IIB (The practice)") in facts(entry, {"gp": "The practice"})


def test_the_person_reads_it_in_whole_sentences():
    def says(*said: Statement) -> str:
        return plain_line(entry_of(*said), {}, Links(base="/me"), NOW.date()).says

    assert says(SPREAD) == "This is cancer that has spread from where it began."
    assert says(BACK) == "This is about the cancer coming back."
    past = "This is written down as something you had in the past."
    assert says(told("gp", "1", "Z85.3")) == past
    assert says(BREAST) == "Its stage was written down as IIB."
    better = told("gp", "1", "C50.9", clinicalStatus=status("remission"))
    assert says(better) == "It is written down as in remission."


def fhir(*said: Statement) -> dict[str, Any]:
    return as_fhir(PersonId("p"), entry_of(*said))


def test_fhir_has_stage_site_histology_remission_and_recurrence_where_r4_and_mcode_have_them():
    told_so = condition(
        "gp",
        "1",
        "Breast cancer",
        "2012",
        **STAGE,
        **morphology("8500/3", "Ductal carcinoma"),
        bodySite=[{"text": "Left breast"}],
        clinicalStatus=status("remission"),
    )
    found = fhir(told_so)
    assert found["stage"] == [{"summary": {"text": "IIB"}}]
    assert found["clinicalStatus"]["coding"][0]["code"] == "remission"
    assert [site["text"] for site in found["bodySite"]] == ["left", "Left breast"]
    [histology] = [one for one in found["extension"] if "mcode-histology" in one["url"]]
    assert histology["valueCodeableConcept"] == {"text": "Ductal carcinoma"}
    again = fhir(told("gp", "1", "C50.9", "2019", clinicalStatus=status("recurrence")))
    assert again["clinicalStatus"]["coding"][0]["code"] == "recurrence"


def test_fhir_never_confirms_a_screening():
    found = fhir(told("gp", "1", "C50.9", "2012", "Breast screening invitation"))
    assert found["verificationStatus"]["coding"][0]["code"] == "unconfirmed"

"""Extracts as OMOP CDM 5.4: what is in each table, who is in none, and who may take them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_boards import coded, snapshot
from wholerecord.access import Doorway
from wholerecord.consent import Purpose, standing_rules
from wholerecord.errors import NotFound
from wholerecord.research.extracts.ask import (
    ExtractWaits,
    NoExtract,
    ThereAlready,
    ask_extract,
    take_extract,
)
from wholerecord.research.extracts.cut import TooTelling, Wanted
from wholerecord.research.extracts.gate import Asker
from wholerecord.research.omop.build import Extract, Made, made
from wholerecord.research.omop.check import faults, read_extract
from wholerecord.research.omop.tables import FORMS
from wholerecord.research.omop.vocabulary import NONE, BadVocabulary, load_vocabulary
from wholerecord.research.singling.grain import Grain
from wholerecord.research.singling.pairs import MOST
from wholerecord.research.snapshot import begin, finish
from wholerecord.research.study.book import Standing
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id, make_key, pseudonym, read_key
from wholerecord.research.study.submit import Place
from wholerecord.storage.memory import Store

SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"
STROKE, METFORMIN = "230690007", "109081006"
KEY = b"k" * 32
DATA: dict[str, list[dict[str, Any]]] = {
    "person": [
        {"person": 1, "sex": "female", "born": date(1950, 5, 5), "ethnicity": "A"},
        {"person": 2, "sex": "male", "born": date(1960, 1, 1), "died": date(2025, 3, 1)},
        {"person": 3, "sex": "unknown", "born": None},
        {"person": 4, "sex": "male", "born": date(1970, 1, 1)},
    ],
    "condition": [
        coded(1, "stroke", date(2024, 2, 1)),
        coded(1, STROKE, date(2024, 2, 1)) | {"system": SNOMED},
        coded(1, "I64", date(2024, 2, 1)) | {"system": ICD10},
        coded(1, "stroke", date(2024, 6, 1)),
        coded(1, "Z12345", date(2024, 2, 1)) | {"system": ICD10},
        coded(2, "stroke", None),
        coded(3, "stroke", date(2024, 2, 1)),
    ],
    "medication": [
        coded(1, "metformin", date(2024, 1, 1), ended=date(2024, 1, 20)),
        coded(1, "metformin", date(2024, 2, 10), ended=date(2024, 3, 1)),
        coded(1, "metformin", date(2024, 8, 1)),
        coded(2, "metformin", date(2025, 1, 5), ended=date(2024, 1, 5)),
    ],
    "observation": [
        {"person": 1, "code": "hba1c", "system": "urn:wholerecord:concept",
         "at": datetime(2024, 3, 3, 9, 30), "value": 48.0, "unit": "mmol/mol"},  # noqa: DTZ001
    ],
    "encounter": [coded(2, "encounter-emergency", date(2025, 2, 1), setting="emergency")],
}  # fmt: skip
#: Concepts as Athena writes them; the ids are made up.
CONCEPTS = (
    "concept_id vocabulary_id concept_class_id standard_concept concept_code invalid_reason",
    "9000001 SNOMED Disorder S 230690007 -",
    "9000002 ICD10 code - I64 -",
    "9000003 SNOMED Substance - 109081006 -",
    "9000004 RxNorm Ingredient S 6809 -",
    "9000005 UCUM Unit S mmol/mol -",
    "9000006 SNOMED Disorder S Z12345 D",
)
MAPS = (
    "concept_id_1 concept_id_2 relationship_id invalid_reason",
    "9000002 9000001 Maps_to -",
    "9000003 9000004 Maps_to -",
)


def tabbed(lines: tuple[str, ...]) -> str:
    """Words as Athena has them: tabs between, and nothing where a - stands."""
    return "".join(
        "\t".join("" if word == "-" else word.replace("Maps_", "Maps ") for word in line.split())
        + "\n"
        for line in lines
    )


def vocabulary(folder: Path) -> Path:
    source = folder / "athena"
    source.mkdir()
    (source / "CONCEPT.csv").write_text(tabbed(CONCEPTS))
    (source / "CONCEPT_RELATIONSHIP.csv").write_text(tabbed(MAPS))
    load_vocabulary(source, folder / "omop", version="v5 made up")
    return folder / "omop"


def extract(folder: Path, **more: Any) -> Extract:
    """An extract of four people, told as they are: what is told of few has tests of its own."""
    said = {"people": [1, 2, 3, 4], "key": KEY, "holder": "RXA", "relative": False}
    said |= {"rare": 1, "most": 1.0}
    data = folder / "data"
    data.mkdir(exist_ok=True)
    said |= {"vocabulary": folder / "none"} | more
    return Extract(snapshot=snapshot(said.pop("rows", DATA), data), **said)


def tables(asked: Extract) -> tuple[Made, dict[str, list[dict[str, Any]]]]:
    with made(asked) as (engine, told):
        assert list(faults(engine, told.rows)) == []
        return told, {name: engine.table(name).fetch_arrow_table().to_pylist() for name in FORMS}


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_a_thing_that_has_three_codes_is_one_row_and_what_nobody_knows_is_its_own(tmp_path: Path):
    told, cdm = tables(extract(tmp_path))
    rows = cdm["condition_occurrence"]
    assert column(rows, "condition_source_value") == [STROKE, "Z12345", "stroke"]
    assert set(column(rows, "condition_concept_id")) == {0}
    assert told.vocabulary == NONE
    assert told.undated == 1
    assert told.unborn == 1
    assert cdm["condition_era"] == []  # of no concept there is no era


def test_concepts_are_the_standard_ones_of_the_vocabulary_that_the_site_loaded(tmp_path: Path):
    told, cdm = tables(extract(tmp_path, vocabulary=vocabulary(tmp_path)))
    rows = cdm["condition_occurrence"]
    assert column(rows, "condition_concept_id") == [9000001, 0, 9000001]
    assert column(rows, "condition_source_concept_id") == [9000001, 0, 9000001]
    assert told.vocabulary == "v5 made up"
    assert set(column(cdm["drug_exposure"], "drug_concept_id")) == {9000004}
    assert column(cdm["measurement"], "unit_concept_id") == [9000005]
    eras = [(row["person_id"], row["drug_era_start_date"], row["drug_era_end_date"],
             row["drug_exposure_count"], row["gap_days"]) for row in cdm["drug_era"]]  # fmt: skip
    first = next(row["person_id"] for row in cdm["person"] if row["year_of_birth"] == 1950)
    assert [era[1:] for era in eras if era[0] == first] == [
        (date(2024, 1, 1), date(2024, 3, 1), 2, 20),
        (date(2024, 8, 1), date(2024, 8, 1), 1, 0),
    ]
    starts = [date(2024, 2, 1), date(2024, 6, 1)]
    assert column(cdm["condition_era"], "condition_era_start_date") == starts


def test_people_are_numbered_by_a_pseudonym_that_nobody_makes_without_the_key(tmp_path: Path):
    _, cdm = tables(extract(tmp_path))
    names = column(cdm["person"], "person_source_value")
    assert set(names) == {pseudonym(KEY, n) for n in (1, 2, 4)}
    assert names == sorted(names)
    assert column(cdm["person"], "person_id") == [1, 2, 3]
    (tmp_path / "other").mkdir()
    _, other = tables(extract(tmp_path, key=b"o" * 32))
    assert not set(names) & set(column(other["person"], "person_source_value"))


def test_an_end_before_the_start_is_not_an_end_and_a_death_stands(tmp_path: Path):
    _, cdm = tables(extract(tmp_path))
    wrong = [row for row in cdm["drug_exposure"] if row["drug_exposure_start_date"].year == 2025]
    assert [(row["drug_exposure_end_date"], row["verbatim_end_date"]) for row in wrong] == [
        (date(2025, 1, 5), None)
    ]
    assert column(cdm["death"], "death_date") == [date(2025, 3, 1)]
    assert column(cdm["visit_occurrence"], "visit_concept_id") == [9203]


def test_relative_days_begin_alike_for_everybody_and_keep_what_lies_between(tmp_path: Path):
    _, real = tables(extract(tmp_path))
    _, moved = tables(extract(tmp_path, relative=True))
    starts = column(moved["observation_period"], "observation_period_start_date")
    assert set(starts) == {date(2000, 1, 1)}
    for name, day in (("condition_occurrence", "condition_start_date"),
                      ("drug_exposure", "drug_exposure_start_date")):  # fmt: skip
        for one, other in zip(real[name], moved[name], strict=True):
            assert one[day] != other[day]
            period = real["observation_period"]
            [first] = [each["observation_period_start_date"] for each in period
                       if each["person_id"] == one["person_id"]]  # fmt: skip
            assert one[day] - first == other[day] - date(2000, 1, 1)
    assert sorted(column(moved["person"], "year_of_birth"))[:2] == [1927, 1935]


def test_the_risk_is_told_in_numbers(tmp_path: Path):
    told, _ = tables(extract(tmp_path))
    groups = told.risk.groups
    assert (groups.smallest, groups.alone, groups.people) == (1, 3, 3)
    assert (told.risk.pairs.share, told.risk.pairs.with_two) == (1.0, 1)
    assert "single out 100.0%" in told.risk.says()
    assert (groups.diversity.different, groups.diversity.told) == (1, 1)
    assert "(k;" in told.risk.says()
    assert "(t)" in told.risk.says()


def crowd(size: int, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """People with two medicines on two days of some hundred, and a stroke; nobody else is there."""
    start, days = date(2024, 1, 1), range(1, size + 1)
    return {
        "person": [{"person": n, "sex": "female", "born": date(1950, 5, 5)} for n in days],
        "condition": [coded(n, "stroke", date(2024, 2, 1)) for n in days],
        "medication": [
            coded(n, code, start + timedelta(days=n * far % prime))
            for n in days
            for code, far, prime in (("metformin", 7, 97), ("ramipril", 13, 89))
        ],
    } | more


def test_days_are_told_so_roughly_that_two_known_drugs_single_out_one_in_twenty_at_most(
    tmp_path: Path,
):
    people = range(1, 201)
    exact = extract(tmp_path, rows=crowd(200), people=people, rare=10)
    before, _ = tables(exact)
    assert before.risk.pairs.share > 0.8
    held, cdm = tables(replace(exact, most=MOST))
    assert held.risk.pairs.most <= 0.05
    assert held.risk.days.grain is not Grain.DAY
    assert held.risk.days.asked.share > 0.8
    days = column(cdm["drug_exposure"], "drug_exposure_start_date")
    assert 0 < len(set(days)) <= 4
    assert {day.day for day in days} == {1}
    assert held.risk.days.lost <= 0.25
    assert "single out" in held.risk.says()
    relative, moved = tables(replace(exact, most=MOST, relative=True))
    assert relative.risk.pairs.most <= 0.05
    assert column(moved["observation_period"], "observation_period_start_date")[0].year == 2000


def test_whoever_would_be_singled_out_however_roughly_is_in_no_extract(tmp_path: Path):
    two = ((1, "metformin"), (1, "ramipril"), (2, "metformin"), (2, "aspirin"))
    given = [coded(n, code, date(2024, 1, 1)) for n, code in two]
    for most in (MOST, 0.9):
        with pytest.raises(TooTelling), made(extract(tmp_path, rows=crowd(2, medication=given),
                                                     people=[1, 2], most=most)):  # fmt: skip
            pass
    with pytest.raises(TooTelling), made(extract(tmp_path, rare=10)):
        pass  # every drug of four people is rare, and nothing would be left of them


def test_a_rare_code_is_told_as_a_wider_one_and_left_out_where_there_is_none(tmp_path: Path):
    people = range(1, 41)
    rare = [coded(n, f"E11.{n % 9}", date(2024, 3, 1)) | {"system": ICD10} for n in people]
    strange = [coded(1, "X-1", date(2024, 3, 1)) | {"system": "urn:x"}]
    rows = crowd(40, condition=[*rare, *strange])
    told, cdm = tables(extract(tmp_path, rows=rows, people=people, rare=10))
    assert set(column(cdm["condition_occurrence"], "condition_source_value")) == {"E11"}
    assert len(cdm["condition_occurrence"]) == 40
    assert (told.risk.wider, told.risk.out) == (9, 1)
    assert "9 are told as wider ones and 1 are left out" in told.risk.says()


FAULTS = (
    ("UPDATE drug_exposure SET drug_concept_id = NULL", "blank in 4 rows, and it is required"),
    ("UPDATE drug_exposure SET drug_exposure_id = 1", "3 rows have an id that another has"),
    ("UPDATE drug_exposure SET drug_exposure_end_date = DATE '1990-01-01'", "end before they"),
    ("UPDATE death SET person_id = 99", "1 rows are of nobody in person"),
    ("UPDATE person SET year_of_birth = 2025", "before their person was born"),
    ("DELETE FROM measurement", "0 rows, and 1 were written"),
    ("ALTER TABLE death DROP COLUMN cause_concept_id", "not those of the model"),
)


def test_what_is_wrong_with_tables_is_found(tmp_path: Path):
    with made(extract(tmp_path)) as (engine, about):
        for change, told in FAULTS:
            engine.begin()
            engine.execute(change)
            assert any(told in fault for fault in faults(engine, about.rows)), change
            engine.rollback()
        assert list(faults(engine, about.rows)) == []


def test_files_that_are_no_vocabulary_leave_the_last_one_in_force(tmp_path: Path):
    folder = vocabulary(tmp_path)
    with pytest.raises(NotFound, match=r"CONCEPT\.csv"):
        load_vocabulary(tmp_path / "none", folder, version="v")
    (tmp_path / "athena" / "CONCEPT.csv").write_text("nonsense\n1\n")
    with pytest.raises(BadVocabulary):
        load_vocabulary(tmp_path / "athena", folder, version="v")
    assert (folder / "version").read_text() == "v5 made up\n"


NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANN = Asker(project="p1", actor="ann", purpose=Purpose.RESEARCH, vocabulary=Path("none"))


def hidden(folder: Path) -> list[Path]:
    """What an attempt left behind."""
    return list(folder.glob(".*"))


async def place(folder: Path, *, few: bool = False) -> Place:
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    making = begin(folder / "s", "s1")
    alike = crowd(60, medication=[coded(n, "metformin", date(2024, m, 1))
                                  for n in range(1, 61) for m in (1, 4)])  # fmt: skip
    made_ = snapshot(DATA if few else alike, making)
    finish(making, made_.manifest.__class__(**{
        field: getattr(made_.manifest, field) for field in made_.manifest.__struct_fields__
    } | {"name": "s1"}))  # fmt: skip
    at = Place(way=Doorway(store), book=store, snapshots=folder / "s", keys=folder)
    make_key(at.key_file("p1"))
    await store.add_project(
        Project(
            id="p1",
            title="P",
            legal_basis="section 251",
            controller="RXA",
            purposes=frozenset({Purpose.RESEARCH}),
            ends=date(2026, 12, 31),
            people=frozenset({"ann", "bob"}),
            key=key_id(read_key(at.key_file("p1"))),
        )
    )
    return at


async def test_an_extract_waits_for_two_and_is_then_taken_by_whoever_asked(tmp_path: Path):
    at = await place(tmp_path)
    case = await ask_extract(at, ANN, Wanted(), now=lambda: NOW)
    assert case.standing is Standing.WAITING
    assert "smallest group" in (case.ran.told.why if case.ran else "")
    to = tmp_path / "out"
    with pytest.raises(ExtractWaits):
        await take_extract(at, ANN, case.n, to, csv=False, now=NOW)
    for by in ("gov1", "gov2"):
        await at.book.check_study(case.n, by=by, approve=True, why="looked")
    bob = Asker(project="p1", actor="bob", purpose=Purpose.RESEARCH, vocabulary=Path("none"))
    with pytest.raises(NoExtract, match="Whoever asked"):
        await take_extract(at, bob, case.n, to, csv=False, now=NOW)
    told = await take_extract(at, ANN, case.n, to, csv=False, now=NOW)
    names = {path.name for path in to.iterdir()}
    assert names == {*(f"{name}.parquet" for name in FORMS), "risk.txt"}
    assert "(l;" in (to / "risk.txt").read_text()
    with pytest.raises(ThereAlready):
        await take_extract(at, ANN, case.n, to, csv=False, now=NOW)
    await take_extract(at, ANN, case.n, tmp_path / "csv", csv=True, now=NOW)
    for folder in (to, tmp_path / "csv"):
        engine = read_extract(folder)
        assert list(faults(engine, told.rows)) == []
        engine.close()
    assert list(await at.book.studies_with(1)) == [case.n]
    assert await at.book.releases()
    looks = [one.allowed for one in await at.way.store.openings() if one.part.startswith("extract")]
    assert looks == [True] * 4


async def test_an_extract_that_would_single_people_out_is_refused_and_not_even_looked_at(
    tmp_path: Path,
):
    at = await place(tmp_path, few=True)
    case = await ask_extract(at, ANN, Wanted(), now=lambda: NOW)
    assert case.standing is Standing.REFUSED
    told = case.ran.told if case.ran else None
    assert told
    assert "single people out" in told.why
    assert "more people" in told.instead


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (Asker(project="p1", actor="eve", purpose=Purpose.RESEARCH, vocabulary=Path("n")),
         "not named"),
        (Asker(project="no", actor="ann", purpose=Purpose.RESEARCH, vocabulary=Path("n")),
         "no project"),
        (Asker(project="p1", actor="ann", purpose=Purpose.PLANNING, vocabulary=Path("n")),
         "not approved for planning"),
    ],
)  # fmt: skip
async def test_who_may_not_ask_is_refused_and_the_attempt_is_kept(tmp_path: Path, who, told):
    at = await place(tmp_path)
    case = await ask_extract(at, who, Wanted(), now=lambda: NOW)
    assert case.standing is Standing.REFUSED
    assert told in (case.ran.told.why if case.ran else "")


async def test_a_shut_gate_or_a_missing_snapshot_writes_nothing(tmp_path: Path):
    at = await place(tmp_path)
    case = await ask_extract(at, ANN, Wanted(), now=lambda: NOW)
    for by in ("gov1", "gov2"):
        await at.book.check_study(case.n, by=by, approve=True, why="looked")
    to = tmp_path / "out"
    with pytest.raises(NoExtract, match="ended on"):
        await take_extract(at, ANN, case.n, to, csv=False, now=datetime(2027, 2, 1, tzinfo=UTC))
    with pytest.raises(NotFound, match="no extract 9"):
        await take_extract(at, ANN, 9, to, csv=False, now=NOW)
    assert not to.exists()
    assert hidden(tmp_path) == []

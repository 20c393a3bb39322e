"""Folded tables of made-up British people, straight into Parquet: for benchmarks of studies.

`python -m benchmarks.research_people FOLDER [people] [seed]`

About 250 rows for each person, with the codes of the shipped value set; the same people and seed
give the same rows. What is prevalent in whom is roughly as published (QOF 2023 to 2024, Health
Survey for England), made simple: enough that a cohort has the size it would have, no more. No
person is real, and nobody is to draw a conclusion about people from this.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from benchmarks.machine import machine
from wholerecord.research.snapshot import Manifest, Snapshot, begin, finish
from wholerecord.research.tables import CONCEPT, TABLES, VERSION
from wholerecord.research.writing import write_table
from wholerecord.terms import CONCEPTS
from wholerecord.terms import VERSION as VALUES
from wholerecord.terms.systems import ADDRESSES

TODAY = date(2026, 7, 1)
_SQL = Path(__file__).with_suffix(".sql")

#: concept, share at `from_age`, how it grows a year, from age, years it may have begun ago, sex
_CONDITIONS = (
    ("hypertension", 0.06, 0.12, 30, 25, None),
    ("type-2-diabetes", 0.02, 0.09, 30, 20, None),
    ("type-1-diabetes", 0.005, 0, 5, 40, None),
    ("asthma", 0.08, 0, 4, 30, None),
    ("copd", 0.005, 0.25, 40, 15, None),
    ("atrial-fibrillation", 0.004, 0.6, 45, 12, None),
    ("heart-failure", 0.002, 0.5, 45, 10, None),
    ("stroke", 0.001, 0.5, 40, 10, None),
    ("ischaemic-stroke", 0.001, 0.5, 40, 10, None),
    ("tia", 0.002, 0.3, 45, 10, None),
    ("myocardial-infarction", 0.003, 0.3, 40, 15, None),
    ("angina", 0.004, 0.2, 40, 15, None),
    ("ckd-3", 0.006, 0.3, 45, 10, None),
    ("ckd-4", 0.0006, 0.2, 50, 8, None),
    ("depression", 0.10, 0.005, 14, 15, None),
    ("anxiety", 0.08, 0, 12, 15, None),
    ("schizophrenia", 0.006, 0, 18, 30, None),
    ("bipolar", 0.005, 0, 18, 30, None),
    ("dementia", 0.004, 0.5, 62, 8, None),
    ("epilepsy", 0.008, 0, 3, 30, None),
    ("osteoporosis", 0.02, 0.2, 55, 12, "female"),
    ("osteoarthritis", 0.04, 0.15, 45, 20, None),
    ("rheumatoid-arthritis", 0.007, 0.01, 30, 20, None),
    ("gout", 0.01, 0.05, 35, 20, None),
    ("hypothyroidism", 0.02, 0.03, 25, 20, None),
    ("obesity", 0.10, 0.01, 16, 10, None),
    ("hip-fracture", 0.002, 0.6, 65, 8, None),
    ("pneumonia", 0.01, 0.03, 20, 10, None),
    ("uti", 0.06, 0.01, 10, 10, None),
    ("breast-cancer", 0.008, 0.06, 35, 15, "female"),
    ("prostate-cancer", 0.01, 0.1, 50, 12, "male"),
    ("bowel-cancer", 0.003, 0.07, 45, 10, None),
    ("frailty", 0.03, 0.15, 68, 8, None),
    ("learning-disability", 0.005, 0, 2, 30, None),
    ("covid-19", 0.30, 0, 0, 5, None),
    ("fall", 0.02, 0.2, 60, 8, None),
)
#: medicine, because of, share of those, share of everybody else
_MEDICINES = (
    ("metformin", "type-2-diabetes", 0.72, 0.001),
    ("gliclazide", "type-2-diabetes", 0.20, 0),
    ("empagliflozin", "type-2-diabetes", 0.18, 0),
    ("semaglutide", "type-2-diabetes", 0.10, 0.002),
    ("insulin-glargine", "type-1-diabetes", 0.60, 0.001),
    ("insulin-aspart", "type-1-diabetes", 0.80, 0.001),
    ("ramipril", "hypertension", 0.40, 0.01),
    ("amlodipine", "hypertension", 0.42, 0.01),
    ("losartan", "hypertension", 0.15, 0.003),
    ("indapamide", "hypertension", 0.14, 0.001),
    ("atorvastatin", "hypertension", 0.55, 0.04),
    ("bisoprolol", "atrial-fibrillation", 0.65, 0.01),
    ("apixaban", "atrial-fibrillation", 0.55, 0.004),
    ("edoxaban", "atrial-fibrillation", 0.15, 0.001),
    ("warfarin", "atrial-fibrillation", 0.12, 0.002),
    ("digoxin", "atrial-fibrillation", 0.10, 0),
    ("furosemide", "heart-failure", 0.70, 0.01),
    ("spironolactone", "heart-failure", 0.30, 0.002),
    ("clopidogrel", "ischaemic-stroke", 0.75, 0.01),
    ("aspirin", "myocardial-infarction", 0.80, 0.03),
    ("salbutamol", "asthma", 0.90, 0.03),
    ("beclometasone", "asthma", 0.60, 0.01),
    ("tiotropium", "copd", 0.55, 0.002),
    ("sertraline", "depression", 0.40, 0.03),
    ("citalopram", "depression", 0.25, 0.02),
    ("mirtazapine", "depression", 0.15, 0.01),
    ("olanzapine", "schizophrenia", 0.35, 0.001),
    ("lithium", "bipolar", 0.25, 0),
    ("donepezil", "dementia", 0.35, 0),
    ("lamotrigine", "epilepsy", 0.35, 0.001),
    ("sodium-valproate", "epilepsy", 0.15, 0.0005),
    ("alendronic-acid", "osteoporosis", 0.60, 0.004),
    ("methotrexate", "rheumatoid-arthritis", 0.55, 0.001),
    ("allopurinol", "gout", 0.60, 0.001),
    ("levothyroxine", "hypothyroidism", 0.95, 0.001),
    ("nitrofurantoin", "uti", 0.45, 0.02),
    ("amoxicillin", "pneumonia", 0.60, 0.22),
    ("flucloxacillin", "pneumonia", 0.10, 0.12),
    ("omeprazole", "osteoarthritis", 0.50, 0.13),
    ("ibuprofen", "osteoarthritis", 0.35, 0.10),
    ("codeine", "osteoarthritis", 0.35, 0.08),
    ("paracetamol", "osteoarthritis", 0.60, 0.15),
    ("prednisolone", "copd", 0.50, 0.05),
    ("ferrous-sulfate", "ckd-3", 0.20, 0.04),
    ("colecalciferol", "osteoporosis", 0.60, 0.08),
)
#: test, so often a year at 50, because of, more often, mean, deviation, raised with it, unit, words
_SMOKING = ["never smoked", "ex-smoker", "current smoker"]
_TESTS = (
    ("hba1c", 0.5, "type-2-diabetes", 1.8, 37.0, 5, 20, "mmol/mol", []),
    ("creatinine", 0.6, "ckd-3", 2.0, 75.0, 15, 45, "umol/L", []),
    ("egfr", 0.6, "ckd-3", 2.0, 88.0, 14, -42, "mL/min/{1.73_m2}", []),
    ("potassium", 0.6, "heart-failure", 2.0, 4.4, 0.4, 0.2, "mmol/L", []),
    ("sodium", 0.6, "heart-failure", 2.0, 139.0, 2.5, -1, "mmol/L", []),
    ("urea", 0.5, "ckd-3", 1.5, 5.5, 1.5, 5, "mmol/L", []),
    ("haemoglobin", 0.5, "ckd-3", 1.0, 138.0, 12, -15, "g/L", []),
    ("white-cells", 0.5, "rheumatoid-arthritis", 2.0, 7.0, 1.8, 0, "10*9/L", []),
    ("platelets", 0.5, "rheumatoid-arthritis", 2.0, 250.0, 55, 0, "10*9/L", []),
    ("crp", 0.3, "rheumatoid-arthritis", 2.0, 4.0, 3, 9, "mg/L", []),
    ("alt", 0.4, "rheumatoid-arthritis", 2.0, 24.0, 9, 4, "U/L", []),
    ("albumin", 0.4, "ckd-4", 1.0, 42.0, 3, -3, "g/L", []),
    ("bilirubin", 0.3, "ckd-4", 0.5, 9.0, 3, 0, "umol/L", []),
    ("alp", 0.3, "osteoporosis", 0.5, 75.0, 20, 5, "U/L", []),
    ("tsh", 0.2, "hypothyroidism", 1.0, 2.0, 0.8, 0.6, "mIU/L", []),
    ("cholesterol", 0.3, "hypertension", 0.5, 5.1, 0.9, 0, "mmol/L", []),
    ("hdl", 0.3, "hypertension", 0.5, 1.4, 0.3, 0, "mmol/L", []),
    ("inr", 0.01, "atrial-fibrillation", 1.0, 1.1, 0.1, 1.2, "1", []),
    ("systolic", 0.7, "hypertension", 1.6, 126.0, 12, 13, "mm[Hg]", []),
    ("diastolic", 0.7, "hypertension", 1.6, 77.0, 8, 6, "mm[Hg]", []),
    ("heart-rate", 0.4, "atrial-fibrillation", 1.0, 73.0, 9, 8, "/min", []),
    ("oxygen-saturation", 0.2, "copd", 1.0, 97.0, 1, -3, "%", []),
    ("temperature", 0.2, "pneumonia", 0.4, 36.7, 0.3, 0.8, "Cel", []),
    ("weight", 0.5, "obesity", 0.8, 77.0, 12, 24, "kg", []),
    ("height", 0.1, "obesity", 0.1, 168.0, 9, 0, "cm", []),
    ("bmi", 0.4, "obesity", 0.8, 26.0, 3, 8, "kg/m2", []),
    ("smoking", 0.4, "copd", 1.0, None, None, None, None, _SMOKING),
)
#: vaccine, from age, doses, uptake
_VACCINES = (
    ("influenza-vaccine", 50, 9, 0.72),
    ("covid-19-vaccine", 12, 6, 0.55),
    ("mmr-vaccine", 2, 2, 0.85),
    ("pneumococcal-vaccine", 65, 1, 0.7),
    ("shingles-vaccine", 66, 1, 0.5),
    ("tetanus-vaccine", 4, 3, 0.5),
    ("hpv-vaccine", 13, 1, 0.3),
)
#: code, setting, a year, mean days
_CONTACTS = (
    ("AMB", "GP", 2.6, 0),
    ("VR", "GP", 1.2, 0),
    ("EMER", "emergency", 0.22, 0),
    ("IMP", "inpatient", 0.12, 4),
    ("HH", "home", 0.15, 0),
)
#: procedure, from age, share
_PROCEDURES = (
    ("hip-replacement", 55, 0.03),
    ("knee-replacement", 55, 0.03),
    ("cataract-surgery", 60, 0.12),
    ("colonoscopy", 45, 0.12),
    ("pci", 50, 0.02),
    ("caesarean", 22, 0.05),
    ("appendectomy", 10, 0.05),
)
#: allergy, share
_ALLERGIES = (
    ("allergy-penicillin", 0.06),
    ("allergy-aspirin", 0.01),
    ("allergy-erythromycin", 0.007),
    ("allergy-latex", 0.006),
    ("allergy-peanut", 0.012),
    ("allergy-egg", 0.006),
)
#: Ethnic category 2001, of a hundred people. Source: Census 2021 for England, rounded.
_ETHNICITIES = [
    *("A" * 73), "B", *("C" * 6), "D", "E", "F", "G", *("H" * 3), *("J" * 3), "K", "L", "L", "M",
    "N", "N", "R", "S", "Z",
]  # fmt: skip
#: How many of a concept's entries carry a code of the system.
_SHARES = {"snomed": 0.95, "icd10": 0.3, "loinc": 0.3, "read2": 0.1, "opcs4": 0.5}


def make(folder: Path, people: int, *, seed: int = 1, first: int = 1) -> Snapshot:
    """A snapshot of `people` made-up people in `folder`, with numbers from `first` on."""
    name = f"made-{people}-{seed}"
    making = begin(folder, name)
    with TemporaryDirectory(dir=folder) as beside, duckdb.connect() as engine:
        engine.execute("SET temp_directory = $1", [beside])
        engine.execute("SET preserve_insertion_order = false")
        for variable, value in (
            ("first", first),
            ("people", people),
            ("seed", seed),
            ("today", TODAY),
            ("ethnicities", _ETHNICITIES),
        ):
            engine.execute(f"SET VARIABLE {variable} = $1", [value])
        with _registered(engine):
            engine.execute(_SQL.read_text())
            parts = tuple(
                write_table(engine.table(f"{table.name}_rows"), table, making)
                for table in TABLES.values()
            )
    return finish(
        making,
        Manifest(
            name=name,
            as_of=datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC),
            versions={"tables": str(VERSION), "values": VALUES, "policy": "made up"},
            people=people,
            folded=people,
            parts=parts,
        ),
    )


@contextmanager
def _registered(engine: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What there is, and how often, as tables."""
    long_term = {one.id for one in CONCEPTS.values() if one.course in {"long-term", "cancer"}}
    given = {
        "conditions": (
            ("concept", "share", "slope", "from_age", "span", "only_sex", "long_term"),
            [(*one, one[0] in long_term) for one in _CONDITIONS],
        ),
        "medicines": (("concept", "because", "share", "others"), _MEDICINES),
        "tests": (
            (
                "concept",
                "a_year",
                "because",
                "more",
                "mean",
                "deviation",
                "raised",
                "unit",
                "words",
            ),
            _TESTS,
        ),
        "vaccines": (("concept", "from_age", "doses", "uptake"), _VACCINES),
        "contacts": (("code", "setting", "a_year", "days"), _CONTACTS),
        "procedures": (("concept", "from_age", "share"), _PROCEDURES),
        "allergies": (("concept", "share"), _ALLERGIES),
        "codes": (("concept", "code", "system", "share"), list(_codes())),
    }
    for name, (columns, rows) in given.items():
        table = [dict(zip(columns, row, strict=True)) for row in rows]
        engine.register(name, pa.Table.from_pylist(table))
    yield
    for name in given:
        engine.unregister(name)


def _codes() -> Iterator[tuple[str, str, str, float]]:
    for concept in CONCEPTS.values():
        yield concept.id, concept.id, CONCEPT, 2.0
        for system, share in _SHARES.items():
            codes = concept.codes.get(system, ())
            for code in codes[:2]:
                yield concept.id, code, ADDRESSES[system], share / min(len(codes), 2)


def main() -> None:
    """Make them, and say how long it took and how large they are."""
    folder = Path(sys.argv[1])
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    print(machine())
    start = time.perf_counter()
    snapshot = make(folder, people, seed=seed)
    took = time.perf_counter() - start
    parts = snapshot.manifest.parts
    rows, size = sum(part.rows for part in parts), sum(part.size for part in parts)
    for part in parts:
        print(f"{part.table:<13} {part.rows:>12,} rows {part.size / 1e6:>9.1f} MB")
    print(
        f"{people:,} people, {rows:,} rows ({rows / people:.0f} each), {size / 1e6:.1f} MB "
        f"({size / rows:.1f} bytes a row) in {took:.1f} s: {rows / took:,.0f} rows/s"
    )


if __name__ == "__main__":
    main()

"""The closed list of concepts, and how they relate."""

import pytest

from wholerecord.terms import CONCEPTS, concept, concept_in_text, is_a, related, same_thing

SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        (SNOMED, "422504002", "ischaemic-stroke"),
        (ICD10, "I63.9", "ischaemic-stroke"),
        (ICD10, "I639", "ischaemic-stroke"),
        (ICD10, "I64", "stroke"),
        (ICD10, "I64X", "stroke"),
        (ICD10, "N18.3", "ckd-3"),
        (ICD10, "N18.9", "ckd"),
        ("http://read.info/readv2", "G66..00", "stroke"),
        ("http://loinc.org", "2160-0", "creatinine"),
        ("https://dmd.nhs.uk", "48603004", "warfarin"),
        (SNOMED, "1", None),
        ("urn:other", "422504002", None),
        (ICD10, "", None),
    ],
)
def test_a_code_means_its_concept_or_nothing(system, code, expected):
    found = concept(system, code)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("words", "family", "expected"),
    [
        ("Ischaemic stroke", "condition", "ischaemic-stroke"),
        ("Cerebrovascular accident (disorder)", "condition", "stroke"),
        ("No evidence of stroke", "condition", None),
        ("Amoxicillin 500mg capsules", "medicine", "amoxicillin"),
        ("Insulin glargine 100units/ml solution for injection", "medicine", "insulin-glargine"),
        ("Amoxicillin allergy clinic", "medicine", None),
        ("Amlodipine + valsartan", "medicine", None),
        ("Penicillin", "allergy", "penicillins"),
        ("", "condition", None),
    ],
)
def test_words_mean_a_concept_only_whole(words, family, expected):
    found = concept_in_text(words, family)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Clenil Modulite 100micrograms/dose inhaler", "beclometasone"),
        ("Neoral 25mg capsules", "ciclosporin"),
        ("Salamol 100micrograms/dose inhaler CFC free", "salbutamol"),
        ("Penicillin V 250mg tablets", "phenoxymethylpenicillin"),
        ("Fultium-D3 800unit capsules", "colecalciferol"),
        ("Lipitor 40mg tablets", "atorvastatin"),
        ("Lipitor 10mg tablets (Upjohn UK Ltd)", "atorvastatin"),
        ("Zimovane LS 3.75mg tablets (Sanofi)", "zopiclone"),
        ("Metformin 500mg tablets (A Maker of Things Ltd)", "metformin"),
        # Only modified-release, or nobody's: compared by its words.
        ("Bedranol SR 80mg capsules (Sandoz Ltd)", None),
        ("MST Continus 10mg tablets", None),
        ("Macrobid 100mg modified-release capsules", None),
        ("Wondrol 5mg tablets", None),
    ],
)
def test_a_brand_means_its_substance_or_nothing(words, expected):
    found = concept_in_text(words, "medicine")
    assert (found.id if found else None) == expected


def test_a_kind_of_stroke_is_a_stroke_and_two_kinds_are_not_related():
    stroke, ischaemic, bleed = (
        CONCEPTS[name] for name in ("stroke", "ischaemic-stroke", "haemorrhagic-stroke")
    )
    assert is_a(ischaemic, stroke)
    assert not is_a(stroke, ischaemic)
    assert related(stroke, ischaemic)
    assert not related(ischaemic, bleed)
    assert same_thing(CONCEPTS["ckd-3"], CONCEPTS["ckd-4"])


def test_every_parent_exists_and_no_code_means_two_things():
    seen: dict[tuple[str, str], str] = {}
    for each in CONCEPTS.values():
        assert all(parent in CONCEPTS for parent in each.parents)
        assert each.of in {"", "medicine"} or each.of in CONCEPTS
        for system, codes in each.codes.items():
            for code in codes:
                assert seen.setdefault((system, code), each.id) == each.id


@pytest.mark.parametrize("each", CONCEPTS.values(), ids=lambda each: each.id)
def test_snomed_codes_have_a_right_check_digit(each):
    for code in each.codes.get("snomed", ()):
        assert verhoeff(code), code


def verhoeff(digits: str) -> bool:
    """The check digit of a SNOMED CT identifier. Source: SNOMED CT Technical Guide, SCTID."""
    flip = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    step = [list(range(10))]
    for _ in range(7):
        step.append([step[-1][flip[n]] for n in range(10)])

    def times(a: int, b: int) -> int:
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b - 5) % 5
        return 5 + (a - 5 - b) % 5 if b < 5 else (a - b) % 5

    total = 0
    for n, digit in enumerate(reversed(digits)):
        total = times(total, step[n % 8][int(digit)])
    return total == 0

"""The policy as a value: what each rule changes of a record, how a site's own file is read."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.fold_statements import condition, order, result, statement
from tests.unit.test_fold_cancers import BACK, FIRST, by_role, coded_stay, morphology, of_cancer
from wholerecord.fold import Kind, Onward, fold
from wholerecord.fold.cancer import Role
from wholerecord.fold.policy import POLICY, Policy, policy_bytes, same_fold
from wholerecord.fold.policy_check import LONGEST, BadPolicy, brought_forward, check_policy
from wholerecord.fold.policy_page import policy_page
from wholerecord.fold.policy_ranges import CODES, CONCEPT_LISTS, NUMBERS, SWITCHES, TABLES

ROOT = Path(__file__).parents[2]
ACUTE = "conditions.acute-days."
ENDED = {"status": "completed"}


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(policy_bytes(POLICY))
    return found


def changed(**values: Any) -> dict[str, Any]:
    """The shipped policy with other values: `changed(every_clock__days=1)` is every.clock-days."""
    file = shipped() | {"version": "ours 1"}
    for name, value in values.items():
        rule_id = name.replace("__", "-").replace("_", ".")
        [rule] = [rule for rule in file["rules"] if rule["id"] == rule_id]
        rule["value"] = value
    return file


def policy(**values: Any) -> Policy:
    return check_policy(json.dumps(changed(**values)).encode())


def test_every_rule_that_the_program_reads_is_shipped_with_a_source_and_an_owner():
    ids = [rule.id for rule in POLICY.rules]
    assert len(ids) == len(set(ids))
    assert {*NUMBERS, *SWITCHES, *CONCEPT_LISTS, *CODES, *TABLES} <= set(ids)
    assert {
        rule.id for rule in POLICY.rules if rule.value is not None and ACUTE not in rule.id
    } == {
        *NUMBERS,
        *SWITCHES,
        *CONCEPT_LISTS,
        *CODES,
        *TABLES,
    }
    assert "Demonstration" in POLICY.note
    assert "clinical safety officer signs" in POLICY.note
    assert all(rule.source and rule.owner and rule.does.endswith(".") for rule in POLICY.rules)


def test_the_shipped_policy_is_read_as_a_sites_own_would_be():
    again = check_policy(policy_bytes(POLICY))
    assert (again.digest, again.rules) == (POLICY.digest, POLICY.rules)
    assert same_fold(again, POLICY)


def test_the_page_says_what_the_shipped_policy_does():
    page = (ROOT / "docs/reference/policy.md").read_text()
    assert page == policy_page(POLICY), "run `wholerecord policy show --shipped --page`"


STROKES = [
    condition("gp", "1", "Stroke", "2025-01-01"),
    condition("gp", "2", "Stroke", "2025-01-11"),
]
SENT = [
    statement(
        "acute",
        "Condition",
        {
            "id": "h",
            "code": {"text": "Stroke"},
            "onsetDateTime": "2025-01-01",
            "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
        },
    ),
    condition("gp", "2", "Stroke", "2025-03-01"),
]
TOLD = [
    condition("acute", "1", "Stroke", "2015-01-01"),
    condition("gp", "4", "History of stroke", "2024-12-20", recordedDate="2025-01-01"),
]


def dose(id: str, when: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "status": "completed",
        "vaccineCode": {"text": "Influenza vaccine"},
        "occurrenceDateTime": when,
        **more,
    }


def operation(source: str, when: str) -> Any:
    body = {"id": when, "status": "completed", "code": {"text": "Hernia repair"}}
    return statement(source, "Procedure", body | {"performedDateTime": when})


def letter(source: str, id: str, text: str) -> Any:
    section = [{"title": "Seen", "text": {"status": "generated", "div": f"<div>{text}</div>"}}]
    more = {"type": {"text": "Clinic letter"}, "date": "2025-01-01", "status": "final"}
    return statement(source, "Composition", {"id": id, "section": section, **more})


def visit(source: str, id: str, when: str) -> Any:
    body = {
        "id": id,
        "status": "finished",
        "class": {"code": "EMER"},
        "serviceProvider": {"display": "Leeds"},
        "period": {"start": when},
    }
    return statement(source, "Encounter", body)


def stay(source: str, id: str, when: str) -> Any:
    body = {"class": {"code": "IMP"}, "serviceProvider": {"display": "Leeds"}}
    more = {"id": id, "status": "finished", "period": {"start": when}}
    return statement(source, "Encounter", body | more)


#: What is said; the rule, at another value; how many entries of which kind there are then and now.
CHANGES = [
    (STROKES, {"conditions_acute__days_stroke": 9}, Kind.CONDITION, 1, 2),
    (
        [
            condition("gp", "1", "Sepsis", "2025-01-01"),
            condition("gp", "2", "Sepsis", "2025-01-11"),
        ],
        {"conditions_acute__days": 9},
        Kind.CONDITION,
        1,
        2,
    ),
    (
        [
            condition("gp", "1", "Zoster", "2025-01-01"),
            condition("gp", "2", "Zoster", "2025-01-11"),
        ],
        {"conditions_unknown__days": 9},
        Kind.CONDITION,
        1,
        2,
    ),
    (SENT, {"conditions_echo__days": 30}, Kind.CONDITION, 1, 2),
    (
        [
            order("gp", "1", "Amoxicillin 500mg capsules", "2025-01-01", **ENDED),
            order("gp", "2", "Amoxicillin 500mg capsules", "2025-04-01", **ENDED),
        ],
        {"medicines_course__gap__days": 120},
        Kind.MEDICINE,
        2,
        1,
    ),
    (
        [
            order("gp", "1", "Amoxicillin 500mg capsules", "2025-01-01", **ENDED),
            order("gp", "2", "Amoxicillin 500mg capsules", "2025-04-01", **ENDED),
        ],
        {"medicines_course__substances": []},
        Kind.MEDICINE,
        2,
        1,
    ),
    (
        [
            order("gp", "1", "Ramipril 5mg capsules", "2024-01-01", **ENDED),
            order("gp", "2", "Ramipril 5mg capsules", "2024-10-01", **ENDED),
        ],
        {"medicines_gap__days": 100},
        Kind.MEDICINE,
        1,
        2,
    ),
    (
        [
            order("gp", "1", "Ramipril 5mg capsules", "2024-01-01"),
            order("acute", "2", "Ramipril 5mg tablets", "2024-01-01"),
        ],
        {"medicines_by__product": ["ramipril"]},
        Kind.MEDICINE,
        1,
        2,
    ),
    (
        [
            statement("gp", "Immunization", dose("1", "2025-01-01", primarySource=False)),
            statement("pharmacy", "Immunization", dose("2", "2025-01-02")),
        ],
        {"immunisations_historic__days": 0},
        Kind.IMMUNISATION,
        1,
        2,
    ),
    (
        [
            statement(
                "gp", "Immunization", dose("1", "2025-01-01", primarySource=False, lotNumber="B7")
            ),
            statement("pharmacy", "Immunization", dose("2", "2025-01-05", lotNumber="B7")),
        ],
        {"immunisations_same__batch__days": 2},
        Kind.IMMUNISATION,
        1,
        2,
    ),
    (
        [
            condition("gp", "1", "Recurrence of breast cancer", "2025-01-01"),
            condition("gp", "2", "Recurrence of breast cancer", "2025-03-01"),
        ],
        {"cancer_recurrence__days": 30},
        Kind.CONDITION,
        1,
        2,
    ),
    (
        [
            condition("gp", "1", "", "2025-01-01", codes={"icd10": "C18.9"}),
            condition("gp", "2", "", "2025-03-01", codes={"icd10": "C20"}),
        ],
        {"cancer_sites": {"C18": "digestive/bowel", "C20": "digestive/bowel"}},
        Kind.CONDITION,
        2,
        1,
    ),
    (
        [
            condition("gp", "1", "", "2025", codes={"icd10": "C34.9"}, **morphology("8041/3")),
            condition("gp", "2", "", "2025", codes={"icd10": "C34.9"}, **morphology("8140/3")),
        ],
        {"cancer_histologies": {"8000-9999": "carcinoma"}},
        Kind.CONDITION,
        2,
        1,
    ),
    (
        [operation("acute", "2025-01-01T10:00:00Z"), operation("gp", "2025-01-02T09:00:00Z")],
        {"procedures_days": 0},
        Kind.PROCEDURE,
        1,
        2,
    ),
    (
        [operation("acute", "2025-01-01T10:00:00Z"), operation("gp", "2025-02-20")],
        {"procedures_echo__days": 30},
        Kind.PROCEDURE,
        1,
        2,
    ),
    (
        [visit("acute", "1", "2025-01-01T10:00:00Z"), visit("gp", "2", "2025-01-01")],
        {"encounters_day__copies": False},
        Kind.ENCOUNTER,
        1,
        2,
    ),
    (
        [stay("acute", "1", "2025-01-01T10:00:00Z"), stay("gp", "2", "2025-01-03T10:00:00Z")],
        {"encounters_stay__days": 3},
        Kind.ENCOUNTER,
        2,
        1,
    ),
    (
        [
            letter("acute", "1", "Seen in clinic today, and is very well."),
            letter("gp", "2", "Seen in clinic today, and is very well. Filed by the practice."),
        ],
        {"documents_again__characters": 100},
        Kind.DOCUMENT,
        1,
        2,
    ),
]


@pytest.mark.parametrize(("said", "value", "kind", "before", "after"), CHANGES)
def test_a_rule_at_another_value_makes_another_record(said, value, kind, before, after):
    [shown] = value
    assert len(fold(said).of(kind)) == before
    other = policy(**value)
    record = fold(said, policy=other)
    assert len(record.of(kind)) == after, shown
    assert other.name in record.policy
    assert fold(list(reversed(said)), policy=other) == record


def test_how_near_a_recurrence_a_stay_must_be_is_a_rule():
    said = [FIRST, BACK, coded_stay("3", "2018-10-01", "2018-10-01")]
    wider = policy(cancer_recurrence__stay__days=200.0)
    told = [
        len(by_role(of_cancer(fold(said, policy=by)), Role.RECURRENCE)[0].said_by)
        for by in (POLICY, wider)
    ]
    assert told == [1, 2]


def test_every_number_and_switch_changes_something_that_is_tested():
    tested = {
        rule.replace("__", "-").replace("_", ".") for _, value, *_ in CHANGES for rule in value
    }
    others = {
        "cancer.dates-days",
        "cancer.recurrence-stay-days",
        "conditions.history-days",
        "conditions.history-codes",
        "every.clock-days",
    }
    others |= {name for name in NUMBERS if name.startswith("pregnancy.")}  # in test_maternity
    # in test_transfers and test_social_history
    others |= {"transfers.after-days", "transfers.shown-days", "social.same-time-days"}
    # in test_medicines_current
    others |= {f"medicines.{of}-days" for of in ("silence", "repeat-silence", "supply")}
    assert {*NUMBERS, *SWITCHES, *CONCEPT_LISTS, *CODES, *TABLES} == {
        name for name in tested | others if not name.startswith(ACUTE)
    }


def test_what_retells_the_past_is_told_by_the_policys_codes_and_days():
    codes = {"coding": [{"system": "http://snomed.info/sct", "code": "275526006"}]}
    told = condition("gp", "1", "", "2019", recordedDate="2025-01-01", code=codes)
    [entry] = fold([told]).of(Kind.CONDITION)
    assert entry.title.startswith("History of")
    [entry] = fold([told], policy=policy(conditions_history__codes={})).of(Kind.CONDITION)
    assert not entry.title.startswith("History of: Stroke")

    assert len(fold(TOLD).of(Kind.CONDITION)) == 1
    assert len(fold(TOLD, policy=policy(conditions_history__days=5)).of(Kind.CONDITION)) == 2


def test_dates_of_diagnosis_differ_by_as_much_as_the_policy_says():
    told = [
        condition("gp", "1", "Breast cancer", "2025-01-01"),
        condition("acute", "2", "Breast cancer", "2025-02-01"),
    ]
    assert not fold(told).of(Kind.CONDITION)[0].conflict
    [entry] = fold(told, policy=policy(cancer_dates__days=7)).of(Kind.CONDITION)
    assert "Dates of diagnosis differ" in entry.conflict


def test_clocks_differ_by_as_much_as_the_policy_says():
    early = result("lab", "1", "2823-3", 4.1, "2026-01-04")  # received on 1 January
    assert "dates it" in fold([early]).of(Kind.RESULT)[0].conflict
    assert not fold([early], policy=policy(every_clock__days=5)).of(Kind.RESULT)[0].conflict


@settings(deadline=None)
@given(
    st.permutations([*STROKES, *SENT, *TOLD]), st.integers(0, 7), st.sampled_from([0, 9, 40, 200])
)
def test_a_fold_that_goes_on_keeps_its_policy(said, cut, days):
    numbered = [
        statement(one.source, one.kind, one.body, t=n) for n, one in enumerate(said, start=1)
    ]
    other = policy(conditions_acute__days_stroke=days, conditions_echo__days=days)
    onward = Onward(numbered[:cut], (), other)
    assert onward.further(numbered[cut:]) == fold(numbered, policy=other)


def refusal(raw: bytes | dict[str, Any]) -> str:
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    with pytest.raises(BadPolicy) as told:
        check_policy(body)
    return str(told.value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"conditions_echo__days": -1}, "rules[10] (conditions.echo-days): value is 0 to 366 days"),
        ({"conditions_echo__days": 367}, "value is 0 to 366 days"),
        ({"conditions_echo__days": True}, "value is 0 to 366 days"),
        ({"conditions_echo__days": [1]}, "Expected"),
        ({"conditions_echo__days": ["stroke"]}, "value is 0 to 366 days"),
        ({"encounters_day__copies": 1}, "value is true or false"),
        ({"medicines_by__product": ["nothing"]}, "no medicine or class has the id 'nothing'"),
        ({"medicines_by__product": "ramipril"}, "Expected"),
        ({"cancer_sites": {"50": "breast"}}, "'50' is no code of this table"),
        ({"cancer_sites": {"C50": "Breast!"}}, "'Breast!' is no path of words and slashes"),
        ({"cancer_sites": 3.0}, "value is an object: a path for each code"),
        ({"cancer_histologies": {f"{n:04}": "a" for n in range(501)}}, "more than 500 lines"),
        ({"conditions_history__codes": {"stroke": "stroke"}}, "'stroke' is no system|code"),
        ({"conditions_history__codes": {"snomed|1": "gout"}}, "no acute condition has the id"),
        ({"every_order": 1}, "it is fixed and has no value"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_place(value, says):
    assert says in refusal(changed(**value))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda file: file["rules"].pop(0), "conditions.acute-days is missing"),
        (lambda file: file["rules"].append(file["rules"][0]), "there twice"),
        (lambda file: file["rules"][0].update(id="x.y"), "rules[0] (x.y): there is no such rule"),
        (lambda file: file["rules"][0].update(source=" "), "source is 1 to 2,000 characters"),
        (lambda file: file["rules"][0].update(owner="a" * 2001), "owner is 1 to 2,000"),
        (lambda file: file["rules"][0].update(does="Nothing."), "is the program's to say"),
        (lambda file: file["rules"][0].update(unit="weeks"), "its unit days"),
        (lambda file: file["rules"][0].update(more=1), "more"),
        (lambda file: file["rules"][1].update(id=f"{ACUTE}gout"), "no acute condition has that id"),
        (lambda file: file.update(version="  "), "version: give it a name"),
        (lambda file: file.update(rules=[file["rules"][0]] * 1001), "rules: more than 1,000"),
        (lambda file: file["rules"].clear(), "and 36 more"),
        (lambda file: file.pop("rules"), "rules"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_and_where(change, says):
    file = shipped()
    change(file)
    assert says in refusal(file)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"version":', b" " * (LONGEST + 1)]
)
def test_bytes_that_are_no_policy_are_refused_in_a_sentence(raw):
    assert refusal(raw).startswith("The policy cannot be used.")


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_bytes_make_it_stumble(raw):
    with pytest.raises(BadPolicy):
        check_policy(raw)


def test_a_site_may_name_a_window_for_another_condition():
    file = changed()
    file["rules"].append(
        {
            "id": f"{ACUTE}sepsis",
            "kind": "condition",
            "value": 7,
            "unit": "days",
            "does": "Two statements about sepsis within a week are one.",
            "source": "Ours.",
            "owner": "Sepsis lead",
        }
    )
    other = check_policy(json.dumps(file).encode())
    said = [
        condition("gp", "1", "Sepsis", "2025-01-01"),
        condition("gp", "2", "Sepsis", "2025-01-11"),
    ]
    assert len(fold(said, policy=other).of(Kind.CONDITION)) == 2


def test_a_kept_policy_goes_on_under_a_program_with_other_rules():
    file = changed(conditions_echo__days=30)
    file["rules"] = [rule for rule in file["rules"] if rule["id"] != "every.clock-days"]
    file["rules"].append(file["rules"][0] | {"id": "gone.rule"})
    kept = brought_forward(json.dumps(file).encode())
    assert (kept.echo_days, kept.clock_days) == (30, POLICY.clock_days)
    assert kept.acute_days == POLICY.acute_days
    assert {rule.id for rule in kept.rules} == {rule.id for rule in POLICY.rules}

"""From a study to tables that may leave: what the gate stops, and who is in nothing."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.study_data import hold
from wholerecord.cli import group
from wholerecord.consent import Purpose
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.ledger import Ledger
from wholerecord.research.study.project import Project, allowed
from wholerecord.research.study.protect import Shown, as_csv, dominates, protect
from wholerecord.research.study.pseudonyms import NoKey, make_key, pseudonym, read_key
from wholerecord.research.study.release import Asking, Outcome, State, code_hash, run
from wholerecord.research.study.source import read_study

N = 120
TODAY = date(2026, 3, 1)
PEOPLE = [
    {
        "person": n,
        "sex": "female" if n % 2 else "male",
        "born": date(1950 + n % 40, 5, 5),
        "area": "=cmd()" if n <= 40 else "B" if n < 117 else "RARE",
        "deprivation": 1 + n % 2,
    }
    for n in range(1, N + 1)
]
CONDITIONS = [{"person": n, "code": "a", "at": date(2025, 1, 1)} for n in range(1, 61)]
PROJECT = Project(
    id="p1",
    title="A project",
    legal_basis="section 251",
    controller="RXA",
    purposes=frozenset({Purpose.RESEARCH}),
    ends=TODAY,
    people=frozenset({"ann"}),
)
STUDY = b"""
study("Has a", people=condition.where(row.code in codes("a")).exists())
table("by sex", by=[person.sex])
"""


def asked(study: bytes = STUDY, refusing=frozenset(), ledger=None, **changed) -> Outcome:
    asking = {"project": PROJECT, "actor": "ann", "purpose": Purpose.RESEARCH, "on": TODAY}
    asking |= {"key": b"k" * 32} | changed
    engine = Engine({})
    hold(engine, {"person": PEOPLE, "condition": CONDITIONS})
    ledger = ledger or Ledger(whole=(1 << N) - 1)
    outcome = run(read_study(study, lambda _: b""), Asking(**asking), engine, ledger, refusing)
    engine.close()
    return outcome


def test_a_study_that_is_clear_releases_itself():
    outcome = asked()
    assert outcome.state is State.RELEASED
    assert dict(outcome.tables[0].rows) == {("female",): 30, ("male",): 30}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"actor": "bob"}, "is not named in project p1"),
        ({"purpose": Purpose.PLANNING}, "is not approved for planning"),
        ({"on": date(2026, 3, 2)}, "ended on 2026-03-01: have it renewed"),
        ({"key": None}, "The key of project p1 is missing"),
    ],
)
def test_a_project_that_may_not_ask_is_given_nothing_and_told_why(changed, told):
    outcome = asked(**changed)
    assert outcome.state is State.REFUSED
    assert told in outcome.why
    assert outcome.tables == ()


def test_who_opted_out_is_in_nothing_and_counted_before_and_after():
    outcome = asked(refusing=frozenset(range(1, 41, 2)))
    assert dict(outcome.tables[0].rows) == {("female",): 10, ("male",): 30}
    assert outcome.allowed is not None
    assert (outcome.allowed.before, outcome.allowed.after) == (120, 100)
    assert ("sex", "female", 60, 40) in outcome.allowed.bias
    again = asked(refusing=frozenset(range(1, N + 1)))
    assert again.tables[0].rows == ()


def test_the_bias_note_names_no_group_of_few():
    found = allowed(PEOPLE, frozenset({1}), on=TODAY)
    rare = [{**PEOPLE[0], "sex": "other"}, *PEOPLE[1:]]
    assert all(value != "other" for _, value, *_ in allowed(rare, frozenset(), on=TODAY).bias)
    assert {name for name, *_ in found.bias} == {"sex", "age", "deprivation", "ethnicity"}


def test_one_person_who_opts_out_between_two_runs_cannot_be_told_by_their_difference():
    ledger = Ledger(whole=(1 << N) - 1)
    assert asked(ledger=ledger).state is State.RELEASED
    after = asked(ledger=ledger, refusing=frozenset({7}))
    assert after.state is State.WAITING
    assert after.tables == ()


def test_an_empty_cohort_and_a_small_one_look_the_same():
    few = b"study('t', people=person.area == 'RARE')\ntable('t')"
    none = b"study('t', people=person.area == 'NOBODY')\ntable('t')"
    one, other = asked(few), asked(none)
    assert one.tables == other.tables
    assert (one.state, one.why) == (other.state, other.why)
    assert one.tables[0].rows == (((), None),)
    by_sex = [study.replace(b"table('t')", b"table('t', by=person.sex)") for study in (few, none)]
    one, other = map(asked, by_sex)
    assert (one.tables, one.state, one.why) == (other.tables, other.state, other.why)


@pytest.mark.parametrize(
    "people",
    [
        "condition.where(row.code in codes('no-such-code')).exists()",
        "person.sex == 'male' and person.sex == 'female'",
        "condition.where(row.at > date(2020, 1, 1) and row.at < date(2019, 1, 1)).exists()",
    ],
)
def test_an_unknown_code_and_conditions_that_contradict_give_what_a_small_cohort_gives(people):
    few = asked(b"study('t', people=person.area == 'RARE')\ntable('t')")
    none = asked(f"study('t', people={people})\ntable('t')".encode())
    assert (none.tables, none.state, none.why) == (few.tables, few.state, few.why)


def test_a_cell_that_nobody_is_in_is_hidden_like_any_and_stops_nothing():
    outcome = asked(
        b"study('t', people=known(person.sex))\ntable('s', by=[person.area])\n"
        b"table('t', by=[person.area, condition.exists()])"
    )
    assert outcome.state is State.RELEASED
    assert dict(outcome.tables[1].rows)[("=cmd()", "no")] is None


def test_a_value_that_few_have_is_not_even_named():
    outcome = asked(b"study('t', people=known(person.sex))\ntable('t', by=person.area)")
    assert [key for key, _ in outcome.tables[0].rows] == [("=cmd()",), ("B",)]
    assert outcome.tables[0].left_out


def test_a_table_as_csv_holds_no_formula():
    outcome = asked(b"study('t', people=known(person.sex))\ntable('t', by=person.area)")
    assert as_csv(outcome.tables[0]).splitlines()[1].startswith("'=cmd(),")
    odd = ("=1", "+1", "-1", "@x", "\t=1", "\r=1", '"', ",", "x")
    rows = tuple(((each,), 10) for each in odd)
    text = as_csv(Shown(name="t", names=("x",), rows=rows, total=0, left_out=False))
    assert not any(line.lstrip('"')[:1] in set("=+-@\t") for line in text.split("\r\n"))


def test_a_mean_waits_for_somebody_to_look():
    outcome = asked(
        b"study('t', people=known(person.sex))\ntable('t', mean=age_at(date(2025, 1, 1)))"
    )
    assert (outcome.state, outcome.tables) == (State.WAITING, ())
    assert outcome.instead == "Count people in bands of it."


def test_a_sum_that_tells_of_one_person_dominates():
    assert dominates((100.0, 1.0), 150.0)
    assert dominates((50.0, 40.0), 110.0)
    assert not dominates((1.0, 1.0), 20.0)


def test_what_is_shown_depends_on_the_people_of_its_cell_alone():
    found = asked(b"study('t', people=known(person.sex))\ntable('t', by=[person.sex])")
    assert found.tables[0].total == sum(number or 0 for _, number in found.tables[0].rows)
    assert protect.__doc__


def test_a_pseudonym_needs_its_key_and_another_key_makes_another(tmp_path: Path):
    file = tmp_path / "p1.key"
    with pytest.raises(NoKey):
        read_key(file)
    make_key(file)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        make_key(file)
    key = read_key(file)
    numbers = {pseudonym(key, person) for person in range(2_000)}
    assert len(numbers) == 2_000
    assert pseudonym(key, 1) == pseudonym(key, 1) != pseudonym(b"k" * 32, 1)
    # Every person hashed without the key: none of the pseudonyms is among them.
    assert not numbers & {pseudonym(b"", person) for person in range(2_000)}
    file.write_bytes(b"short")
    with pytest.raises(NoKey):
        read_key(file)


def test_code_is_named_by_its_file_and_its_lists():
    assert code_hash(b"a", {"x": b"1"}) != code_hash(b"a", {"x": b"2"}) != code_hash(b"a", {})


def test_a_study_is_begun_checked_and_tried_on_made_up_people(tmp_path: Path):
    file = tmp_path / "hba1c.py"
    runner = CliRunner()
    assert runner.invoke(group, ["study", "new", str(file)]).exit_code == 0
    assert runner.invoke(group, ["study", "new", str(file)]).exit_code == 1
    checked = runner.invoke(group, ["study", "check", str(file)])
    assert "table 'by age and sex' by age, sex" in checked.output
    tried = runner.invoke(group, ["study", "run", "--dummy", str(file)])
    assert tried.exit_code == 0, tried.output
    assert any(
        line.split()[-1:] and line.split()[-1].isdigit() for line in tried.output.splitlines()
    )
    as_file = runner.invoke(group, ["study", "run", "--dummy", "--csv", str(file)])
    assert "age,sex,people" in as_file.output


def test_a_study_that_is_wrong_is_told_on_the_command_line(tmp_path: Path):
    file = tmp_path / "x.py"
    file.write_text("import os\n")
    found = CliRunner().invoke(group, ["study", "check", str(file)])
    assert "Line 1: `import` cannot be used" in str(found.exception)

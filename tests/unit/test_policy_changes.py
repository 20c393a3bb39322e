"""What another policy would change of everybody's record, and `wholerecord policy` that says it."""

import json

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.test_policy import changed, policy
from wholerecord.access.policy_changes import Tally, clinical, policy_changes
from wholerecord.cli import group
from wholerecord.errors import Incorrect
from wholerecord.fold.compare import Act
from wholerecord.fold.policy import POLICY


def stroke(id: str, when: str):
    return condition(id, "p1", code={"text": "Stroke"}, onsetDateTime=when)


async def compared(after):
    first = bundle(patient("p1", NUMBER), stroke("c1", "2025-01-01"), stroke("c2", "2025-01-11"))
    way, person = await site(first)
    tally, found = Tally(), []
    async for change in policy_changes(way.store, POLICY, after):
        tally.add(change)
        found.append(change)
    return person, tally, found


async def test_one_stroke_that_becomes_two_is_told_of_its_person():
    person, tally, [change] = await compared(policy(conditions_acute__days_stroke=9))
    assert change.person == person
    assert sorted(one.act.value for one in change.differences) == ["added", "changed"]
    assert (tally.people, tally.changed, tally.reworded) == (1, 1, 0)
    assert tally.entries == {("condition", Act.ADDED): 1, ("condition", Act.CHANGED): 1}


async def test_an_entry_whose_reason_alone_reads_otherwise_is_counted_apart():
    _, tally, [change] = await compared(policy(conditions_acute__days_stroke=27))
    assert len(change.differences) == 1
    assert clinical(change.differences) == ()
    assert (tally.changed, tally.reworded, tally.entries.total()) == (0, 1, 0)


async def test_equal_changes_have_one_digest_and_others_another():
    _, one, _ = await compared(policy(conditions_acute__days_stroke=9))
    _, same, _ = await compared(policy(conditions_acute__days_stroke=8))
    _, none, _ = await compared(policy(conditions_acute__days_stroke=10))
    assert len(one.digest) == 32
    assert same.entries == one.entries
    assert none.digest == "0" * 32 != one.digest


async def test_a_policy_with_other_words_alone_is_not_folded_with():
    _, tally, [change] = await compared(policy())
    assert (tally.people, change.differences) == (1, ())


def run(*words):
    result = CliRunner().invoke(group, ["policy", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_rules_are_shown_as_text_json_page_and_file(tmp_path):
    code, out = run("show", "--shipped")
    assert code == 0
    assert "conditions.echo-days: 120 days" in out
    assert "Owner: General practice lead." in out
    assert json.loads(run("show", "--shipped", "--json")[1])["digest"] == POLICY.digest
    assert run("show", "--shipped", "--page")[1].startswith("# The rules of the fold")
    file = tmp_path / "ours.json"
    file.write_text(run("show", "--shipped", "--file")[1])
    code, out = run("check", file, "--json")
    assert (code, json.loads(out)["changed"]) == (0, [])


def test_a_file_is_checked_and_what_it_changes_is_named(tmp_path):
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(changed(conditions_echo__days=90)))
    code, out = run("check", file)
    assert code == 0
    assert "conditions.echo-days: 120 days → 90 days" in out
    file.write_text("{")
    with pytest.raises(Incorrect, match="The policy cannot be used"):
        run("check", file)

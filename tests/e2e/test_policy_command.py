"""Other rules of joining, from the file to the record, as people do it: shown, signed, undone."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import actor
from tests.unit.test_policy import changed, policy
from wholerecord.access import Doorway
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.cli import group
from wholerecord.consent import Role
from wholerecord.fold.policies import Proposal
from wholerecord.fold.policy_check import BadPolicy
from wholerecord.storage import open_store
from wholerecord.storage.keyring import NO_KEYS

_SIGNED = ("--by", "A. Example, clinical safety officer", "--why", "the stroke lead asked for it")
_OTHER = {"conditions_acute__days_stroke": 9}


class Commands:
    """`wholerecord` over one database, without a process for each command."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, *words: str | Path, given: bytes = b"") -> Result:
        return CliRunner().invoke(
            group, list(map(str, words)), input=given, env={"WHOLERECORD_DATABASE": self.url}
        )

    def last(self, *words: str | Path) -> Any:
        return json.loads(self(*words).stdout.splitlines()[-1])

    def strokes(self) -> int:
        shown = self("show", "9990000018")
        assert shown.exit_code == 0, shown
        return shown.stdout.count("Stroke")


async def proposed_by_another(url: str) -> int:
    """The same proposed at the desk, by somebody who is not this operator."""
    async with open_store(url, NO_KEYS) as store:
        door = Doorway(store).door(actor(Role.GOVERNANCE))
        proposal = await door.propose_policy(policy(**_OTHER), why="asked for")
        assert isinstance(proposal, Proposal)
        await compare_waiting(store)
        return proposal.n


@pytest.mark.postgres
def test_a_policy_is_compared_proposed_signed_by_another_and_undone(
    database_url: str, tmp_path: Path
):
    run = Commands(database_url)
    said = bundle(
        patient("p1", "9990000018"),
        condition("c1", "p1", code={"text": "Stroke"}, onsetDateTime="2025-01-01"),
        condition("c2", "p1", code={"text": "Stroke"}, onsetDateTime="2025-01-11"),
    )
    taken = run("ingest", "-", "--source", "gp", "--controller", "A81001", given=said)
    assert taken.exit_code == 0, taken
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(changed(**_OTHER)))
    assert "nobody here has signed it" in run("policy", "show").stdout
    before = run.strokes()

    seen = run("policy", "diff", file)
    assert (seen.exit_code, "1 people: 1 records and 2 entries" in seen.stdout) == (1, True)
    assert "Stroke" in seen.stdout
    lines = run("policy", "diff", file, "--json").stdout.splitlines()
    assert [len(json.loads(lines[0])["entries"]), json.loads(lines[-1])["changed"]] == [2, 1]

    proposed = run.last("policy", "propose", file, *_SIGNED, "--json")
    assert proposed["compared"]["changed"] == 1
    digest = proposed["compared"]["digest"]
    own = run("policy", "sign", "1", "--changes", digest, *_SIGNED)
    assert "you proposed it, so somebody else signs it" in own.output
    assert run.strokes() == before

    n = str(asyncio.run(proposed_by_another(database_url)))
    other = run("policy", "sign", n, "--changes", "e" * 32, *_SIGNED)
    assert (other.exit_code, "is not what you saw" in other.output) == (1, True), other
    assert run("policy", "sign", n, "--changes", digest, *_SIGNED).exit_code == 0
    assert run.strokes() == before + 1
    shown = run.last("policy", "show", "--json")
    assert (shown["version"], shown["signed"]["name"]) == ("ours 1", _SIGNED[1])
    assert run("policy", "diff", file).exit_code == 0

    assert run("policy", "undo", *_SIGNED).exit_code == 0
    assert run.strokes() == before
    told = run.last("policy", "history", "--json")
    assert [one["act"] for one in told["steps"]] == ["signed", "undone"]
    assert not any(one["waiting"] for one in told["proposals"])
    assert run("policy", "undo", *_SIGNED).exit_code == 1


@pytest.mark.parametrize(
    ("body", "says"), [("{", "The policy cannot be used"), ('{"rules": 1}', "rules")]
)
def test_a_file_that_cannot_be_used_is_said_to_be_that_before_a_database_is_asked(
    tmp_path: Path, body: str, says: str
):
    file = tmp_path / "ours.json"
    file.write_text(body)
    for command in (("check", file), ("diff", file), ("propose", file, *_SIGNED)):
        ended = Commands("postgresql://nowhere.invalid/x")("policy", *command)
        assert isinstance(ended.exception, BadPolicy)
        assert says in str(ended.exception)

"""`wholerecord study project|submit|status|outputs`, over a real database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wholerecord.cli import group
from wholerecord.cli.run import operator
from wholerecord.errors import WholerecordError

pytestmark = pytest.mark.postgres
APPROVED = ("--title", "T", "--legal-basis", "section 251", "--controller", "RXA")
UNTIL = ("--ends", "2099-01-01")


@pytest.fixture
def say(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WHOLERECORD_DATABASE", database_url)
    monkeypatch.setenv("WHOLERECORD_FOLDER", str(tmp_path))

    def said(*words: str) -> Result:
        return CliRunner().invoke(group, words)

    return said


def test_a_study_is_sent_in_for_a_project_and_told_how_it_stands(say, tmp_path):
    assert say("study", "status").output.startswith("no study yet")
    assert say("study", "project", "list").output.startswith("no project yet")
    made = say("study", "project", "add", "p1", *APPROVED, *UNTIL, "--person", operator())
    assert made.exit_code == 0, made.output
    key = tmp_path / "studies" / "p1.key"
    assert key.stat().st_mode & 0o077 == 0
    assert str(key) in made.output
    [listed] = json.loads(say("study", "project", "list", "--json").output)
    assert (listed["id"], listed["ends"], listed["purposes"]) == ("p1", "2099-01-01", ["research"])

    study = tmp_path / "s.py"
    assert say("study", "new", str(study)).exit_code == 0
    early = say("study", "submit", str(study), "--project", "p1")
    assert (early.exit_code, "There are no tables yet" in early.output) == (1, True)
    assert say("views", "refresh").exit_code == 0
    sent = say("study", "submit", str(study), "--project", "p1")
    assert "released" in sent.output, sent.output
    assert say("study", "outputs", "2", "--csv").output.startswith("age,sex,people")
    assert say("study", "status", "2").output.startswith("study 2 of p1")
    [two, one] = json.loads(say("study", "status", "--json").output)
    assert (two["standing"], one["standing"]) == ("released", "refused")


def test_what_is_wrong_is_said_and_nothing_is_kept_of_it_but_the_attempt(say, tmp_path):
    for odd in ("P1", "a b", "../x", "-x", "x" * 41):
        assert say(
            "study", "project", "add", *APPROVED, *UNTIL, "--person", "a", "--", odd
        ).exit_code
    assert not (tmp_path / "studies").exists()
    assert say("study", "project", "add", "p1", *APPROVED, *UNTIL, "--person", "ann").exit_code == 0
    again = say("study", "project", "add", "p1", *APPROVED, *UNTIL, "--person", "ann")
    assert isinstance(again.exception, WholerecordError)
    query = tmp_path / "q.SQL"
    query.write_text("SELECT * FROM person")
    assert say("views", "refresh").exit_code == 0
    nobody = say("study", "submit", str(query), "--project", "p1")
    assert "is not named in project p1" in nobody.output
    huge = tmp_path / "huge.py"
    huge.write_bytes(b"#" * 1_000_001)
    assert isinstance(
        say("study", "submit", str(huge), "--project", "p1").exception, WholerecordError
    )
    for odd in ("0", "1", "77", "99999999999999999999"):
        assert say("study", "outputs", odd).exit_code
    assert len(json.loads(say("study", "status", "--json").output)) == 1

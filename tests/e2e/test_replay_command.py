"""A wrong map, mended: from the parked row to the replay, published and undone, as people do it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import COLUMNS
from tests.e2e.program import Program
from wholerecord.cli import group

pytestmark = pytest.mark.postgres
_TABLE = b"Person ID,NHS No,Surname,Service,From,Shoe size\n1,9990000042,EXAMPLE,Meals,,7\n"
_SIGNED = ("--by", "A. Example", "--why", "the council says what the column means")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program with one table that its map did not fit. The server stays up."""
    program = Program(tmp_path / "store")
    columns = tmp_path / "columns.json"
    columns.write_text(json.dumps(COLUMNS))
    holding = program.start("ingest", "-", "--source", "held", stdin=-1)
    words = ("ingest", "-", "--source", "care", "--controller", "E08", "--columns", columns)
    assert program(*words, given=_TABLE).code == 1
    yield program
    holding.communicate(b"", timeout=60)


def test_a_mended_map_is_previewed_published_traced_and_undone(program: Program, tmp_path: Path):
    [item] = program("parked", "--json").last
    assert (item["reason"], item["owner"]) == ("UNKNOWN_COLUMN", "E08")
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(COLUMNS | {"ignore": ["Shoe size"]}))
    asked = ("replay", "--parked", item["n"], "--columns", mended)

    seen = program(*asked, "--json")
    assert (seen.code, seen.last["read"], seen.last["published"]) == (1, 1, None)
    assert seen.last["statements"]["added"] > 0
    assert "EXAMPLE" not in seen.out

    done = program(*asked, "--publish", *_SIGNED)
    assert (done.code, "published as replay 1" in done.out) == (0, True), done
    [traced] = program("trace", item["message"], "--json").last
    assert traced["replays"] == [1]
    assert [one["open"] for one in traced["parked"]] == [False]
    checked = program("check", "--by-day")
    assert (checked.code, "care: 1 received = " in checked.out) == (0, True), checked

    undone = program("replay", "--undo", "1", *_SIGNED)
    assert (undone.code, "replay 1 is undone" in undone.out) == (0, True), undone
    assert [one["n"] for one in program("parked", "--json").last] == [item["n"]]
    feeds = {one["source"]: one for one in program("feeds", "--json").last}
    assert (feeds["care"]["open_parked"], feeds["care"]["learnt"]) == (1, False)


@pytest.mark.parametrize(
    "words",
    [
        ("replay",),
        ("replay", "gp", "--parked", "1"),
        ("replay", "gp", "--publish"),
        ("replay", "--undo", "1", "--by", "A. Example"),
        ("replay", "gp", "--since", "yesterday"),
        ("parked", "--assign", "1"),
        ("parked", "--assign", "1", "--note", "1", "--why", "both"),
        ("trace",),
    ],
)
def test_what_is_asked_wrongly_is_said_before_any_store_is_opened(words: tuple[str, ...]):
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 2
    assert "Usage:" in ended.output

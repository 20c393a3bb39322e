"""The command line as people use it: real processes over an embedded database."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from tests.e2e.deliveries import COLUMNS, gathered, hl7
from tests.e2e.program import Program
from wholerecord.cli import group

pytestmark = pytest.mark.postgres
_SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
_MEMORY = 600 * 1024  # KiB


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path]]:
    """A program whose store took the folder of good and bad deliveries. The server stays up."""
    folder = tmp_path_factory.mktemp("filled")
    program = Program(folder / "store")
    gathered(folder / "in")
    holding = program.start("ingest", "-", "--source", "held", stdin=-1)
    ended = program("ingest", folder / "in", "--source", "gp", "--controller", "RXA")
    assert ended.code == 1, ended
    (folder / "summary.json").write_text(ended.out.splitlines()[-1])
    yield program, folder
    holding.communicate(b"", timeout=60)


@pytest.fixture
def program(filled: tuple[Program, Path]) -> Program:
    return filled[0]


def test_what_is_good_is_filed_and_what_is_bad_is_parked_with_its_reason(filled):
    program, folder = filled
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["files"] == 20
    assert summary["refused"] == {}
    parked = program("parked", "--json", "--source", "gp")
    assert parked.code == 1
    assert sorted((each["reason"], each["place"]) for each in parked.last) == [
        ("BAD_DELIMITERS", "MSH-2"),
        ("BAD_VALUE", "MSH-9"),
        ("CUT_SHORT", ""),
        ("CUT_SHORT", "after 141 bytes unpacked"),
        ("EMPTY", ""),
        ("NOT_JSON", ""),
        ("NOT_READ_YET", ""),
        ("NOT_RECOGNISED", ""),
        ("NOT_TEXT", "MSH-18"),
        ("NOT_TEXT", "byte 140"),
        ("NO_COLUMNS", ""),
        ("NO_PATIENT", ""),
        ("NO_PATIENT", "entry[0]"),
        ("OTHER_VERSION", "MSH-12"),
        ("OTHER_VERSION", "entry[0]"),
    ]
    assert sum(summary["parked"].values()) == len(parked.last)
    assert {each["owner"] for each in parked.last} == {"RXA"}


def test_the_sum_holds_after_all_that(program):
    ended = program("check", "--json")
    assert ended.code == 0, ended
    found = ended.last
    assert found["reckoning"]["wrong"] == []
    assert found["reckoning"]["waiting"] == 0
    assert found["log"]["broken"] == ""
    assert "nothing is lost" in program("check").out


def test_a_damaged_archive_is_kept_and_parked_and_said_again(program, tmp_path):
    packed = gzip.compress(b"".join(hl7(n) for n in range(7000, 7200)))[:-2000]
    (tmp_path / "9990000018.hl7.gz").write_bytes(packed)
    words = ("ingest", tmp_path, "--source", "packed", "--controller", "RXA")
    first = program(*words)
    assert (first.code, first.last["refused"]) == (1, {})
    assert first.last["parked"] == {"CUT_SHORT": 1}
    assert first.last["messages"] == 1
    again = program(*words)
    assert (again.code, again.last["parked"], again.last["still_parked"]) == (1, {}, 1)
    assert "again, and still parked: 1" in again.err
    [item] = program("parked", "--source", "packed", "--json").last
    assert item["place"].startswith("after ")
    traced = program("trace", str(item["message"]))
    assert "(NHS number).hl7 (packed)" in traced.out
    assert "9990000018" not in traced.out
    program("parked", "--release", str(item["n"]), "--why", "it was sent again whole")
    assert program(*words).code == 0


def test_the_same_folder_again_changes_nothing(filled):
    program, folder = filled
    before = program("check", "--json").last["reckoning"]
    again = program("ingest", folder / "in", "--source", "gp").last
    assert again["again"] == again["messages"]
    assert (again["statements"], again["parked"]) == (0, {})
    assert program("check", "--json").last["reckoning"] == before


def test_standard_input_is_taken(program):
    ended = program(
        "ingest", "-", "--source", "pipe", "--controller", "RXB", given=hl7(21) + hl7(22)
    )
    assert (ended.code, ended.last["messages"], ended.last["files"]) == (0, 2, 1)


def test_a_table_with_a_column_nobody_declared_is_parked(program, tmp_path):
    columns = tmp_path / "columns.json"
    columns.write_text(json.dumps(COLUMNS))
    table = b"Person ID,NHS No,Surname,Service,From,Shoe size\n1,9990000042,EXAMPLE,Meals,,7\n"
    words = ("ingest", "-", "--source", "care", "--controller", "E08", "--columns", columns)
    ended = program(*words, given=table)
    assert (ended.code, ended.last["parked"]) == (1, {"UNKNOWN_COLUMN": 1})
    ended = program(*words, given=table.replace(b",Shoe size", b"").replace(b",7", b""))
    assert (ended.code, ended.last["parked"]) == (0, {})


def test_a_record_is_shown_as_text_and_as_json(program):
    text = program("show", "9990000018")
    assert text.code == 0, text
    assert "Ada EXAMPLE, 4 May 1970" in text.out
    assert "2 Jan 2024: Stroke" in text.out
    record = program("show", "999 000 0018", "--json").last
    [entry] = record["entries"]
    assert entry["title"] == "Stroke"
    assert [said["source"] for said in entry["said_by"]] == ["gp"]


def test_a_letter_is_redacted_with_what_the_record_knows(program, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Dr Smith, ada example, 04/05/1970, NHS 999 000 0018: stroke.")
    ended = program("redact", letter, "--person", "9990000018")
    assert (ended.code, ended.out) == (
        0,
        "Dear Dr [NAME 1], [NAME 2] [NAME 3], [DATE OF BIRTH 4], NHS [NHS NUMBER 5]: stroke.\n",
    )
    letter.write_text("Her cleaner Zoravka came.")
    unsure = program("redact", letter, "--person", "9990000018", "--json")
    assert (unsure.code, unsure.last["text"]) == (1, "Her cleaner [NAME 1] came.")
    letter.write_bytes(b"\0\1\2")
    assert program("redact", letter, "--person", "9990000018").code == 2
    assert program("redact", letter, "--person", "9990000026").code in {1, 2}


def test_a_record_is_shown_as_it_was_known(program):
    long_ago = program("show", "9990000018", "--as-of", "2020-01-01")
    assert "Stroke" not in long_ago.out
    assert "Stroke" in program("show", "9990000018", "--as-of", datetime.now(UTC).isoformat()).out


def test_every_look_is_written_down(program):
    before = program("check", "--json").last["log"]["openings"]
    program("show", "9990000018")
    assert program("check", "--json").last["log"]["openings"] == before + 2  # found, and opened


@pytest.mark.parametrize(
    "words",
    [
        ("show", "9990000019"),
        ("show", "hello"),
        ("show", "9990000018", "--as-of", "yesterday"),
        ("parked", "--release", "1"),
        ("parked", "--release", "99999", "--why", "gone"),
        ("ingest", "not-there", "--source", "gp"),
        ("ingest", "-"),
        ("ingest", "-", "--source", "gp", "--columns", "not-there"),
        ("no-such-command",),
        ("serve", "--port", "many"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_is_told_what_is_wrong_with_it(program, words):
    ended = program(*words)
    assert ended.code == 2, ended
    assert ended.err.strip()


def test_nobody_with_that_number_is_said(program):
    ended = program("show", "9990000034")
    assert ended.code == 1
    assert "no source has told of a person" in ended.err


def test_a_parked_item_is_released_with_a_reason_once(program):
    item = program("parked", "--json", "--source", "gp").last[0]["n"]
    ended = program("parked", "--release", str(item), "--why", "sent again", "--json")
    assert ended.code == 0, ended
    assert item not in [each["n"] for each in ended.last]
    assert program("check").code == 0


@pytest.mark.parametrize(
    "command",
    [[], *([name] for name in sorted(group.list_commands(click.Context(group))))],
    ids=str,
)
def test_every_command_has_help(program, command):
    ended = program(*command, "--help")
    assert ended.code == 0
    assert "Usage:" in ended.out


def test_a_setting_that_names_no_database_is_told(tmp_path, monkeypatch):
    program = Program(tmp_path / "store")
    for url in ("mysql://x", "embedded:", "/a/folder"):
        monkeypatch.setattr(Program, "environment", os.environ | {"WHOLERECORD_DATABASE": url})
        ended = program("check")
        assert ended.code == 2, ended
        assert ended.err.count("\n") == 1


@pytest.mark.parametrize("bytes_", [100_000_000 if _SOAK else 20_000_000])
def test_one_enormous_segment_is_parked_within_bounded_memory(tmp_path, bytes_):
    program = Program(tmp_path / "store")
    large = tmp_path / "large.hl7"
    with large.open("wb") as file:
        file.write(hl7(31, "OBX|1|TX|NOTE||").rstrip(b"\r"))
        for _ in range(bytes_ // 1_000_000):
            file.write(b"x" * 1_000_000)
        file.write(b"\r" + hl7(32))
    ended = program.measured("ingest", large, "--source", "pas", "--controller", "RXA")
    assert ended.code == 1, ended
    assert set(ended.last["parked"]) == {"TOO_LARGE"}
    assert ended.last["people"] == 1
    assert ended.peak < _MEMORY, f"{ended.peak} KiB"
    assert program("check").code == 0


def test_two_patients_of_the_store_are_explained_without_their_names(program):
    for number in (41, 42):
        program("ingest", "-", "--source", "pipe", "--controller", "RXB", given=hl7(number))
    traced = [program("trace", f"M{number}", "--json").last[-1] for number in (41, 42)]
    one, other = (each["became"][0]["patient"] for each in traced)

    same = program("people", "explain", one, one, "--json")
    apart = program("people", "explain", one, other)

    assert (same.code, same.last["bits"] > 20) == (0, True)
    assert (apart.code, "none: " in apart.out) == (0, True)
    assert b"PTXOAOAAO^BDFOAAAOOOOO" in hl7(41)
    assert not any(name in same.out + apart.out for name in ("PTXOAOAAO", "BDFOAAAOOOOO"))
    assert program("people", "explain", one, "1").code == 2

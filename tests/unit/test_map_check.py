"""What a map would leave over is seen before anything is filed."""

import json

import pytest
from click.testing import CliRunner

from tests.unit.test_read_csv import COLUMNS, HEADER, ROW, table
from wholerecord.cli import group
from wholerecord.intake.csv import Columns
from wholerecord.intake.csv.preview import OTHERS, preview


def previewed(*rows, header=HEADER, **more):
    columns = Columns.parse(json.dumps({**COLUMNS, **more}).encode())
    return preview(table(*rows, header=header), columns)


def test_a_map_that_fits_leaves_nothing_over():
    found = previewed(ROW, ROW.replace("A1", "A2"))
    assert found.whole
    assert (found.rows, dict(found.made)) == (2, {"CarePlan": 2})
    line, (who, plan) = found.first[0]
    assert (line, who["resourceType"], plan["title"]) == (2, "Patient", "Home care")


def test_every_column_that_is_not_in_the_map_is_counted():
    found = previewed(ROW + ",a,", ROW + ",b,c", header=HEADER + ",Extra,More")
    assert found.columns == {"Extra": 2, "More": 1}
    assert not found.whole


def test_every_column_that_the_table_has_not_is_named():
    header = HEADER.replace("Worker", "Wrker").replace("Setting", "Sting")
    found = previewed(ROW, header=header)
    assert found.missing == ["Setting", "Worker"]
    assert found.columns == {"Wrker": 1, "Sting": 1}


def test_every_value_without_a_meaning_is_counted():
    nine = ROW.replace(",2,LS2", ",9,LS2")
    found = previewed(nine, nine, ROW.replace(",2,LS2", ",8,LS2"))
    assert {name: dict(said) for name, said in found.values.items()} == {"Sex": {"9": 2, "8": 1}}
    assert sum(found.unread.values()) == 3


def test_values_found_and_statuses_without_a_meaning_are_counted_too():
    row = {"shape": "observation", "title": "Service", "value": "Setting", "status": "Worker"}
    row |= {"values": {"Office": {"code": "o"}}, "statuses": {"Y": "final"}}
    columns = ["Ref", "From", "To", "Provider", "Row"]
    found = previewed(ROW, rows=[row], ignore=columns)
    assert {name: dict(said) for name, said in found.values.items()} == {
        "Setting": {"Home": 1},
        "Worker": {"J Kaur": 1},
    }


def test_a_date_that_cannot_be_read_is_shown_by_its_shape_alone():
    found = previewed(ROW.replace("02/03/1950", "2 Mar 1950"))
    assert {name: dict(said) for name, said in found.dates.items()} == {"Born": {"9 AAA 9999": 1}}
    assert "1950" not in str(found)


def test_rows_that_no_template_says_anything_of_are_counted_by_their_kind():
    rows = [{**COLUMNS["rows"][0], "when": {"column": "Service", "values": ["Meals"]}}]
    found = previewed(ROW, rows=rows)
    assert dict(found.values["Service"]) == {"Home care": 1}
    assert not found.whole


def test_different_values_are_told_apart_up_to_a_number():
    rows = [ROW.replace(",2,LS2", f",x{n},LS2") for n in range(300)]
    found = previewed(*rows)
    assert found.values["Sex"][OTHERS] == 100
    assert sum(found.values["Sex"].values()) == 300


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\xff", b'"never'])
def test_what_is_no_table_is_not_whole(body):
    assert not preview(body, Columns.parse(json.dumps(COLUMNS).encode())).whole


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setenv("WHOLERECORD_DATABASE", f"embedded:{tmp_path / 'database'}")

    def write(body):
        (tmp_path / "map.json").write_text(json.dumps(COLUMNS))
        (tmp_path / "t.csv").write_bytes(body)
        return ["map", "check", str(tmp_path / "map.json"), str(tmp_path / "t.csv")]

    return write


def ran(*command):
    return CliRunner().invoke(group, [*command])


def test_the_command_needs_no_database_and_writes_nothing(written, tmp_path):
    command = written(table(ROW))
    before = sorted(tmp_path.iterdir())
    result = ran(*command)
    assert result.exit_code == 0, result.output
    assert "the map leaves nothing over" in result.output
    assert sorted(tmp_path.iterdir()) == before


def test_the_command_exits_with_one_when_anything_is_left_over(written):
    bad = table(ROW.replace(",2,LS2", ",\x1b[2J,LS2"))
    result = ran(*written(bad))
    assert result.exit_code == 1
    assert "value not in the map: Sex" in result.output
    assert "\x1b" not in result.output  # nothing of a table drives the terminal
    said = json.loads(ran(*written(bad), "--json").output)
    assert said["unmapped_values"] == {"Sex": {"\x1b[2J": 1}}


def test_a_map_that_is_none_is_said_to_be_wrong(written, tmp_path):
    command = written(table(ROW))
    (tmp_path / "map.json").write_text("{}")
    result = ran(*command)
    assert result.exit_code == 2
    assert "person" in result.output

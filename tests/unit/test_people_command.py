"""`wholerecord people`: training, matching, explaining and reporting on tables, and bad ones."""

import json

import pytest
from click.testing import CliRunner

from benchmarks.people_region import TUNING, write
from wholerecord.cli import group
from wholerecord.cli.people.verify import NoPds
from wholerecord.errors import Incorrect
from wholerecord.people.model import BadModel, load

HEADING = "id,family,given,born,sex,postcode,phone,nhs_number,nhs_status\n"
SAME = "1,Okafor,Grace,1948-03-02,female,LS2 9JT,07000 900123,9990000018,01\n"
TWICE = "2,OKAFOR,Grace Amara,1948-03-02,female,LS2 9JT,07000900123,,\n"
TWIN = "3,Okafor,Joy,1948-03-02,female,LS2 9JT,07000900123,9990000026,01\n"


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    file = tmp_path_factory.mktemp("region") / "region.csv"
    write(file, 3000, TUNING)
    return file


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "patients.csv"
    file.write_text(HEADING + SAME + TWICE + TWIN, encoding="utf-8")
    return file


def run(*words):
    result = CliRunner().invoke(group, ["people", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def lines(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_table_is_matched_and_what_needs_a_person_is_written_beside(table, tmp_path):
    to, review = tmp_path / "people.jsonl", tmp_path / "look.jsonl"

    code, output = run("match", table, "--to", to, "--review", review)

    assert [(row["id"], row["person"]) for row in lines(to)] == [("1", "1"), ("2", "1"), ("3", "3")]
    asked = [{row["a"], row["b"]} for row in lines(review)]
    assert asked == [{"2", "3"}]  # twins: of those two, one has no number
    assert code == 1
    assert "3 records are 2 people" in output


def test_research_joins_no_more_than_others(region, tmp_path):
    people = {}
    for use in ("bulk", "research"):
        run("match", region, "--to", tmp_path / use, "--use", use)
        people[use] = {row["person"] for row in lines(tmp_path / use)}

    assert len(people["research"]) > len(people["bulk"])


def test_a_model_is_trained_anew_and_used(region, tmp_path):
    model, to = tmp_path / "model.json", tmp_path / "people.jsonl"

    code, output = run("train", region, "--to", model, "--version", "ours-1", "--pairs", 50_000)

    assert (code, "trained ours-1 on 3,000 records" in output) == (0, True)
    learnt = load(model)
    assert learnt.version == "ours-1"
    assert learnt.trained_on["records"] == 3000
    assert learnt.thresholds == load().thresholds
    assert learnt.comparisons["born"].levels["exact"].weight > 8
    assert "(ours-1, bulk)" in run("match", region, "--to", to, "--model", model)[1]
    assert run("report", "--model", model)[1].startswith("ours-1: records 3000")


def test_two_rows_are_explained_comparison_by_comparison(table):
    code, output = run("explain", "1", "2", "--file", table)

    assert code == 0
    assert "the date of birth is the same" in output
    assert "certain: name, date of birth and a way to reach them agree" in output
    said = json.loads(run("explain", "1", "3", "--file", table, "--json")[1])
    assert (said["outcome"], said["veto"]) == ("none", True)
    assert said["bits"] == pytest.approx(sum(part["bits"] for part in said["parts"]))
    assert "Okafor" not in output


def test_the_model_is_printed_with_every_level():
    output = run("report")[1]
    said = json.loads(run("report", "--json")[1])

    assert "bulk: joined from 19 bits" in output
    assert "by how many bear it" in output
    for name, comparison in load().comparisons.items():
        assert said["comparisons"][name].keys() == comparison.levels.keys()


def test_for_whom_it_is_less_right_is_a_number(region):
    code, output = run("report", "--fairness", region, "--use", "bulk")
    said = json.loads(run("report", "--fairness", region, "--use", "bulk", "--json")[1])

    assert code == 0
    assert "3,000 records, pairs joined from 19 bits" in output
    assert said["by"].keys() == {"age", "deprivation", "origin", "sex"}
    sexes = said["by"]["sex"]["groups"]
    shares = [each["recall"] for each in sexes.values()]
    assert sexes.keys() == {"female", "male"}
    assert 0.9 < min(shares) <= max(shares) <= 1
    assert said["by"]["sex"]["gap"] == pytest.approx(max(shares) - min(shares))
    assert f"largest gap in recall {said['largest_gap']:.4f}, by " in output


def test_fairness_needs_to_know_who_each_truly_is(table):
    with pytest.raises(Incorrect, match="no column `person`"):
        run("report", "--fairness", table)
    assert run("report", "--fairness", table, "--use", "nobody")[0] == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no column `id`"),
        (b"family,given\nOkafor,Grace\n", "no column `id`"),
        (b"id,shoe size\n1,7\n", "none of the columns"),
        (b"id,family\n1,Okafor\n1,Grace\n", "1 records with the id of another"),
        (b"id,family\n1,Okafor\n,Grace\n", "1 records without an id"),
        (b"id,family\n1,Okafor\n2,\xff\xfeGrace\n", "in UTF-8"),
        (b'id,family\n1,"Okafor\n2,Grace\n', "damaged"),
    ],
)
def test_a_bad_table_is_refused_without_a_word_of_what_stands_in_it(tmp_path, body, says):
    file = tmp_path / "patients.csv"
    file.write_bytes(body)

    with pytest.raises(Incorrect) as refused:
        run("match", file, "--to", tmp_path / "people.jsonl")

    assert says in str(refused.value)
    assert "Okafor" not in str(refused.value)
    assert not (tmp_path / "people.jsonl").exists()


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    file = tmp_path / "patients.parquet"
    file.write_bytes(b"PAR1")

    with pytest.raises(Incorrect, match="no Parquet file"):
        run("match", file, "--to", tmp_path / "people.jsonl")


def test_headings_are_read_in_any_case_and_other_columns_left_alone(tmp_path):
    file, to = tmp_path / "patients.csv", tmp_path / "people.jsonl"
    body = HEADING.upper().replace("ID,", 'ID,"shoe ""size""",', 1)
    rows = [line.replace(",", ",7,", 1) for line in (SAME, TWICE, TWIN)]
    file.write_text(body + "".join(rows), encoding="utf-8")

    assert "3 records are 2 people" in run("match", file, "--to", to)[1]
    assert "certain" in run("explain", "1", "2", "--file", file)[1]


def test_odd_people_in_a_table_are_people(tmp_path):
    file = tmp_path / "patients.csv"
    odd = (
        "4,Okafor,,,,,,,\n5,,,2024-13-45,,,,,\n6,王,李,1948-03-02,,,,,\n7,,,,,,,,\n"
        "8,Unknown,Male,1900-01-01,male,ZZ99 3VZ,0000000000,9999999999,01\n"
    )
    file.write_text(HEADING + odd, encoding="utf-8")

    code, output = run("match", file, "--to", tmp_path / "people.jsonl")

    assert (code, "5 records are 5 people" in output) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "1", "9", "--file", "TABLE"),
        ("match", "TABLE", "--to", "TO", "--use", "fun"),
        ("match", "missing.csv", "--to", "TO"),
        ("explain", "Okafor", "2"),
    ],
)
def test_a_wrong_command_says_so(table, tmp_path, monkeypatch, words):
    monkeypatch.setenv("WHOLERECORD_DATABASE", f"embedded:{tmp_path / 'record'}")
    named = {"TABLE": table, "TO": tmp_path / "people.jsonl"}

    code, output = run(*(named.get(word, word) for word in words))

    assert code == 2
    assert "Error" in output


def test_no_amount_of_memory_is_said(table, tmp_path):
    with pytest.raises(Incorrect, match="no amount of memory"):
        run("match", table, "--to", tmp_path / "people.jsonl", "--memory", "much")


@pytest.mark.parametrize("body", [b"", b"\xff", b"{}", b"MODEL"])
def test_a_bad_model_is_refused(table, tmp_path, body):
    file = tmp_path / "model.json"
    if body == b"MODEL":
        said = json.loads(json.dumps(json.loads(run("report", "--json")[1])))
        body = json.dumps({**said, "terms": {}}).encode()
    file.write_bytes(body)

    with pytest.raises(BadModel):
        run("match", table, "--to", tmp_path / "people.jsonl", "--model", file)


def test_asking_pds_needs_to_be_told_where_it_is(monkeypatch):
    monkeypatch.delenv("WHOLERECORD_PDS_URL", raising=False)
    with pytest.raises(NoPds, match="WHOLERECORD_PDS_URL"):
        run("verify", "17")

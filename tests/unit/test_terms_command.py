"""`wholerecord terms`, from loading to asking, with its exit codes."""

import json

import pytest
from click.testing import CliRunner

from tests.unit import terms_releases as made
from wholerecord.cli import group
from wholerecord.errors import NotFound, WholerecordError
from wholerecord.terms import Terminology, take_up
from wholerecord.terms.content import BadRelease


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("WHOLERECORD_DATABASE", f"embedded:{tmp_path / 'record'}")
    monkeypatch.delenv("WHOLERECORD_FOLDER", raising=False)
    runner = CliRunner()

    def ran(*words):
        result = runner.invoke(group, ["terms", *map(str, words)])
        if isinstance(result.exception, WholerecordError):
            raise result.exception
        return result.exit_code, result.output

    yield ran
    take_up(Terminology())


def test_nothing_loaded_is_said(run):
    code, output = run("status")
    assert code == 0
    assert "no terminology release is loaded" in output


def test_a_release_is_loaded_shown_asked_and_dropped(run, tmp_path):
    code, output = run("load", "snomed", made.snomed(tmp_path / "rf2"))
    assert (code, "is in force: 13 codes" in output) == (0, True)
    assert "left out: map reference set 123456789012" in output
    assert run("subsumes", made.STROKE, made.POSTERIOR)[0] == 0
    assert run("subsumes", made.POSTERIOR, made.STROKE)[0] == 1
    shown = run("show", made.LUNG_SARCOIDOSIS)[1]
    assert "Lung sarcoidosis (disorder)" in shown
    assert "maps to icd10 D860 (relatedto)" in shown
    assert f"the fold takes it as snomed:{made.LUNG_SARCOIDOSIS}" in shown
    assert "RETIRED" in run("show", made.OLD_SARCOIDOSIS)[1]
    assert json.loads(run("show", made.STROKE, "--json")[1])["concept"] == "stroke"
    assert made.POSTERIOR in run("find", "posterior str")[1]
    assert "20260301" in run("status", "--whole")[1]
    run("drop", "snomed")
    with pytest.raises(NotFound):
        run("show", made.POSTERIOR)


def test_a_damaged_release_is_said_and_counts_as_work(run, tmp_path):
    run("load", "dmd", made.dmd(tmp_path / "dmd"))
    [file] = (tmp_path / "record" / "terms").glob("*.release")
    body = bytearray(file.read_bytes())
    body[5000] ^= 1
    file.write_bytes(body)
    assert run("status")[0] == 0
    code, output = run("status", "--whole")
    assert (code, "not as it was written" in output) == (1, True)
    file.unlink()
    code, output = run("status")
    assert (code, "missing or cut short" in output) == (1, True)


def test_a_bad_release_says_what_is_wrong_and_changes_nothing(run, tmp_path):
    run("load", "dmd", made.dmd(tmp_path / "dmd"))
    before = run("status")[1]
    (tmp_path / "dmd" / "f_amp2_3010326.xml").unlink()
    with pytest.raises(BadRelease, match="Missing: f_amp2"):
        run("load", "dmd", tmp_path / "dmd")
    assert run("status")[1] == before


def test_codelists_stand_beside_each_other(run, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(f"code,term\n{made.STROKE},Stroke\n")
        run("load", "codelist", tmp_path / f"{name}.csv")
    rows = json.loads(run("status", "--json")[1])["releases"]
    assert [row["name"] for row in rows] == ["codelist/one", "codelist/two"]

"""`wholerecord people pds`: what PDS says is read to a file, and changed only as it was read."""

import asyncio
import json
import stat
import sys

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import bundle
from tests.e2e.deliveries import patient as feeds_patient
from tests.unit.door_site import NUMBER, site
from tests.unit.test_pds import OTHER, person, serving
from wholerecord.cli.people import people
from wholerecord.errors import Incorrect, NotFound
from wholerecord.intake.pds import NoPatch, changes_of

FEMALE = [{"op": "replace", "path": "/gender", "value": "female"}]


def as_known(version="7", **more):
    """The patient of `site` as PDS has them."""
    return person(NUMBER) | {"meta": {"versionId": version}} | more


@pytest.fixture
def there(monkeypatch, tmp_path):
    """The command over a store in memory and a PDS on loopback, and both of them."""
    runner = asyncio.Runner()
    way, known = runner.run(site(bundle(feeds_patient("p1", NUMBER))))
    [member] = runner.run(way.store.members(known))
    for name in ("verify", "pds"):
        module = sys.modules[f"wholerecord.cli.people.{name}"]
        monkeypatch.setattr(module, "on_store", lambda work: runner.run(work(way.store)))
    token = tmp_path / "token"
    token.write_text("a-token", encoding="ascii")
    patch = tmp_path / "patch.json"
    patch.write_text(json.dumps(FEMALE), encoding="utf-8")
    with runner, serving() as server:
        monkeypatch.setenv("WHOLERECORD_PDS_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("WHOLERECORD_PDS_TOKEN_FILE", str(token))

        def run(*words):
            result = CliRunner().invoke(people, ["pds", *map(str, words)])
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            return result.exit_code, result.output

        def looks():
            return [one for one in runner.run(way.store.openings()) if one.person == known]

        yield run, server, member.patient, looks


def test_what_pds_says_is_written_for_the_owner_alone_and_its_version_printed(there, tmp_path):
    run, server, patient, looks = there
    server.will(200, as_known())
    to = tmp_path / "theirs.json"

    code, output = run("read", patient, "--to", to)

    assert (code, output.startswith("7 is the version")) == (0, True), output
    assert json.loads(to.read_bytes()) == as_known()
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert "Example" not in output
    assert NUMBER not in output
    assert [one.actor.startswith("operator:") for one in looks()] == [True]
    with pytest.raises(Incorrect, match="cannot be made"):
        run("read", patient, "--to", to)


def test_somebody_elses_details_are_neither_written_nor_changed(there, tmp_path):
    run, server, patient, _ = there
    server.will(200, as_known(birthDate="1999-01-02", name=[{"family": "Nobody"}]))
    to = tmp_path / "theirs.json"

    assert run("read", patient, "--to", to)[0] == 1
    code, output = run("update", patient, tmp_path / "patch.json", "--if-match", "7")

    assert (code, output) == (
        1,
        "nothing was changed: the number is somebody else's, or too little agrees\n",
    )
    assert not to.exists()
    assert server.sent == []


def test_a_change_is_of_the_version_that_was_read_and_its_answer_is_kept(there, tmp_path):
    run, server, patient, _ = there
    server.will(200, as_known("7"))
    server.will(200, as_known("8", gender="female"))

    words = ("update", patient, tmp_path / "patch.json", "--if-match", "7", "--keep", "other")
    code, output = run(*words, "--json")

    told = json.loads(output)
    assert (code, told["changed"], told["version"]) == (0, True, "8")
    assert told["message"]
    assert server.asked[-1][2]["If-Match"] == 'W/"7"'
    assert json.loads(server.sent[-1]) == {"patches": FEMALE}


def test_what_somebody_else_changed_since_is_not_overwritten(there, tmp_path):
    run, server, patient, _ = there
    server.will(200, as_known("8"))

    code, output = run("update", patient, tmp_path / "patch.json", "--if-match", "7")

    assert (code, "read it again" in output) == (1, True)
    assert server.sent == []


def test_a_change_between_reading_and_changing_is_not_overwritten(there, tmp_path):
    run, server, patient, _ = there
    server.will(200, as_known("7"))
    server.will(200, as_known("8"))
    server.holds = "8"

    code, output = run("update", patient, tmp_path / "patch.json", "--if-match", "7")

    assert (code, "read it again" in output) == (1, True)


def test_without_a_version_nothing_is_asked(there, tmp_path):
    run, server, patient, _ = there

    code, output = run("update", patient, tmp_path / "patch.json")

    assert (code, "--if-match" in output) == (2, True)
    assert server.asked == []


def test_nobody_is_changed_who_is_not_here(there, tmp_path):
    run, server, _, _ = there

    with pytest.raises(NotFound):
        run("update", OTHER, tmp_path / "patch.json", "--if-match", "7")
    assert server.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'[{"op": "move", "path": "/a", "from": "/b"}]',
        b'[{"op": "replace", "path": "gender", "value": "x"}]',
        b'[{"op": "replace", "path": "/gender"}]',
        b'[{"op": "remove", "path": "/gender", "value": 1}]',
        b"[" * 100_000,
        b'[{"op": "remove", "path": "/gender"}'
        + b',{"op": "remove", "path": "/gender"}' * 100
        + b"]",
        b'[{"op": "add", "path": "/gender", "value": "' + b"x" * 70_000 + b'"}]',
        b"\xff\xfe",
    ],
)
def test_what_is_no_patch_is_refused_in_words(body):
    with pytest.raises(NoPatch) as refused:
        changes_of(body)
    assert "gender" not in str(refused.value)

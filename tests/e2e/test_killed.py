"""Killed at any moment: what was acknowledged is there once, and the next start works.

The kernel ends programs here with SIGKILL, which asks nobody. That is no proof of durability
against a power cut; it is one of recovery.
"""

import os
import pwd
import random
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.deliveries import hl7
from tests.e2e.program import PROGRAM, Program
from tests.e2e.serving import children, free, gone, postmaster, ready, until
from tests.e2e.storm import storm

pytestmark = pytest.mark.postgres
_SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
_MESSAGES = 20_000 if _SOAK else 800
_SEEDS = range(12 if _SOAK else 1)
_ROOT = os.geteuid() == 0


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "store")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Messages about as many patients, in one file."""
    file = tmp_path / "many.hl7"
    file.write_bytes(b"".join(hl7(n) for n in range(_MESSAGES)))
    return file


def _ingest(file: Path) -> tuple[Any, ...]:
    return ("ingest", file, "--source", "pas", "--controller", "RXA")


def _everything_is_there_once(program: Program, file: Path) -> None:
    ended = program(*_ingest(file))
    assert ended.code == 0, ended
    assert ended.last["messages"] == _MESSAGES
    checked = program("check", "--json")
    assert checked.code == 0, checked
    found = checked.last["reckoning"]
    assert (found["kept"], found["waiting"], found["wrong"]) == (_MESSAGES, 0, [])
    assert found["patients"] == found["people"] == _MESSAGES
    assert checked.last["log"]["broken"] == ""


@pytest.mark.parametrize("seed", _SEEDS)
def test_an_ingest_that_is_killed_is_finished_by_the_next(program, many, seed):
    rng = random.Random(seed)  # noqa: S311 - when to kill, again
    for _ in range(2):
        with program.start(*_ingest(many)) as process:
            time.sleep(rng.uniform(0.4, 2.5))
            process.kill()
    _everything_is_there_once(program, many)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_database_that_is_killed_recovers(program, many, seed):
    rng = random.Random(100 + seed)  # noqa: S311 - when to kill, again
    with program.start(*_ingest(many)) as process:
        pid = until(lambda: postmaster(program))
        time.sleep(rng.uniform(0.3, 1.5))
        os.kill(pid, signal.SIGKILL)
        _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err, err.decode()
    _everything_is_there_once(program, many)


def _served(program: Program, *words: str, **more: Any) -> tuple[subprocess.Popen[bytes], int]:
    """A program that serves, and its port, once it answers."""
    port = free()
    ports = ("--port", str(port), "--mllp-port", str(free()))
    process = program.start(*words, *ports, stdin=subprocess.DEVNULL, **more)
    until(lambda: process.poll() is not None or ready(port))
    return process, port


@pytest.mark.parametrize("words", [("serve",), ("demo", "--people", "10")], ids=" ".join)
def test_a_server_that_is_killed_leaves_nobody_behind_and_starts_again(program, words):
    for _ in range(2):
        process, port = _served(program, *words)
        with process:
            assert ready(port), process.communicate()
            workers = until(lambda at=process: children(at.pid))
            process.kill()
        assert until(lambda at=workers: all(gone(worker) for worker in at))
    process, port = _served(program, *words)
    with process:
        assert ready(port)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert b"Traceback" not in err, err.decode()
    checked = program("check")
    assert checked.code == 0, checked


@pytest.mark.parametrize(
    ("asked", "code", "group"),
    [(signal.SIGINT, 130, True), (signal.SIGTERM, 143, True), (signal.SIGTERM, 143, False)],
    ids=["Ctrl-C", "SIGTERM to all", "SIGTERM"],
)
def test_a_server_that_is_told_to_end_ends_all_it_started(program, asked, code, group):
    process, port = _served(program, "serve", start_new_session=True)
    with process:
        assert ready(port), process.communicate()
        workers = until(lambda: children(process.pid))
        (os.killpg if group else os.kill)(process.pid, asked)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, b"Traceback" in err) == (code, False), err.decode()
    assert postmaster(program) is None
    assert all(gone(worker) for worker in workers)


def test_an_ingest_that_is_told_to_end_leaves_no_database_running(program, many):
    with program.start(*_ingest(many)) as process:
        until(lambda: postmaster(program))
        process.terminate()
        _, err = process.communicate(timeout=30)
    assert (process.returncode, b"Traceback" in err) == (143, False), err.decode()
    assert postmaster(program) is None
    _everything_is_there_once(program, many)


def test_kills_at_random_lose_nothing_that_was_acknowledged(program):
    """The worker, the program and the database, while a source sends: `benchmarks.kills`, short."""
    said = storm(program, kills=3, seed=7)
    assert said.wrong == []
    assert sum(said.killed.values()) == 3
    assert said.acknowledged > 3


def test_two_programs_share_one_folder(program, many, tmp_path):
    other = tmp_path / "other.hl7"
    other.write_bytes(b"".join(hl7(n) for n in range(5000, 5100)))
    with program.start(*_ingest(many)) as first, program.start(*_ingest(other)) as second:
        for process in (first, second):
            _, err = process.communicate(timeout=60)
            assert (process.returncode, b"Traceback" in err) == (0, False), err.decode()
    found = program("check", "--json").last["reckoning"]
    assert (found["kept"], found["waiting"], found["wrong"]) == (_MESSAGES + 100, 0, [])


def test_two_servers_seal_one_log(program):
    first, _ = _served(program, "serve")
    second, _ = _served(program, "serve")
    with first, second:
        for _ in range(3):
            assert program("show", "9990000018").code == 1  # nobody; written down all the same
            time.sleep(1.1)
        for process in (first, second):
            process.send_signal(signal.SIGINT)
        for process in (first, second):
            _, err = process.communicate(timeout=30)
            assert b"Traceback" not in err, err.decode()
    checked = program("check", "--json")
    assert checked.code == 0, checked
    assert checked.last["log"]["unsealed"] == 0


def test_a_port_in_use_is_told_in_one_line(program):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for words in (
            ("--port", port, "--mllp-port", str(free())),
            ("--port", str(free()), "--mllp-port", port),
        ):
            ended = program("serve", *words)
            assert ended.code == 3, ended
            assert "choose another port" in ended.err


def test_a_folder_of_another_version_is_told_in_one_line(program):
    (program.folder / "postgresql").mkdir(parents=True)
    (program.folder / "postgresql/PG_VERSION").write_text("9\n")
    for words in (("check",), ("serve",), ("parked",)):
        ended = program(*words)
        assert ended.code == 3, ended
        assert "another major version" in ended.err
        assert "It is of version 9" in ended.err


def test_a_folder_that_is_a_file_is_told_in_one_line(program):
    program.folder.write_text("not a folder")
    ended = program("check")
    assert ended.code == 3, ended
    assert "cannot be used" in ended.err


_USER = pwd.getpwnam("nobody").pw_uid
_NOBODY = ("setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups")


@pytest.mark.skipif(not _ROOT, reason="already an ordinary user: every other test here is this one")
def test_an_ordinary_user_takes_in_checks_and_shows(many):
    reachable = subprocess.run((*_NOBODY, str(PROGRAM), "--version"), check=False, cwd="/")  # noqa: S603
    if reachable.returncode:
        pytest.skip("an ordinary user cannot read this installation (its Python is root's own)")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "many.hl7").write_bytes(many.read_bytes())
        os.chown(home, _USER, _USER)
        program = Program(home / "store", _NOBODY)
        _everything_is_there_once(program, home / "many.hl7")
        assert program("show", "9990000018").code == 1
        home.chmod(0o500)
        os.chown(home, 0, 0)
        ended = Program(home / "new", _NOBODY)("check")
        assert ended.code == 3, ended
        assert ended.err.count("Permission denied") == 1

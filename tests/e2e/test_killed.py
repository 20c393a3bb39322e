"""Killed at any moment: what was acknowledged is there once, and the next start works.

The kernel ends programs here with SIGKILL, which asks nobody. That is no proof of durability
against a power cut; it is one of recovery.
"""

import asyncio
import os
import pwd
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from tests.e2e.deliveries import hl7
from tests.e2e.program import PROGRAM, Program
from wholerecord.intake import mllp

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
        pid = _until(lambda: _postmaster(program))
        time.sleep(rng.uniform(0.3, 1.5))
        os.kill(pid, signal.SIGKILL)
        _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err, err.decode()
    _everything_is_there_once(program, many)


def _postmaster(program: Program) -> int | None:
    """The process id of the running server, once it takes connections."""
    try:
        lines = (program.folder / "postgresql/postmaster.pid").read_text().split("\n")
    except OSError:
        return None
    return int(lines[0]) if len(lines) > 7 and lines[7].strip() == "ready" else None


def _until(found: Callable[[], Any], seconds: float = 20) -> Any:
    """What `found` gives, once it is something."""
    ends = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.02)
    return what


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _children(pid: int) -> set[int]:
    """The processes this one started."""
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(child) for child in said.split()}


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def _served(program: Program, *words: str) -> tuple[subprocess.Popen[bytes], int]:
    """A program that serves, and its port, once it answers."""
    port = _free()
    ports = ("--port", str(port), "--mllp-port", str(_free()))
    process = program.start(*words, *ports, stdin=subprocess.DEVNULL)
    _until(lambda: process.poll() is not None or _ready(port))
    return process, port


@pytest.mark.parametrize("words", [("serve",), ("demo", "--people", "10")], ids=" ".join)
def test_a_server_that_is_killed_leaves_nobody_behind_and_starts_again(program, words):
    for _ in range(2):
        process, port = _served(program, *words)
        with process:
            assert _ready(port), process.communicate()
            workers = _until(lambda at=process: _children(at.pid))
            process.kill()
        assert _until(lambda at=workers: all(_gone(worker) for worker in at))
    process, port = _served(program, *words)
    with process:
        assert _ready(port)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert b"Traceback" not in err, err.decode()
    checked = program("check")
    assert checked.code == 0, checked


#: Kills of the worker, the program and the database in one run.
_KILLS = 200 if _SOAK else 3


class _Feed:
    """A source that sends over MLLP whatever happens, each message until it is acknowledged."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ending = threading.Event()
        self.acknowledged: list[int] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send()))

    async def _send(self) -> None:
        n = 0
        while not self._ending.is_set():
            try:
                batch = [hl7(number) for number in range(n, n + 50)]
                async for answer in mllp.send("127.0.0.1", self._port, batch, patience=20):
                    if not answer.taken:
                        break  # not now; send it again
                    assert answer.control == f"M{n}"
                    self.acknowledged.append(n)
                    n += 1
                    await asyncio.sleep(0.002)
            except mllp.NotAnswered:
                await asyncio.sleep(0.05)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(60)


def test_kills_at_random_lose_nothing_that_was_acknowledged(program):
    """The worker, the program or the database, while a source sends."""
    rng = random.Random(7)  # noqa: S311 - whom to kill, and when, again
    victims = [("worker", "program", "database")[n % 3] for n in range(_KILLS)]
    rng.shuffle(victims)
    declared = program.folder.parent / "first.hl7"
    declared.write_bytes(hl7(999_999))
    assert program(*_ingest(declared)).code == 0
    mllp_port = _free()
    words = ("--mllp-port", str(mllp_port), "--mllp-source", "pas")
    process, port = _serving(program, *words)
    try:
        with _Feed(mllp_port) as feed:
            for victim in victims:
                had = len(feed.acknowledged)
                _until(lambda had=had: len(feed.acknowledged) > had, 60)
                time.sleep(rng.uniform(0, 0.6))
                if victim == "program":
                    process.kill()
                    process.communicate()
                    process, port = _serving(program, *words, port=port)
                elif victim == "worker":
                    for child in _until(lambda at=process: _workers(at.pid)):
                        os.kill(child, signal.SIGKILL)
                else:
                    os.kill(_until(lambda: _postmaster(program), 60), signal.SIGKILL)
            had = len(feed.acknowledged)
            _until(lambda: len(feed.acknowledged) > had, 60)
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err, err.decode()
    assert feed.acknowledged == list(range(len(feed.acknowledged)))
    again = program.folder.parent / "again.hl7"
    again.write_bytes(b"".join(hl7(n) for n in feed.acknowledged))
    ended = program(*_ingest(again), seconds=600)
    assert ended.last["again"] == ended.last["messages"] == len(feed.acknowledged)
    checked = program("check", "--json", seconds=600)
    assert checked.code == 0, checked
    found = checked.last["reckoning"]
    # One more than was acknowledged at most: the one whose acknowledgement did not come through.
    assert 0 <= found["kept"] - len(feed.acknowledged) - 1 <= 64
    assert (found["waiting"], found["wrong"]) == (0, [])
    assert found["patients"] == found["people"] == found["kept"]


def _serving(
    program: Program, *words: str, port: int | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """`serve` on these ports, once it answers."""
    port = port or _free()
    process = program.start("serve", "--port", str(port), *words, stdin=subprocess.DEVNULL)
    _until(lambda: process.poll() is not None or _ready(port), 60)
    assert process.poll() is None, process.communicate()
    return process, port


def _workers(pid: int) -> list[int]:
    """The processes that file for this one."""
    found: list[int] = []
    for child in _children(pid):
        try:
            said = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"wholerecord.worker" in said:
            found.append(child)
    return found


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
            ("--port", port, "--mllp-port", str(_free())),
            ("--port", str(_free()), "--mllp-port", port),
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

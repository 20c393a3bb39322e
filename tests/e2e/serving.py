"""A program that serves, watched from outside: its ports, its processes, its database."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.program import Program


def postmaster(program: Program) -> int | None:
    """The process id of the running server, once it takes connections."""
    try:
        lines = (program.folder / "postgresql/postmaster.pid").read_text().split("\n")
    except OSError:
        return None
    return int(lines[0]) if len(lines) > 7 and lines[7].strip() == "ready" else None


def until(found: Callable[[], Any], seconds: float = 20) -> Any:
    """What `found` gives, once it is something."""
    ends = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.02)
    return what


def free() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def ready(port: int) -> bool:
    """Whether the program on this port says that it is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def children(pid: int) -> set[int]:
    """The processes this one started."""
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(child) for child in said.split()}


def gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def serving(
    program: Program, *words: str, port: int | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """`serve` on these ports, once it answers."""
    port = port or free()
    process = program.start("serve", "--port", str(port), *words, stdin=subprocess.DEVNULL)
    answers = False
    try:
        until(lambda: process.poll() is not None or ready(port), 120)
        answers = True
    finally:
        if not answers:
            process.kill()
    assert process.poll() is None, process.communicate()
    return process, port


def workers(pid: int) -> list[int]:
    """The processes that file for this one."""
    found: list[int] = []
    for child in children(pid):
        try:
            said = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"wholerecord.worker" in said:
            found.append(child)
    return found

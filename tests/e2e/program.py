"""The real program, run as people run it: a process, an environment, a folder."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("wholerecord")


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that ended. `peak` is the most memory it or a child of it held, KiB."""

    code: int
    out: str
    err: str
    peak: int = 0

    @property
    def last(self) -> Any:
        """The last line of what it printed, read as JSON."""
        return json.loads(self.out.splitlines()[-1])


@dataclass(frozen=True, slots=True)
class Program:
    """`wholerecord` over one data folder, started through the command `before`."""

    folder: Path
    before: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "WHOLERECORD" not in name}
        return kept | {"WHOLERECORD_DATABASE": f"embedded:{self.folder}"}

    def start(self, *words: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        """The program, begun."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return subprocess.Popen(  # noqa: S603 - our own program
            [*self.before, str(PROGRAM), *map(str, words)],
            env=self.environment,
            cwd=self.folder.parent,
            **pipes,
        )

    def __call__(self, *words: str | Path, given: bytes = b"", seconds: float = 60) -> Ended:
        """The program, run to its end. What it says must never be a traceback."""
        with self.start(*words, stdin=subprocess.PIPE) as process:
            try:
                out, err = process.communicate(given, timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        ended = Ended(process.returncode, out.decode(), err.decode())
        assert "Traceback" not in ended.err, ended.err
        return ended

    def measured(self, *words: str | Path) -> Ended:
        """As a call, with the memory it took. Peaks of earlier children do not count."""
        process = self.start(*words)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        with process:
            out, err = process.communicate()
        return Ended(process.returncode, out.decode(), err.decode(), _peak(used))


def _peak(used: resource.struct_rusage) -> int:
    return used.ru_maxrss

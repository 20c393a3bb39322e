"""Kills at random while a source sends: is everything acknowledged stored, and all of it once?

    .venv/bin/python -m benchmarks.kills [--kills 200] [--seed 7]

The worker, the program and the database in turn, by SIGKILL, the next when something more was
acknowledged. Each message is sent until it is acknowledged. Ctrl-C ends the killing and reckons
what there is. Ends with 1 when the sum is not right.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import machine
from tests.e2e.program import Program
from tests.e2e.storm import storm

#: Kills after which it is said how far it is.
_EVERY = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="wholerecord-kills-") as folder:
        program = Program(Path(folder) / "store")
        said = storm(program, kills=asked.kills, seed=asked.seed, told=_told)
    print(said)
    sys.exit(1 if said.wrong else 0)


def _told(kills: int, acknowledged: int) -> None:
    if kills % _EVERY == 0:
        print(f"{kills} kills, {acknowledged:,} messages acknowledged", flush=True)


if __name__ == "__main__":
    main()

"""Coverage-guided fuzzing of one reader: any bytes, never an exception, a hang or growth.

    .venv/bin/python -m benchmarks.fuzz READER --seconds N

What breaks a law of `tests/fuzz/readers.py` is written to `tests/fuzz/corpus/READER/` and stays as
a test. Begins with the seeds and with what was found before. Exits with 0 when nothing was found.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["wholerecord.intake", "wholerecord.record"]):
    from tests.fuzz.readers import READERS, SEEDS, in_time, keeps_nothing

_CORPUS = Path(__file__).parents[1] / "tests" / "fuzz" / "corpus"
#: Instrumented code is this many times slower than the bound is meant for.
_PATIENCE = 6
#: Memory that a run may take, and how often it is asked whether one input leaks.
_MEGABYTES, _OFTEN = 2048, 5_000
_LONGEST = 16_384
_WORDS = Path(__file__).parents[1] / "tests" / "fuzz" / "words.dict"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=sorted(READERS))
    parser.add_argument("--seconds", type=int, default=600)
    said = parser.parse_args()
    run, runs = READERS[said.reader], 0

    def once(raw: bytes) -> None:
        nonlocal runs
        runs += 1
        in_time(run, raw, _PATIENCE)
        if runs % _OFTEN == 0:
            keeps_nothing(run, raw)

    found = _CORPUS / said.reader
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wholerecord-fuzz-") as folder:
        begun = Path(folder) / "corpus"
        begun.mkdir()
        for n, seed in enumerate(SEEDS[said.reader]):
            (begun / f"seed-{n}").write_bytes(seed)
        options = [
            f"-max_total_time={said.seconds}",
            f"-max_len={_LONGEST}",
            f"-rss_limit_mb={_MEGABYTES}",
            f"-artifact_prefix={found}/",
            f"-dict={_WORDS}",
            "-timeout=30",
            "-print_final_stats=1",
            str(begun),
            str(found),
        ]
        child = os.fork()
        if child == 0:
            atheris.Setup([sys.argv[0], *options], once)
            atheris.Fuzz()  # ends its process, and would leave the folder behind
        _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()

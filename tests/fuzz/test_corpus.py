"""What fuzzing found, run again for ever; and a little of the same with fixed seeds.

The long, coverage-guided form is `python -m benchmarks.fuzz READER --seconds N` and `make soak`.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.readers import READERS, SEEDS, in_time, keeps_nothing

CORPUS = Path(__file__).parent / "corpus"
FOUND = sorted(path for path in CORPUS.rglob("*") if path.is_file())
_SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
_SPOILED = 150
_TOKENS = (b"\0", b"\r", b"\n", b"|", b"^", b"~", b"\\", b"&", b'"', b"<", b">", b"{", b"[", b",")
_TOKENS += (b"\xff", b"\xc3\xa9", b"1e999", b"-", b"null", b"]]>", b"<!--", b"&a;", b"MSH|^~\\&|")


def spoiled(rng: random.Random, seed: bytes) -> bytes:
    """A seed with a few parts cut out, doubled, or replaced."""
    raw = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        at, n = rng.randrange(len(raw) + 1), rng.choice((1, 2, 8, 64))
        match rng.randrange(4):
            case 0:
                del raw[at : at + n]
            case 1:
                raw[at:at] = raw[at : at + n] * rng.choice((1, 2, 50))
            case 2:
                raw[at : at + n] = rng.choice(_TOKENS)
            case _:
                raw[at:at] = rng.choice(_TOKENS) * rng.choice((1, 300))
    return bytes(raw)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_fuzzing_found_stays_mended(path):
    in_time(READERS[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", READERS)
def test_a_good_message_is_read_in_time_and_keeps_nothing(name):
    for seed in SEEDS[name]:
        in_time(READERS[name], seed)
    keeps_nothing(READERS[name], SEEDS[name][0])


@pytest.mark.parametrize("name", READERS)
def test_a_spoiled_message_breaks_no_law(name):
    rng = random.Random(f"{name} 3")  # noqa: S311 - fixed on purpose
    for _ in range(_SPOILED):
        in_time(READERS[name], spoiled(rng, rng.choice(SEEDS[name])))


def test_every_corpus_is_of_a_reader():
    assert {path.parent.name for path in FOUND} <= set(READERS)


@pytest.mark.skipif(not _SOAK, reason="long: runs with WHOLERECORD_SOAK=1")
@pytest.mark.parametrize("name", READERS)
def test_a_long_run_guided_by_coverage_finds_nothing(name):
    pytest.importorskip("atheris")
    seconds = os.environ.get("WHOLERECORD_FUZZ_SECONDS", "600")
    run = [sys.executable, "-m", "benchmarks.fuzz", name, "--seconds", seconds]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert ended.returncode == 0, ended.stderr[-4000:]

"""A storm of kills: the worker, the program or the database, while a source sends all the time.

What was acknowledged must be stored, and what was not is sent again and stored once. SIGKILL asks
nobody: a proof of recovery, not of durability against a power cut.
"""

import asyncio
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from tests.e2e.deliveries import hl7
from tests.e2e.program import Program
from tests.e2e.serving import free, postmaster, serving, until, workers
from wholerecord.intake import mllp

_VICTIMS = ("worker", "program", "database")
#: Messages on their way at once: the most whose acknowledgement can be missing at the end.
_WINDOW = 64
#: The most seconds that anything may take to come back, and the longest wait before a kill.
_PATIENCE, _BETWEEN = 120.0, 0.6


@dataclass(slots=True, kw_only=True)
class Sum:
    """What was sent and what is stored. `wrong` says what does not agree: nothing, if all is well.

    `sent` counts messages, however often; `again` those that were sent more than once.
    """

    killed: Counter[str]
    sent: int
    again: int
    acknowledged: int
    stored: int
    seconds: float
    wrong: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        victims = ", ".join(f"{n} of the {victim}" for victim, n in sorted(self.killed.items()))
        return (
            f"{sum(self.killed.values())} kills ({victims}) in {self.seconds:,.0f} s\n"
            f"  {self.sent:,} messages sent, {self.again:,} of them more than once\n"
            f"  {self.acknowledged:,} acknowledged, {self.stored:,} stored, each once, of which "
            f"{self.stored - self.acknowledged:,} whose acknowledgement had not come at the end\n"
            f"  {'; '.join(self.wrong) or 'nothing was lost, nothing stands twice'}"
        )


class Feed:
    """A source that sends over MLLP whatever happens, each message until it is acknowledged."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ending = threading.Event()
        self.acknowledged = 0
        self.sendings: Counter[int] = Counter()
        self.wrong: list[str] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send()))

    def _batch(self) -> Iterator[bytes]:
        for number in range(self.acknowledged, self.acknowledged + 50):
            self.sendings[number] += 1
            yield hl7(number)

    async def _send(self) -> None:
        while not self._ending.is_set():
            try:
                async for answer in mllp.send(
                    "127.0.0.1", self._port, self._batch(), patience=20, window=_WINDOW
                ):
                    if not answer.taken:
                        break  # not now; send it again
                    if answer.control != f"M{self.acknowledged}":
                        self.wrong.append(f"an answer to {answer.control} out of turn")
                    self.acknowledged += 1
                    await asyncio.sleep(0.002)
            except mllp.NotAnswered:
                await asyncio.sleep(0.05)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(60)

    def heard(self) -> None:
        """Wait until something more was acknowledged."""
        had = self.acknowledged
        until(lambda: self.acknowledged > had, _PATIENCE)


def storm(
    program: Program,
    *,
    kills: int,
    seed: int,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Sum:
    """Kill so many times, in turn and at random moments, and hold what is stored against it.

    Interrupted, it kills no more and reckons what there is. `told` hears of each kill, and how many
    messages were acknowledged by then.
    """
    rng = random.Random(seed)  # noqa: S311 - whom to kill, and when, again
    victims = [_VICTIMS[n % len(_VICTIMS)] for n in range(kills)]
    rng.shuffle(victims)
    first = program.folder.parent / "first.hl7"
    first.write_bytes(hl7(999_999))
    began = time.monotonic()
    ended = program("ingest", first, "--source", "pas", "--controller", "RXA")
    assert ended.code == 0, ended
    mllp_port = free()
    words = ("--mllp-port", str(mllp_port), "--mllp-source", "pas")
    process, port = serving(program, *words)
    killed: Counter[str] = Counter()
    try:
        with Feed(mllp_port) as feed, suppress(KeyboardInterrupt):
            for victim in victims:
                feed.heard()
                time.sleep(rng.uniform(0, _BETWEEN))
                process = _kill(program, victim, process, port, words)
                killed[victim] += 1
                told(killed.total(), feed.acknowledged)
            feed.heard()
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=_PATIENCE)
    said = _reckoned(program, feed)
    if b"Traceback" in err:
        said.wrong.append(err.decode())
    said.killed, said.seconds = killed, time.monotonic() - began
    return said


def _kill(
    program: Program,
    victim: str,
    process: subprocess.Popen[bytes],
    port: int,
    words: tuple[str, ...],
) -> subprocess.Popen[bytes]:
    """Kill, and start again what nobody else does; the program that serves now."""
    match victim:
        case "program":
            process.kill()
            process.communicate()
            return serving(program, *words, port=port)[0]
        case "worker":
            for child in until(lambda: workers(process.pid), _PATIENCE):
                os.kill(child, signal.SIGKILL)
        case _:
            os.kill(until(lambda: postmaster(program), _PATIENCE), signal.SIGKILL)
    return process


def _reckoned(program: Program, feed: Feed) -> Sum:
    """What is stored, by giving everything acknowledged once more and by the program's own sum."""
    again = program.folder.parent / "again.hl7"
    again.write_bytes(b"".join(hl7(n) for n in range(feed.acknowledged)))
    ended = program("ingest", again, "--source", "pas", "--controller", "RXA", seconds=1200)
    checked = program("check", "--json", seconds=1200)
    found = checked.last["reckoning"]
    said = Sum(
        killed=Counter(),
        sent=len(feed.sendings),
        again=sum(1 for times in feed.sendings.values() if times > 1),
        acknowledged=feed.acknowledged,
        stored=found["kept"] - 1,  # the first, which declared the source
        seconds=0.0,
        wrong=[*feed.wrong, *found["wrong"]],
    )
    if not ended.last["again"] == ended.last["messages"] == feed.acknowledged:
        said.wrong.append(f"{feed.acknowledged - ended.last['again']} acknowledged and not stored")
    if not 0 <= said.stored - said.acknowledged <= _WINDOW:
        said.wrong.append(f"{said.stored} stored of {said.acknowledged} acknowledged")
    settled = found["waiting"] == 0 and found["patients"] == found["people"] == found["kept"]
    if checked.code or not settled:
        said.wrong.append(f"check says {found}")
    return said

"""Whatever is sent, again, late, under a used id, merged, unmerged, corrected, and whenever the
database goes away: PostgreSQL ends as the plain reference does, which never crashes.
"""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.conftest import empty
from wholerecord import worker
from wholerecord.access import Store
from wholerecord.fold import fold
from wholerecord.intake import Arrival
from wholerecord.intake.named import named
from wholerecord.intake.turns import Turns
from wholerecord.record import Source
from wholerecord.storage import memory, open_store
from wholerecord.storage.postgres import Full, Lost

pytestmark = pytest.mark.postgres
SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
SOURCES = ("pas", "lab")
_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
#: What is of the way a message came, and not of what it says.
_WAY = {"t", "n", "message", "received", "patient"}

sources = st.sampled_from(SOURCES)
numbers = st.sampled_from("123")
families = st.sampled_from(["Okafor", "Brown", "Lindqvist"])
nhs = st.sampled_from(["", "9990000018", "9990000026"])
days = st.integers(1, 28)
moments = st.floats(0, 0.02)


def adt(
    event: str, control: str, day: int, number: str, family: str, *more: str, nhs: str = ""
) -> bytes:
    """A message about a patient, written on that day."""
    ids = f"{number}^^^RXX^MR" + (f"~{nhs}^^^NHS^NH" if nhs else "")
    return "\r".join(
        [
            f"MSH|^~\\&|SYS|RXX|WR|WR|202603{day:02}0900||ADT^{event}|{control}|P|2.4",
            f"EVN||202603{day:02}0900",
            f"PID|1||{ids}||{family}^Grace||19480302|F",
            *more,
            "",
        ]
    ).encode()


def oru(control: str, day: int, number: str, status: str, value: int) -> bytes:
    """A result of one specimen: preliminary, final or corrected."""
    at = f"202603{day:02}1000"
    return "\r".join(
        [
            f"MSH|^~\\&|SYS|RXX|WR|WR|{at}||ORU^R01|{control}|P|2.4",
            f"PID|1||{number}^^^RXX^MR||Okafor^Grace||19480302|F",
            f"OBR|1||R{number}|U^Urea^L|||202603010900|||||||||||||||{at}||BS|{status}",
            f"OBX|1|NM|U^Urea^L||{value}|mmol/L|2-7|N|||{status}|||202603010900",
            "",
        ]
    ).encode()


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key not in _WAY}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


async def told(store: Store) -> dict[str, Any]:
    """Everything that was made of what came."""
    people: list[Any] = []
    for person in await store.people():
        members = await store.members(person)
        record = fold(await store.statements({m.patient: m.t for m in members}))
        said = plain(msgspec.to_builtins(record, enc_hook=str, str_keys=True))
        said["superseded"] = sorted(map(repr, said["superseded"]))
        who = sorted((m.source, m.number, m.t, str(m.demographics.name)) for m in members)
        people.append((who, said))
    return {
        "people": sorted(people, key=lambda each: repr(each[0])),
        "parked": [
            (item.source, item.reason, item.place, item.says)
            for item in await store.parked(open_only=False)
        ],
        "feeds": [(f.source.name, f.messages, f.waiting, f.parked) for f in await store.feeds()],
        "counts": await store.received(),
    }


class WholeIntake(RuleBasedStateMachine):
    """One life of a site."""

    url: str

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.sent: list[Arrival] = []
        self.controls = 0
        self.reference = memory.Store()
        self._run(empty(self.url))
        self.opening = open_store(self.url)
        self.store = self._run(self.opening.__aenter__())
        for name in SOURCES:
            source = Source(name=name, controller="RXX", title=name)
            for store in (self.reference, self.store):
                self._run(store.declare(source))

    @rule(source=sources, number=numbers, family=families, nhs=nhs, day=days)
    def send(self, source: str, number: str, family: str, nhs: str, day: int) -> None:
        self._send(source, adt("A08", self._control(), day, number, family, nhs=nhs))

    @rule(source=sources, number=numbers, day=days, status=st.sampled_from("PFC"))
    def result(self, source: str, number: str, day: int, status: str) -> None:
        self._send(source, oru(self._control(), day, number, status, 3 + day))

    @rule(source=sources, kept=numbers, retired=numbers, event=st.sampled_from(["A40", "A37"]))
    def merge(self, source: str, kept: str, retired: str, event: str) -> None:
        other = f"{retired}^^^RXX^MR"
        segments = (
            [f"MRG|{other}"] if event == "A40" else [f"PID|2||{other}||Brown^Grace||19480302|F"]
        )
        self._send(source, adt(event, self._control(), 20, kept, "Okafor", *segments))

    @rule(source=sources, number=numbers, control=st.integers(1, 4), family=families)
    def use_an_id_again(self, source: str, number: str, control: int, family: str) -> None:
        self._send(source, adt("A08", f"C{control}", 3, number, family))

    @rule(choice=st.integers(0, 100))
    def resend(self, choice: int) -> None:
        if self.sent:
            self._keep(self.sent[choice % len(self.sent)])

    @rule(choice=st.integers(0, 100), after=moments)
    def crash_while_keeping(self, choice: int, after: float) -> None:
        body = adt("A08", self._control(), 1 + choice % 28, "1", "Brown")
        arrival = named(Arrival(source="pas", body=body, name="mllp"))
        self._run(self._crashing(self.store.keep(arrival), after))
        self._send("pas", body)  # the sender heard nothing, or heard it twice

    @rule()
    def settle(self) -> None:
        for store in (self.reference, self.store):
            self._run(worker.settle(store, worker.prepare_here))

    @rule(after=moments)
    def crash_while_settling(self, after: float) -> None:
        self._run(self._crashing(worker.settle(self.store, worker.prepare_here), after))
        self.settle()

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        try:
            self.settle()
            assert self._run(told(self.store)) == self._run(told(self.reference))
        finally:
            self._run(self.opening.__aexit__(None, None, None))
            self.runner.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def _control(self) -> str:
        self.controls += 1
        return f"C{self.controls}"

    def _send(self, source: str, body: bytes) -> None:
        arrival = named(Arrival(source=source, body=body, name="mllp"))
        self.sent.append(arrival)
        self._keep(arrival)

    def _keep(self, arrival: Arrival) -> None:
        ours, theirs = (
            self._run(keep(arrival)) for keep in (self.reference.keep, Turns(self.store.keep).keep)
        )
        assert ours.reused == theirs.reused

    async def _crashing(self, work: Coroutine[Any, Any, Any], after: float) -> None:
        """Do the work, while every connection to the database ends some moment later."""

        async def crash() -> None:
            connection = await asyncpg.connect(self.url)
            await asyncio.sleep(after)
            await connection.fetch(_END, "wholerecord")
            await connection.close()

        ended, _ = await asyncio.gather(work, crash(), return_exceptions=True)
        assert not isinstance(ended, BaseException) or isinstance(ended, Lost | Full), ended
        for _ in range(50):  # connections that ended are noticed when they are used
            try:
                await self.store.sources()
            except Lost:
                continue
            return


def test_the_whole_intake_ends_as_the_reference_does(database_url: str) -> None:
    machine = type("Machine", (WholeIntake,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=300 if SOAK else 12,
            stateful_step_count=40 if SOAK else 14,
            deadline=None,
            # A life in which crashes come by the clock is not made smaller by living it again.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

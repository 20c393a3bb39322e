"""A patient's HL7 v2 messages in any order, whenever they are filed, end in the same record.

Late, out of order, cancelled, corrected, sent again: what counts is when the source says it said
something (EVN-2, MSH-7, OBR-22), never when it came.
"""

import asyncio
import os
from dataclasses import astuple
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord import worker
from wholerecord.fold import fold
from wholerecord.intake import Arrival
from wholerecord.intake.named import named
from wholerecord.record import Source
from wholerecord.storage import memory

SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"


def adt(
    at: str, event: str, visit: str, *more: str, name: str = "Okafor", ward: str = "W4"
) -> bytes:
    pv1 = ["PV1", "1", "I", ward, *[""] * 15, visit, *[""] * 24, "202603011100"]
    return _message(at, f"ADT^{event}", f"{event}{at}", name, "|".join(pv1), *more)


def oru(at: str, status: str, value: str) -> bytes:
    obr = ["OBR", "1", "", "R1", "U^Urea^L", "", "", "202603021030", *[""] * 14, at, "", "BS"]
    obx = f"OBX|1|NM|U^Urea^L||{value}|mmol/L|2-7|N|||{status}|||202603021030"
    return _message(at, "ORU^R01", f"R{at}", "Okafor", "|".join([*obr, status]), obx)


def _message(at: str, event: str, control: str, name: str, *more: str) -> bytes:
    head = f"MSH|^~\\&|PAS|RXX|WR|WR|{at}||{event}|{control}|P|2.4"
    pid = f"PID|1||H1^^^RXX^MR||{name}^Grace||19480302|F"
    return "\r".join([head, f"EVN||{at}", pid, *more, ""]).encode()


#: Admitted, moved, renamed, discharged, that taken back, discharged again; a result as it ripens;
#: another stay that was a mistake.
STORY = (
    adt("202603010900", "A04", "V1", ward="ED"),
    adt("202603011200", "A01", "V1"),
    adt("202603020900", "A02", "V1", "DG1|1||I21.9^AMI^I10||20260301|A", ward="W5"),
    adt("202603021000", "A08", "V1", "AL1|1|DA|764146007^Penicillin^SCT|SV|Rash", name="Brown"),
    adt("202603050900", "A03", "V1", name="Brown"),
    adt("202603051000", "A13", "V1", name="Brown"),
    adt("202603061000", "A03", "V1", "DG1|1||I21.4^NSTEMI^I10||20260301|F", name="Brown"),
    oru("202603021100", "P", "5.4"),
    oru("202603021300", "F", "5.6"),
    oru("202603021500", "C", "6.5"),
    adt("202604010900", "A01", "V2", ward="W9", name="Brown"),
    adt("202604010930", "A11", "V2", ward="W9", name="Brown"),
    adt("202604020900", "A31", "", name="Browne"),
)
#: What is of the way a message came, and not of what it says.
_WAY = {"t", "n", "message", "received", "patient"}


def _said(value: Any) -> Any:
    """A record as plain values, without the way its messages came."""
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if key not in _WAY}
    if isinstance(value, list | tuple):
        return [_said(each) for each in value]
    return value


async def record(order: list[int], settled_after: set[int]) -> Any:
    """The record, and the demographics that links are made by, of messages in that order."""
    store = memory.Store()
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))
    for place, number in enumerate(order):
        await store.keep(named(Arrival(source="pas", body=STORY[number], name="mllp")))
        if place in settled_after:
            await worker.settle(store, worker.prepare_here)
    await worker.settle(store, worker.prepare_here)
    assert await store.parked() == []
    [person] = await store.people()
    members = await store.members(person)
    folded = fold(await store.statements({member.patient: member.t for member in members}))
    told = _said(msgspec.to_builtins(folded, enc_hook=str, str_keys=True))
    # What nothing is made of any more has no order.
    told["superseded"] = sorted(map(repr, told["superseded"]))
    return told, [astuple(member.demographics) for member in members]


IN_ORDER = asyncio.run(record(list(range(len(STORY))), set()))
_places = st.integers(0, len(STORY) - 1)


@settings(max_examples=1000 if SOAK else 40, deadline=None)
@given(
    order=st.permutations(range(len(STORY))),
    again=st.lists(_places, max_size=4),
    settled_after=st.sets(_places),
)
def test_any_order_of_a_patients_messages_ends_in_the_same_record(
    order: list[int], again: list[int], settled_after: set[int]
) -> None:
    told, demographics = asyncio.run(record([*order, *again], settled_after))
    assert told == IN_ORDER[0]
    assert demographics == IN_ORDER[1]


def test_the_story_ends_as_it_was_meant() -> None:
    told, [demographics] = IN_ORDER
    kinds = [entry["kind"] for entry in told["entries"]]
    assert sorted(set(kinds)) == ["allergy", "condition", "encounter", "result"]
    [urea] = [entry for entry in told["entries"] if entry["kind"] == "result"]
    assert (urea["detail"]["value"], urea["status"]) == ("6.5", "corrected")
    stays = [entry for entry in told["entries"] if entry["kind"] == "encounter"]
    assert "2026-03-06T10:00:00+00:00" in [stay["until"]["text"] for stay in stays if stay["until"]]
    assert demographics[0][0][0] == "Browne"

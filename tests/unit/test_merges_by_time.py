"""HL7 v2 says when it merged and parted two patients; what was said last counts."""

from itertools import permutations

import pytest

from wholerecord.intake import Arrival
from wholerecord.record import Source
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle


def adt(event: str, at: str, *segments: str) -> bytes:
    head = f"MSH|^~\\&|PAS|RXX|WR|WR|{at}||ADT^{event}|{event}{at}|P|2.4"
    return "\r".join([head, f"EVN||{at}", *segments, ""]).encode()


def pid(n: int, family: str) -> str:
    return f"PID|{n}||{family}1^^^RXX^MR||{family}^Ada||19700504|F"


KNOWN = [adt("A04", f"2026030109{n:02}", pid(1, name)) for n, name in enumerate(("Alder", "Birch"))]
MERGE = adt("A40", "202603011000", pid(1, "Alder"), "MRG|Birch1^^^RXX^MR")
PART = adt("A37", "202603011100", pid(1, "Alder"), pid(2, "Birch"))
AGAIN = adt("A40", "202603011200", pid(1, "Alder"), "MRG|Birch1^^^RXX^MR")


async def people(*bodies: bytes) -> int:
    """How many people the two patients are."""
    store = memory.Store()
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))
    for body in (*KNOWN, *bodies):
        await store.keep(Arrival(source="pas", body=body, name="mllp"))
        await settle(store, prepare_here)
    return len(await store.people())


@pytest.mark.parametrize("order", list(permutations([MERGE, PART])))
async def test_a_merge_taken_back_leaves_two_people_whichever_message_comes_first(order):
    assert await people(*order) == 2


@pytest.mark.parametrize("order", list(permutations([MERGE, PART, AGAIN])))
async def test_a_merge_said_again_leaves_one_person_whatever_came_when(order):
    assert await people(*order) == 1


async def test_a_merge_said_in_the_future_is_as_old_as_its_message_and_can_be_taken_back():
    future = adt("A40", "209903011000", pid(1, "Alder"), "MRG|Birch1^^^RXX^MR")
    now = adt("A37", "209903011100", pid(1, "Alder"), pid(2, "Birch"))
    assert await people(future, now) == 2

"""A file's name as it is shown: never with an NHS number in it."""

import pytest

from wholerecord.access.tracing import trace
from wholerecord.cli.keeping import Summary
from wholerecord.intake import Arrival
from wholerecord.intake.masked import masked
from wholerecord.record import Source
from wholerecord.storage import memory


@pytest.mark.parametrize(
    "name",
    ["9990000018.pdf", "in/999-000-0018 note.txt", "NHS9990000018", "999_000_0018", "a.9990000019"],
)
def test_ten_digits_are_not_shown(name):
    assert "(NHS number)" in masked(name)
    assert "0018" not in masked(name)


@pytest.mark.parametrize("name", ["20260302101500.hl7", "mllp", "Observation.ndjson lines 1-400"])
def test_other_names_are_shown_as_they_are(name):
    assert masked(name) == name


async def test_a_trace_does_not_show_it_and_the_store_keeps_it():
    store = memory.Store()
    await store.declare(Source(name="letters", controller="RXX", title="Letters"))
    receipt = await store.keep(Arrival(source="letters", body=b"x", name="9990000018.txt"))
    [traced] = await trace(store, str(receipt.message))
    assert traced.message.name == "(NHS number).txt"
    assert (await store.traced(receipt.message)).name == "9990000018.txt"


def test_two_refused_names_that_look_alike_are_both_told():
    summary = Summary(source="s")
    summary.refuse("9990000018.txt", "encrypted")
    summary.refuse("9990000026.txt", "not a file")
    assert list(summary.refused) == ["(NHS number).txt", "(NHS number).txt (2)"]

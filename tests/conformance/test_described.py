"""What a source wrote earlier and sends later does not replace what it wrote since."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.conformance.given import patient, person, settled, sources, who
from wholerecord.access import Store
from wholerecord.intake import Arrival, Filing, Kept, PatientFiling
from wholerecord.record import PatientKey

DAYS = {name: datetime(2026, 1, day, tzinfo=UTC) for day, name in enumerate(("Old", "New"), 1)}


async def prepare(kept: Sequence[Kept]) -> Sequence[Filing]:
    """Read `FAMILY` or `FAMILY undated`."""
    return [_filing(each) for each in kept]


def _filing(kept: Kept) -> Filing:
    family, _, undated = kept.body.decode().partition(" ")
    one = PatientFiling(
        about=PatientKey("gp", "1"),
        sayings=(),
        demographics=who(family),
        described=None if undated else DAYS[family],
    )
    return Filing(message=kept.message, source="gp", patients=(one,), merges=(), faults=())


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("said", "family"),
    [
        (["Old", "New"], "New"),
        (["New", "Old"], "New"),
        (["New", "Old undated"], "New"),
        (["Old undated", "New undated"], "New"),
        (["New undated", "Old"], "Old"),
    ],
)
async def test_the_newest_description_counts_whenever_it_comes(
    store: Store, said: list[str], family: str, *, together: bool
) -> None:
    await sources(store, "gp")
    for body in said:
        await store.keep(Arrival(source="gp", body=body.encode()))
        if not together:
            await store.file_waiting(prepare)
    await store.file_waiting(prepare)
    await settled(store)
    [member] = await store.members(await person(store, "gp", "1"))
    assert member.patient == patient("gp", "1")
    assert [name.family for name in member.demographics.names] == [family]

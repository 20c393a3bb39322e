"""Published International Patient Summaries of real vendors: taken in, folded, and given again."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.door_site import actor
from tests.unit.test_summary import check
from wholerecord import __version__
from wholerecord.access import Doorway, Opened
from wholerecord.care.sheet import full_sheet
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.fhir.record.summary.document import document
from wholerecord.intake import Arrival
from wholerecord.portal.paper.text import text
from wholerecord.record import Source, canonical
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle

FOLDER = Path(__file__).parents[2] / "../shared/data/ips"
FILES = sorted(FOLDER.rglob("*.json"))
BODIES = {path.name: path.read_bytes() for path in FILES}
#: Its resources name a Patient by an address that is not in the file: a patient of their own.
APART = frozenset({"NL_Drimpy_01"})

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FILES, reason="shared/data/ips is not here"),
]


async def opened_of(body: bytes) -> Opened | None:
    """The record of the person it is about, opened; None when it names nobody."""
    store = memory.Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="pas", controller="RXA", title="PAS"))
    await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    people = await store.people()
    if not people:
        return None
    door = Doorway(store).door(actor(Role.GP))
    found = await door.open(people[0], purpose=Purpose.DIRECT_CARE)
    assert isinstance(found, Opened)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
async def test_a_published_summary_is_taken_in_and_given_again(path):
    found = await opened_of(BODIES[path.name])
    assert found is not None, "it says whose it is"
    assert found.record.entries or path.stem in APART
    made = json.loads(canonical(document(found, __version__)), parse_float=Decimal)
    check(made)
    told = text(full_sheet(found, found.opening.at))
    assert told.count("* ") >= len(found.record.entries)

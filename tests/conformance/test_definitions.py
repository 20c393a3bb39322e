"""What every store does with the definitions that a site loads."""

from dataclasses import replace
from typing import cast

from wholerecord.access import Store
from wholerecord.fhir.profiles import Base, Definition, Definitions

ONE = Definition(url="urn:b", version="1", kind="ValueSet", title="B", body=b'{"n":4.50}')


async def test_definitions_are_kept_by_address_and_version(store: Store) -> None:
    held = cast("Definitions", store)
    before = await held.definitions_state()
    assert await held.definitions() == []
    assert await held.load_definitions([ONE, replace(ONE, url="urn:a"), ONE]) == 2
    loaded = await held.definitions_state()
    assert loaded != before
    again = replace(ONE, title="B\0", body=b"{}")
    assert await held.load_definitions([again, replace(ONE, version="0")]) == 1
    assert await held.definitions_state() != loaded
    assert await held.definitions() == [
        replace(ONE, url="urn:a"),
        replace(ONE, version="0"),
        replace(again, title="B\ufffd"),
    ]
    assert await held.load_definitions([]) == 0


async def test_what_is_asked_of_writes_is_kept_by_base_and_address(store: Store) -> None:
    held = cast("Definitions", store)
    before = await held.definitions_state()
    for base in (Base.SAID, Base.RECORD, Base.SAID):
        await held.ask_profile(base, "urn:b")
    await held.ask_profile(Base.SAID, "urn:a")
    asked = await held.definitions_state()
    assert asked != before
    assert await held.asked_profiles() == [
        (Base.SAID, "urn:a"),
        (Base.SAID, "urn:b"),
        (Base.RECORD, "urn:b"),
    ]
    assert await held.unask_profile(Base.SAID, "urn:a")
    assert not await held.unask_profile(Base.SAID, "urn:a")
    assert await held.definitions_state() != asked
    assert len(await held.asked_profiles()) == 2

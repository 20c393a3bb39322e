"""Apps are registered in every store alike."""

import pytest

from tests.unit.smart_site import registered
from wholerecord.smart import KnownApp


async def test_an_app_is_found_as_it_was_registered_and_no_longer_once_removed(store):
    for one in registered():
        await store.add_app(one)
    assert await store.app("growth") == registered()[0]
    assert [one.id for one in await store.apps()] == sorted(one.id for one in registered())
    with pytest.raises(KnownApp):
        await store.add_app(registered()[0])
    assert await store.remove_app("growth")
    assert not await store.remove_app("growth")
    for odd in ("growth", "", "nobody", "a\0b", "\ud800"):
        assert await store.app(odd) is None
    await store.add_app(registered()[0])

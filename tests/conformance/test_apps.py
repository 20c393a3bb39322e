"""Apps are registered in every store alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.smart_site import registered
from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.record import PersonId
from wholerecord.smart import Grant, KnownApp


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


async def test_what_was_let_in_is_listed_to_who_let_it_in_and_to_whose_record_it_is(store):
    theirs = PersonId("a" * 32)
    mine = Actor(id="me", name="Me", role=Role.PATIENT, organisation="", person=theirs)
    carer = Actor(id="carer", name="Carer", role=Role.CARER, organisation="")
    now = datetime.now(UTC)
    began = now - timedelta(days=1)

    def grant(id: str, actor: Actor, days: int, person: PersonId | None) -> Grant:
        until = now + timedelta(days=days)
        scope = "patient/*.rs"
        return Grant(
            id=id,
            app="growth",
            actor=actor,
            scope=scope,
            begun=began + timedelta(seconds=days),
            until=until,
            patient=person,
        )

    kept = [grant("1", mine, 3, theirs), grant("2", carer, 2, theirs), grant("3", carer, 1, None)]
    for one in (grant("4", mine, -1, theirs), *reversed(kept)):
        await store.keep_grant(one)
    assert list(await store.grants(mine, now=now)) == kept[:2]
    assert list(await store.grants(carer, now=now)) == kept[1:]
    assert list(await store.grants(replace(carer, id="nobody"), now=now)) == []

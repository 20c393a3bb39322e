"""Seals are published to a second place, whose lines prove the log."""

import httpx
import pytest

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from wholerecord.audit import Sealer, signing_key
from wholerecord.audit.elsewhere import BadPublish, Elsewhere, NotPublished, address_of
from wholerecord.audit.published import against_published
from wholerecord.consent import Purpose, Role


async def test_the_newest_seal_is_posted_once_and_again_where_it_was_not_taken(tmp_path):
    way, person = await site(bundle(patient("p1", NUMBER)))
    sealer = Sealer(way.store, signing_key(tmp_path / "key"), tmp_path / "seals.log")
    lines, answers = [], [503, 302, 200, 200]

    def take(request):
        status = answers.pop(0)
        if status == 200:
            lines.append(request.content.decode())
        return httpx.Response(status, headers={"location": "https://other.example/"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as client:
        place = Elsewhere(way.store, "https://held.example/seals", client)
        assert not await place.publish()  # nothing is sealed
        for _ in range(2):
            await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
            await sealer.seal()
        for _ in range(2):
            with pytest.raises(NotPublished):
                await place.publish()
        assert await place.publish()
        assert not await place.publish()
        await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
        await sealer.seal()
        assert await place.publish()
    seals = await way.store.seals()
    held = "".join(lines).splitlines()
    assert [line.split()[0] for line in held] == [str(seals[1].size), str(seals[2].size)]
    assert against_published(seals, held) == ""
    assert "not in the store" in against_published(seals[:1], held)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example", "http://a.example", "http://localhost.evil.example/", "https://", "x",
     "https://[::1"],
)  # fmt: skip
def test_a_place_that_somebody_between_could_stand_in_for_is_refused(url):
    with pytest.raises(BadPublish):
        address_of(url)


@pytest.mark.parametrize("url", ["https://a.example/x", "http://127.0.0.1:8/", "http://[::1]/"])
def test_a_safe_place_is_taken(url):
    assert address_of(url) == url

"""The desk's pages over the reference store: an item worked on, a message traced, a replay."""

import re
from collections.abc import Iterator, Sequence

import pytest

from tests.unit.portal_site import Region, region
from tests.unit.test_portal_pages import token
from wholerecord.intake import Arrival, Fault, Filing, Kept, Reason, Unreadable, filing

WHY = "asked the practice about it"
HL7 = (
    b"MSH|^~\\&|PAS|RX1|WR|WR|20260302091500||ADT^A01^ADT_A01|M1|P|2.4\r"
    b"PID|1||H1^^^RX1^MR||Hill^Mary||19480302|F\r"
    b"DG1|1||195967001^Asthma^SCT||20260301|W\r"
)


async def _blind(batch: Sequence[Kept]) -> Sequence[Filing]:
    """A reader from before HL7 v2 was read."""
    fault = Fault(reason=Reason.NOT_READ_YET, place="MSH-9")
    return [filing(kept, Unreadable(fault=fault)) for kept in batch]


@pytest.fixture
def here() -> Iterator[Region]:
    made = region()
    with made.runner:
        yield made


def test_an_item_is_given_away_noted_and_closed_and_keeps_who_and_why(here: Region):
    client = here.client("governance")
    page = client.get("/desk/parked/1").text
    assert "the message ends too soon" in page
    given = client.post(
        "/desk/parked/1/assign", data={"form": token(page), "to": "Ann", "why": WHY}
    )
    assert "with Ann" in given.text
    noted = client.post(
        "/desk/parked/1/note", data={"form": token(page), "why": "they will send it again"}
    ).text
    assert "they will send it again" in noted
    client.post("/desk/release", data={"form": token(page), "n": "1", "why": "it came again"})
    closed = client.get("/desk/parked/1").text
    assert "closed by governance: it came again" in closed
    assert "given to somebody (Ann) by governance" in closed


def test_the_desk_names_who_is_silent_and_what_is_usual(here: Region):
    desk = here.client("governance").get("/desk").text
    assert "Silence is an alarm" in desk
    assert "after 4 hours, declared" in desk
    assert "Every patient is linked to a person" in desk
    assert "Grace Okafor" not in desk


def test_a_message_is_traced_by_its_number_and_says_no_name(here: Region):
    client = here.client("governance")
    page = client.get("/desk/trace", params={"id": "1"}).text
    assert "Message 1 from acute" in page
    assert "2 Condition" in page
    assert str(here.grace) in page
    assert "Okafor" not in page
    assert client.get("/desk/trace", params={"id": "nothing-has-this"}).status_code == 404
    assert client.get("/desk/trace").status_code == 400


def test_a_mended_map_is_previewed_signed_off_and_undone(here: Region):
    store, client = here.store, here.client("governance")

    async def take_in() -> None:
        await store.keep(Arrival(source="acute", body=HL7, name="late.hl7"))
        while await store.file_waiting(_blind):
            pass

    here.runner.run(take_in())
    assert "not read yet" in client.get("/desk").text
    page = client.get("/desk/replay", params={"source": "acute", "since": "2026-01-01"})
    assert page.status_code == 200
    assert "added" in page.text
    assert "Asthma" in page.text
    assert "Hill" not in page.text
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page.text)
    assert digest
    sent = {"form": token(page.text), "source": "acute", "since": "2026-01-01", "why": WHY}
    stale = client.post("/desk/replay/publish", data=sent | {"digest": "0" * 32})
    assert stale.status_code == 409
    done = client.post("/desk/replay/publish", data=sent | {"digest": digest[1]}).text
    assert f"by governance: {WHY}" in done
    assert "messages of this type are not read yet" not in client.get("/desk").text
    undone = client.post(
        "/desk/replay/undo", data={"form": token(done), "n": "1", "why": "the wrong reader"}
    ).text
    assert "by governance: the wrong reader" in undone
    assert "messages of this type are not read yet" in client.get("/desk").text


@pytest.mark.parametrize(
    "path",
    ["/desk/parked/1", "/desk/trace?id=1", "/desk/replay", "/desk/replay?source=acute"],
)
@pytest.mark.parametrize("persona", ["doctor", "reception", "grace", "planner"])
def test_the_workbench_is_for_governance_alone(here: Region, persona: str, path: str):
    assert here.client(persona).get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/desk/replay?source=nobody",
        "/desk/replay?source=acute&since=yesterday",
        "/desk/replay?message=x",
        "/desk/parked/x",
        "/desk/parked/99",
    ],
)
def test_what_is_not_there_or_not_right_is_said_so(here: Region, path: str):
    assert here.client("governance").get(path).status_code in {400, 404}

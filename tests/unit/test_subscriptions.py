"""Being told of what is said: what a subscriber may see, at least once, and nothing else."""

import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, secret, send, site
from tests.unit.door_web import application_of, client
from tests.unit.receiver import receiving
from wholerecord.access import Actor
from wholerecord.access.limits import Limits
from wholerecord.access.subscriptions import LEASE, Subscription, Wish
from wholerecord.app.notifying import standing
from wholerecord.app.receivers import BadReceivers, Receivers
from wholerecord.app.sender import Sender
from wholerecord.consent import Purpose, Role, View
from wholerecord.fhir.subscriptions.telling import NotTaken, Telling, deliver, hear
from wholerecord.fhir.subscriptions.topics import topics
from wholerecord.record import LogicalId, PatientKey, Source
from wholerecord.signin import SpentHere
from wholerecord.smart import App, Proof
from wholerecord.storage.memory.apps import Registry

BASE = "https://wholerecord.example/SubscriptionTopic/"
IG = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
SUBJECT = LogicalId.of(PatientKey("pas", "p1").id, "p1").text


def asking(endpoint, topic="risks", content="id-only", filters=(), **more):
    """A Subscription as a client writes it."""
    made = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "a test",
        "criteria": BASE + topic,
        "channel": {
            "type": "rest-hook",
            "endpoint": endpoint,
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": f"{IG}backport-payload-content",
                                        "valueCode": content}]},
            "header": ["Authorization: Bearer not-told"],
        },
    }  # fmt: skip
    if filters:
        each = [{"url": f"{IG}backport-filter-criteria", "valueString": one} for one in filters]
        made["_criteria"] = {"extension": each}
    return made | more


async def stands(_):
    return True


class Site:
    """A doorway, its application with one receiver, and what tells it."""

    def __init__(self, way, person, receiver):
        self.way, self.person, self.receiver = way, person, receiver
        self.receivers = Receivers.parse(f"inside:http://127.0.0.1:{receiver.port}")
        self.app = application_of(way, person, receivers=self.receivers)
        sender = Sender(receivers=self.receivers)
        self.telling = Telling(store=way.store, way=way, send=sender.send, stands=stands)
        self.now = datetime.now(UTC) + timedelta(seconds=1)

    async def subscribe(self, who="DOCTOR", **more):
        async with client(self.app, who) as browser:
            answer = await browser.post(
                "/fhir/Subscription", json=asking(self.receiver.url, **more)
            )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def settle(self):
        await hear(self.telling, self.now)
        while await deliver(self.telling, self.now):
            pass

    async def get(self, path, who="DOCTOR"):
        async with client(self.app, who) as browser:
            return await browser.get(f"/fhir/{path}")


@asynccontextmanager
async def told(*said):
    way, person = await site(bundle(patient("p1", NUMBER), *said))
    async with receiving() as receiver:
        yield Site(way, person, receiver)


def parameters(answer):
    body = answer.json()
    return {
        one["name"]: next((v for n, v in one.items() if n.startswith("value")), one.get("part"))
        for one in body["entry"][0]["resource"]["parameter"]
    }


async def test_a_subscriber_is_shaken_hands_with_and_told_of_what_is_said():
    async with told() as here:
        made = await here.subscribe(content="full-resource")
        await here.settle()
        assert here.receiver.sorts() == ["handshake"]
        assert here.receiver.headers[0]["authorization"] == "Bearer not-told"
        await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
        await here.settle()
        assert here.receiver.sorts() == ["handshake", "event-notification"]
        _, event = here.receiver.taken[1]["entry"]
        assert event["resource"]["code"]["coding"][0]["display"] == "Stroke"
        assert event["request"]["method"] == "POST"
        again = (await here.get(f"Subscription/{made}")).json()
        assert again["status"] == "active"
        assert again["channel"]["header"] == ["Authorization: (kept)"]
        said = parameters(await here.get(f"Subscription/{made}/$status"))
        assert said["events-since-subscription-start"] == "1"
        replay = await here.get(f"Subscription/{made}/$events?eventsSinceNumber=1")
        assert replay.json()["entry"][1]["request"]["url"] == event["request"]["url"]
        assert "resource" not in (await here.get(f"Subscription/{made}/$events?content=id-only")
                                  ).json()["entry"][1]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (("Condition?code=http://snomed.info/sct|230690007",), [1]),
        (("Condition?code=http://snomed.info/sct|1",), []),
        ((f"Condition?patient=Patient/{SUBJECT}",), [1]),
        ((f"Condition?patient=Patient/{SUBJECT[:-1]}0",), []),
        (("AllergyIntolerance?code=1",), []),
        (("Condition?code=http://snomed.info/sct|230690007", "Condition?onset-date=2023"), []),
    ],
)
async def test_a_filter_narrows_what_is_told(filters, numbers):
    async with told() as here:
        await here.subscribe(filters=filters)
        await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
        await here.settle()
        assert here.receiver.numbers() == numbers


async def test_an_outage_of_an_hour_loses_nothing_and_repeats_nothing():
    async with told() as here:
        made = await here.subscribe()
        await here.settle()
        here.receiver.status = 503
        for minute in range(60):
            if minute % 20 == 0:
                at = bundle(patient("p1", NUMBER), condition(f"c{minute}", "p1"))
                await send(here.way, at)
            await here.settle()
            here.now += timedelta(minutes=1)
        assert here.receiver.numbers() == []
        assert 8 < here.receiver.asked < 25  # it is waited for ever longer
        standing_ = (await here.get(f"Subscription/{made}")).json()
        assert (standing_["status"], standing_["error"]) == ("error", "The receiver answered 503.")
        here.receiver.status = 200
        here.now += timedelta(minutes=16)
        await here.settle()
        assert here.receiver.numbers() == [1, 2, 3]
        assert (await here.get(f"Subscription/{made}")).json()["status"] == "active"


async def test_who_is_killed_while_it_delivers_is_followed_by_one_who_delivers_again():
    async with told() as here:
        await here.subscribe()
        await here.settle()
        await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
        await hear(here.telling, here.now)
        [one] = await here.way.store.take_deliveries(now=here.now, limit=9)  # and it ends here
        assert one.events == 1
        await here.settle()
        assert here.receiver.numbers() == []
        here.now += timedelta(seconds=LEASE)
        await here.settle()
        assert here.receiver.numbers() == [1]


async def test_what_a_subscriber_may_not_see_leaves_no_trace():
    """Two worlds, with and without something sealed said in between: the same is sent in both."""
    sent = []
    for hidden in ([secret("R")], []):
        async with told() as here:
            made = await here.subscribe(content="full-resource")
            stays = [condition("c1", "p1")]
            for more in (stays, [secret("R")] if hidden else [], [condition("c2", "p1")]):
                if more:
                    await send(here.way, bundle(*more))
                await here.settle()
            status = await here.get(f"Subscription/{made}/$status")
            events = await here.get(f"Subscription/{made}/$events")
            text = f"{here.receiver.taken} {status.text} {events.text}"
            assert "Chlamydial" not in text
            sent.append(re.sub(r"[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}-[\w-]+|"
                               r"127.0.0.1:\d+", "", text))  # fmt: skip
    assert sent[0] == sent[1]
    assert sent[0].count("event-number") > 0


async def test_a_stranger_is_told_nothing_and_knows_of_no_subscription_of_others():
    async with told() as here:
        made = await here.subscribe(who="STRANGER", topic="said")
        named = (f"Condition?patient=Patient/{SUBJECT}",)
        await here.subscribe(who="STRANGER", filters=named)
        await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
        await here.settle()
        assert here.receiver.numbers() == []
        for path in ("", "/$status", "/$events"):
            assert (await here.get(f"Subscription/{made}{path}")).status_code == 404
        assert (await here.get("Subscription")).json()["total"] == 0
        assert (await here.get("Subscription", "STRANGER")).json()["total"] == 2


async def test_what_is_sealed_since_is_sent_and_replayed_no_more():
    async with told() as here:
        made = await here.subscribe(content="full-resource")
        await here.settle()
        await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
        await hear(here.telling, here.now)
        seal = condition("c1", "p1", meta={"security": [{"code": "R"}]})
        await send(here.way, bundle(seal))
        await here.settle()
        assert here.receiver.numbers() == [1]
        assert len(here.receiver.taken[1]["entry"]) == 1  # the number alone
        assert "Stroke" not in (await here.get(f"Subscription/{made}/$events")).text


async def test_a_deletion_is_told_and_a_subscription_can_be_switched_off():
    async with told() as here:
        made = await here.subscribe()
        async with client(here.app, "DOCTOR") as browser:
            said = condition("", "p1", subject={"reference": f"Patient/{SUBJECT}"})
            del said["id"]
            written = (await browser.post("/fhir/Condition", json=said)).json()
            await browser.delete(f"/fhir/Condition/{written['id']}")
            await here.settle()
            methods = [one["request"]["method"] for one in here.receiver.taken[-1]["entry"][1:]]
            assert methods == ["DELETE", "DELETE"]  # as it stands now
            off = (await browser.get(f"/fhir/Subscription/{made}")).json() | {"status": "off"}
            answer = await browser.put(f"/fhir/Subscription/{made}", json=off)
            assert answer.json()["status"] == "off"
            await send(here.way, bundle(patient("p1", NUMBER), condition("c1", "p1")))
            await here.settle()
            assert here.receiver.numbers() == [1, 2]
            assert (await browser.delete(f"/fhir/Subscription/{made}")).status_code == 204
            assert (await browser.get(f"/fhir/Subscription/{made}")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": "Observation?code=1"},
        {"criteria": BASE + "nothing"},
        {"channel": {"type": "email", "endpoint": "mailto:a@b.example"}},
        {"channel": {"type": "rest-hook", "endpoint": "https://elsewhere.example/"}},
        {"channel": {"type": "rest-hook"}},
        {"end": "2001-01-01T00:00:00Z"},
        {"_criteria": {"extension": [{"url": f"{IG}backport-filter-criteria",
                                      "valueString": "Condition?subject.name=x"}]}},
        {"_criteria": {"extension": [{"url": f"{IG}backport-filter-criteria",
                                      "valueString": "Encounter?status=x"}]}},
        {"_criteria": {"extension": [{"url": f"{IG}backport-filter-criteria",
                                      "valueString": "Condition?nonsense=x"}]}},
        {"nonsense": 1},
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_refused_with_its_place(wrong):
    async with told() as here:
        async with client(here.app, "DOCTOR") as browser:
            body = asking(here.receiver.url) | wrong
            answer = await browser.post("/fhir/Subscription", json=body)
        assert answer.status_code == 422
        assert answer.json()["issue"][0]["expression"]


@pytest.mark.parametrize("header", ["Host: x", "a: b\r\nX: y", "nothing", "Content-Length: 1"])
async def test_a_header_cannot_move_or_split_a_request(header):
    async with told() as here:
        body = asking(here.receiver.url)
        body["channel"]["header"] = [header]
        async with client(here.app, "DOCTOR") as browser:
            assert (await browser.post("/fhir/Subscription", json=body)).status_code == 422


#: The holes that senders to given addresses had: what is listed, the address, where its name leads.
HOLES = {
    "a host nobody listed": ("https://a.example", "https://b.example/x", "8.8.8.8"),
    "another port": ("https://a.example", "https://a.example:22/x", "8.8.8.8"),
    "in the clear": ("https://a.example", "http://a.example/x", "8.8.8.8"),
    "a listed name that leads to loopback": (
        "https://a.example",
        "https://a.example/",
        "127.0.0.1",
    ),
    "the metadata of a cloud": ("https://a.example", "https://a.example/", "169.254.169.254"),
    "a private network": ("https://a.example", "https://a.example/", "10.0.0.5"),
    "loopback of IPv6": ("https://a.example", "https://a.example/", "::1"),
    "IPv4 within IPv6": ("https://a.example", "https://a.example/", "::ffff:10.0.0.5"),
    "IPv4 behind NAT64": ("https://a.example", "https://a.example/", "64:ff9b::a00:5"),
    "IPv4 by 6to4": ("https://a.example", "https://a.example/", "2002:a00:5::1"),
    "this network": ("https://a.example", "https://a.example/", "0.0.0.0"),  # noqa: S104 - a name leads there
    "carrier's network": ("https://a.example", "https://a.example/", "100.64.0.1"),
    "multicast": ("https://a.example", "https://a.example/", "224.0.0.1"),
    "a name before the host": ("https://a.example", "https://a.example@b.example/", "8.8.8.8"),
    "a backslash": ("https://a.example", "https://b.example\\@a.example/", "8.8.8.8"),
    "a line break": ("https://a.example", "https://a.example/\r\nX: y", "8.8.8.8"),
    "a fragment": ("https://a.example", "https://b.example#a.example", "8.8.8.8"),
    "another scheme": ("https://a.example", "file:///etc/passwd", "8.8.8.8"),
    "a number for a host": ("https://a.example", "https://2130706433/", "127.0.0.1"),
    "a longer name": ("https://a.example", "https://a.example.evil.example/", "8.8.8.8"),
}


@pytest.mark.parametrize("hole", HOLES)
async def test_nothing_is_sent_where_the_site_does_not_say(hole):
    listed, endpoint, address = HOLES[hole]

    async def resolve(*_):
        return ["8.8.8.8", address]

    sender = Sender(receivers=Receivers.parse(listed), resolve=resolve)
    with pytest.raises(NotTaken, match=r"not one that this site|not public"):
        await sender.send(endpoint, b"{}", (), 1)


async def test_a_redirect_is_not_followed_and_a_name_is_pinned():
    async with receiving() as receiver:
        asked = []

        async def resolve(host, port):
            asked.append((host, port))
            return ["127.0.0.1"]

        listed = Receivers.parse(f"inside:http://receiver.inside:{receiver.port}")
        sender = Sender(receivers=listed, resolve=resolve)
        endpoint = f"http://receiver.inside:{receiver.port}/hook"
        await sender.send(endpoint, b"{}", ("X-One: 1",), 5)
        assert receiver.headers[0]["host"] == f"receiver.inside:{receiver.port}"
        assert asked == [("receiver.inside", receiver.port)]
        receiver.status, receiver.location = 307, f"http://127.0.0.1:{receiver.port}/else"
        with pytest.raises(NotTaken, match="307"):
            await sender.send(endpoint, b"{}", (), 5)
        assert receiver.asked == 2


@pytest.mark.parametrize(
    "words", ["http://a.example", "a.example", "https://a.example/path", "ftp://a"]
)
def test_a_setting_that_is_wrong_is_said(words):
    with pytest.raises(BadReceivers):
        Receivers.parse(words)


async def test_an_app_that_was_ended_is_told_nothing_more():
    apps, spent = Registry(), SpentHere()
    limits = Limits(person=None, views=frozenset({View.RECORD}), scope="system/*.rs")
    wish = Wish(
        actor=Actor(id="app:a", name="A", role=Role.SYSTEM, organisation="RXA", limits=limits),
        purpose=Purpose.DIRECT_CARE,
        topic=next(iter(topics())),
        endpoint="https://a.example/",
        content="empty",
        base="",
    )
    now = datetime.now(UTC)
    one = Subscription(id="0" * 32, wish=wish, begun=now, until=now + timedelta(days=1))
    assert not await standing(apps, spent)(one)
    await apps.add_app(
        App(id="a", title="A", organisation="RXA", scope="system/*.rs", proof=Proof.KEY)
    )
    assert await standing(apps, spent)(one)
    await spent.spend("app a", until=now + timedelta(days=1))
    assert not await standing(apps, spent)(one)


async def test_a_bundle_cannot_bring_a_subscription():
    async with told() as here:
        entry = {
            "resource": asking(here.receiver.url),
            "request": {"method": "POST", "url": "Subscription"},
        }
        body = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        async with client(here.app, "DOCTOR") as browser:
            assert (await browser.post("/fhir", json=body)).status_code == 422


async def test_somebody_whose_organisation_another_source_names_is_told_too():
    async with told() as here:
        await here.way.store.declare(Source(name="other", controller="RZZ", title="Other"))
        await send(here.way, bundle(patient("p9", NUMBER)), "other")
        await here.subscribe(who="STRANGER", topic="people")
        await send(here.way, bundle(patient("p9", NUMBER) | {"gender": "female"}), "other")
        await here.settle()
        assert here.receiver.numbers() == [1]

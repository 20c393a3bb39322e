"""Being told by websocket: the same as by REST hook, at least once, while one is let in."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import uvicorn

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.asgi_socket import HungUp, connected
from tests.unit.door_site import NUMBER, secret, send, site
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of, client
from tests.unit.test_subscriptions import asking, stands
from wholerecord.access.subscriptions import Subscription
from wholerecord.app.receivers import NO_RECEIVERS
from wholerecord.app.sender import Sender
from wholerecord.fhir import Live
from wholerecord.fhir.subscriptions.telling import Telling, deliver, hear
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import form_token

#: Seconds between looks, and between looks at who listens: quick, for nobody waits in a test.
TURN, AGAIN = 0.01, 0.03


def by_websocket(content="id-only", **more):
    """A Subscription as a client writes it that will connect."""
    made = asking("", content=content, **more)
    del made["channel"]["endpoint"], made["channel"]["header"]
    made["channel"]["type"] = "websocket"
    return made


class Site:
    """A doorway, its application, and a clock that stands until it is moved."""

    def __init__(self, way, person, **more):
        self.way, self.later = way, timedelta()
        self.ended = False
        self.live = Live(
            store=way.store, stands=self.stands, turn=TURN, again=AGAIN, now=self.now, **more
        )
        self.app = application_of(way, person, live=self.live)

    def now(self):
        return datetime.now(UTC) + self.later

    async def stands(self, _: Subscription) -> bool:
        return not self.ended

    async def subscribe(self, who="DOCTOR", **more):
        async with client(self.app, who) as browser:
            answer = await browser.post("/fhir/Subscription", json=by_websocket(**more))
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def token(self, who="DOCTOR", path="Subscription/$get-ws-binding-token"):
        async with client(self.app, who) as browser:
            answer = await browser.get(f"/fhir/{path}")
        assert answer.status_code == 200, answer.text
        return values(answer.json()["parameter"])["token"]

    async def wishing(self, made, **more):
        """The same subscription, asked for otherwise."""
        one = await self.way.store.subscription(made)
        wish = replace(one.wish, **more)
        await self.way.store.rewish(made, wish, until=one.until, now=self.now())

    @asynccontextmanager
    async def bound(self, who="DOCTOR"):
        async with connected(self.app) as line:
            line.say(f"bind-with-token {await self.token(who)}")
            assert sort(await line.hear()) == "handshake"
            yield line

    async def said(self, *said):
        """Say it, and hear it as the worker does."""
        await send(self.way, bundle(patient("p1", NUMBER), *said))
        await hear(self.telling(), self.now())

    def telling(self):
        sender = Sender(receivers=NO_RECEIVERS)
        return Telling(store=self.way.store, way=self.way, send=sender.send, stands=stands)


@asynccontextmanager
async def told(**more):
    way, person = await site(bundle(patient("p1", NUMBER)))
    yield Site(way, person, **more)


def values(parts):
    return {
        one["name"]: next((v for name, v in one.items() if name.startswith("value")), None)
        for one in parts
    }


def status(notification):
    return notification["entry"][0]["resource"]["parameter"]


def sort(notification):
    return values(status(notification))["type"]


def numbers(notification):
    return [
        int(part["valueString"])
        for said in status(notification)
        if said["name"] == "notification-event"
        for part in said["part"]
        if part["name"] == "event-number"
    ]


async def test_a_subscriber_binds_is_shaken_hands_with_and_told():
    async with told() as here:
        made = await here.subscribe(content="full-resource")
        async with here.bound() as line:
            await here.said(condition("c1", "p1"))
            heard = await line.hear()
            assert (sort(heard), numbers(heard)) == ("event-notification", [1])
            assert heard["entry"][1]["resource"]["code"]["coding"][0]["display"] == "Stroke"
        async with client(here.app, "DOCTOR") as browser:
            kept = (await browser.get(f"/fhir/Subscription/{made}")).json()
        assert (kept["status"], kept["channel"]["type"]) == ("active", "websocket")
        assert "endpoint" not in kept["channel"]


async def test_the_token_says_for_what_how_long_and_where_and_hides_who():
    async with told() as here:
        made = [await here.subscribe(), await here.subscribe()]
        async with client(here.app, "DOCTOR") as browser:
            at = "/fhir/Subscription/$get-ws-binding-token"
            every = (await browser.get(at)).json()["parameter"]
            assert [one["valueString"] for one in every if one["name"] == "subscription"] == made
            assert values(every)["websocket-url"] == "ws://here.example/fhir/websocket"
            expires = datetime.fromisoformat(values(every)["expiration"])
            assert timedelta(minutes=59) < expires - datetime.now(UTC) <= timedelta(hours=1)
            cookie = browser.cookies["wholerecord"]
            assert "DOCTOR" not in values(every)["token"]
            assert cookie not in values(every)["token"]
            body = {
                "resourceType": "Parameters",
                "parameter": [{"name": "id", "valueId": made[1]}],
            }
            one = (await browser.post(at, json=body)).json()["parameter"]
            assert values(one)["subscription"] == made[1]
            own = f"/fhir/Subscription/{made[0]}/$get-ws-binding-token"
            assert values((await browser.post(own)).json()["parameter"])["subscription"] == made[0]


async def test_a_token_is_given_for_ones_own_and_for_what_is_told_so():
    async with told() as here:
        made = await here.subscribe()
        at = f"/fhir/Subscription/{made}/$get-ws-binding-token"
        async with client(here.app, "STRANGER") as browser:
            assert (await browser.get(at)).status_code == 404
            assert (
                await browser.get("/fhir/Subscription/$get-ws-binding-token")
            ).status_code == 404
        async with client(here.app) as browser:
            assert (await browser.get(at)).status_code == 401
        async with client(here.app, "DOCTOR") as browser:
            off = (await browser.get(f"/fhir/Subscription/{made}")).json() | {"status": "off"}
            await browser.put(f"/fhir/Subscription/{made}", json=off)
            assert (await browser.get(at)).status_code == 422
            assert (await browser.get(f"{at}?nonsense=1")).status_code == 422
            at = "/fhir/Subscription/$get-ws-binding-token?nonsense=1"
            assert (await browser.get(at)).status_code == 400


async def test_who_loses_the_connection_is_told_again_until_it_is_sure():
    async with told() as here:
        made = await here.subscribe()
        async with here.bound() as line:
            await here.said(condition("c1", "p1"))
            assert numbers(await line.hear()) == [1]
            assert await line.nothing()  # many turns later it is not sure yet
            line.leave()
        async with here.bound() as line:
            assert numbers(await line.hear()) == [1]
            here.later += timedelta(seconds=46)
            await here.said(condition("c2", "p1"))
            assert numbers(await line.hear()) == [2]
        async with here.bound() as line:
            assert numbers(await line.hear()) == [2]
        async with client(here.app, "DOCTOR") as browser:
            replay = await browser.get(f"/fhir/Subscription/{made}/$events?eventsSinceNumber=1")
        assert numbers(replay.json()) == [1, 2]


async def test_what_was_said_while_nobody_was_connected_is_told_on_connecting():
    async with told() as here:
        await here.subscribe()
        await here.said(condition("c1", "p1"))
        await here.said(condition("c2", "p1"))
        assert await deliver(here.telling(), here.now()) == 0  # nothing goes out by itself
        async with here.bound() as line:
            assert numbers(await line.hear()) == [1, 2]


async def test_what_may_not_be_seen_is_not_told_and_leaves_no_number():
    async with told() as here:
        await here.subscribe(topic="said", content="full-resource")
        async with here.bound() as line:
            await here.said(secret("R"))
            await here.said(condition("c2", "p1"))
            heard = await line.hear()
            assert "Chlamydial" not in str(heard)
            said = [one["resource"]["resourceType"] for one in heard["entry"][1:]]
            assert said == ["Patient", "Patient", "Condition"]  # each message says who it is of
            assert numbers(heard) == [1, 2, 3]
        await here.subscribe(who="STRANGER", topic="said", content="full-resource")
        async with here.bound("STRANGER") as line:
            await here.said(condition("c3", "p1"))
            assert await line.nothing()


@pytest.mark.parametrize("word", ["bind-with-token nonsense", f"bind-with-token {'x' * 9000}"])
async def test_a_token_that_is_none_ends_it(word):
    async with told() as here, connected(here.app) as line:
        line.say(word)
        with pytest.raises(HungUp, match="1008 The token counts no longer"):
            await line.hear()


async def test_a_token_ends_when_it_said():
    async with told() as here:
        await here.subscribe()
        token = await here.token()
        async with here.bound() as line:
            here.later += timedelta(hours=1)
            with pytest.raises(HungUp, match="1008 The token has expired"):
                await line.hear()
        async with connected(here.app) as line:
            line.say(f"bind-with-token {token}")
            with pytest.raises(HungUp, match="1008 The token counts no longer"):
                await line.hear()


async def test_another_token_takes_over_and_nothing_is_told_twice():
    async with told() as here:
        await here.subscribe()
        async with here.bound() as line:
            await here.said(condition("c1", "p1"))
            assert numbers(await line.hear()) == [1]
            line.say(f"bind-with-token {await here.token()}")
            here.later += timedelta(minutes=50)  # the first has not expired
            await here.said(condition("c2", "p1"))
            assert numbers(await line.hear()) == [2]


async def test_signing_out_ends_it_within_seconds():
    async with told() as here:
        await here.subscribe()
        async with client(here.app, "DOCTOR") as browser:
            answer = await browser.get("/fhir/Subscription/$get-ws-binding-token")
            async with connected(here.app) as line:
                token = values(answer.json()["parameter"])["token"]
                line.say(f'{{"type": "bind-with-token", "payload": {{"token": "{token}"}}}}')
                assert sort(await line.hear()) == "handshake"
                cookie = browser.cookies["wholerecord"]
                session = Seal(SECRET_OF_SESSIONS).read(cookie, now=datetime.now(UTC))
                await browser.post("/sign-out", data={"form": form_token(session)})
                here.later += timedelta(seconds=4)
                with pytest.raises(HungUp, match="1008 Who asked is not let in any more"):
                    await line.hear()


@pytest.mark.parametrize("how", ["deleted", "switched off", "replaced", "the app ended", "its end"])
async def test_it_ends_with_the_subscription(how):
    async with told() as here:
        made = await here.subscribe()
        async with here.bound() as line, client(here.app, "DOCTOR") as browser:
            at = f"/fhir/Subscription/{made}"
            if how == "deleted":
                assert (await browser.delete(at)).status_code == 204
            if how == "switched off":
                off = (await browser.get(at)).json() | {"status": "off"}
                assert (await browser.put(at, json=off)).status_code == 200
            if how == "replaced":
                one = await here.way.store.subscription(made)
                until = datetime.now(UTC) + timedelta(seconds=1)
                await here.way.store.rewish(made, one.wish, until=until, now=here.now())
                here.later += timedelta(seconds=2)
            here.ended = how == "the app ended"
            if how == "its end":
                here.later += timedelta(minutes=59)
                until = (await here.way.store.subscription(made)).until
                assert until > here.now()
                here.later = until - datetime.now(UTC)
            with pytest.raises(HungUp):
                await line.hear()


async def test_who_is_too_slow_is_hung_up_on_and_nothing_is_lost():
    async with told() as here:
        made = await here.subscribe()
        await here.wishing(made, timeout=0)
        async with here.bound() as line:
            line.slow = True
            await here.said(condition("c1", "p1"))
            with pytest.raises(HungUp, match="1013"):
                await line.hear()
        async with here.bound() as line:
            assert numbers(await line.hear()) == [1]


async def test_there_are_so_many_sockets_and_no_more():
    async with told(most=1) as here, connected(here.app):
        with pytest.raises(HungUp, match="403"):
            async with connected(here.app):
                pass
    async with told(most=1) as here:
        for _ in range(3):  # one that ended makes room
            async with connected(here.app):
                pass


async def test_who_binds_with_nothing_is_not_waited_for_long():
    async with told() as here, connected(here.app) as line:
        line.say("hello")
        line.say("{")
        assert await line.nothing()
        here.later += timedelta(seconds=11)
        with pytest.raises(HungUp, match="1008 No token came"):
            await line.hear()


async def test_bytes_are_not_taken():
    async with told() as here, connected(here.app) as line:
        line.say(b"\x00\xff")
        with pytest.raises(HungUp, match="1003"):
            await line.hear()


async def test_a_thousand_idle_words_end_it():
    async with told() as here, connected(here.app) as line:
        for _ in range(1001):
            line.say("hello")
        with pytest.raises(HungUp, match="1008"):
            await line.hear()


async def test_a_heartbeat_is_said_while_there_is_nothing_to_tell():
    async with told() as here:
        made = await here.subscribe()
        await here.wishing(made, heartbeat=60)
        async with here.bound() as line:
            assert await line.nothing()
            here.later += timedelta(seconds=60)
            assert sort(await line.hear()) == "heartbeat"


@pytest.mark.parametrize("wrong", [{"endpoint": "https://a.example/"}, {"header": ["A: b"]}])
async def test_a_websocket_has_no_endpoint_and_no_headers(wrong):
    async with told() as here, client(here.app, "DOCTOR") as browser:
        body = by_websocket()
        body["channel"] |= wrong
        assert (await browser.post("/fhir/Subscription", json=body)).status_code == 422


async def test_a_client_nobody_here_wrote_is_told_over_a_real_socket():
    """aiohttp's, which answers pings; and the server's, as it is served."""
    pytest.importorskip("websockets", reason="the lock has it: make check brings it")
    async with told() as here:
        made = await here.subscribe(content="full-resource")
        config = uvicorn.Config(
            here.app,
            port=0,
            log_level="warning",
            lifespan="off",
            ws="websockets-sansio",
            ws_ping_interval=0.05,
            ws_ping_timeout=5,
            ws_max_size=1 << 14,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn only sets it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"http://127.0.0.1:{port}/fhir/websocket") as line,
            ):
                await line.send_str(f"bind-with-token {await here.token()}")
                assert sort(await line.receive_json(timeout=5)) == "handshake"
                await asyncio.sleep(0.2)  # pings
                await here.said(condition("c1", "p1"))
                assert numbers(await line.receive_json(timeout=5)) == [1]
                async with client(here.app, "DOCTOR") as browser:
                    await browser.delete(f"/fhir/Subscription/{made}")
                last = await line.receive(timeout=5)
                assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 1000)
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"http://127.0.0.1:{port}/fhir/websocket") as line,
            ):
                await line.send_str("x" * 20_000)
                last = await line.receive(timeout=5)
                assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 1009)
        finally:
            server.should_exit = True
            await serving

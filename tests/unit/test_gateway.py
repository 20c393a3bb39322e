"""The AI gateway: what leaves, what comes back, what is kept, and when nothing leaves.

The model is a real server on loopback, which answers in whatever way a test asks for.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, secret, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Doorway
from wholerecord.app.gateway import Gateway
from wholerecord.app.model import BadModel, ChosenModel, chosen_model
from wholerecord.record import PersonId
from wholerecord.research.gateway.prompts import Fate, Words

PROMPT = f"Summarise: NHS number {NUMBER}. Seen by Dr Okonkwo on 3 March for chest pain."


@dataclass
class Upstream:
    """A model on loopback: what it was asked, and how it answers."""

    url: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    location: str = ""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            asked = json.loads(raw)
            there.heard.append(asked)
            there.headers.append(dict(self.headers))
            said = f"Answer: {asked['messages'][0]['content']}"
            choices = {"choices": [{"message": {"role": "assistant", "content": said}}]}
            body = json.dumps(choices).encode() if there.body is None else there.body
            self.send_response(there.status)
            if there.location:
                self.send_header("location", there.location)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    there = Upstream(url=f"http://127.0.0.1:{server.server_port}/v1/chat/completions")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


async def world(*more: Any) -> tuple[Doorway, PersonId]:
    return await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), *more))


def model_at(url: str) -> ChosenModel:
    made = chosen_model(f"inside:{url} tiny", Path("no-token"))
    assert made is not None
    return made


async def post(
    way: Doorway, person: PersonId, model: ChosenModel | None, who: str = "DOCTOR", **more: Any
) -> httpx.Response:
    gateway = None if model is None else Gateway(prompts=way.store, model=model)  # type: ignore[arg-type] - it is one
    said = {"json": {"person": person, "prompt": PROMPT}} | more
    async with client(application_of(way, person, gateway=gateway), who) as browser:
        return await browser.post("/ai/prompt", **said)


async def kept(way: Doorway) -> list[Any]:
    return list(await way.store.prompts())  # type: ignore[attr-defined] - it has


async def words(way: Doorway, n: int) -> Words:
    found = await way.store.prompt_words(n)  # type: ignore[attr-defined] - it has
    assert found is not None
    return found


async def test_names_stay_inside_and_stand_in_the_answer(upstream: Upstream):
    way, person = await world()
    answer = await post(way, person, model_at(upstream.url))
    assert answer.status_code == 200, answer.text
    assert answer.json()["answer"] == f"Answer: {PROMPT}"
    assert answer.json()["taken_out"] == 2
    [asked] = upstream.heard
    assert asked["model"] == "tiny"
    left = asked["messages"][0]["content"]
    for name in ("Okonkwo", NUMBER):
        assert name not in left
    assert "chest pain" in left
    [one] = await kept(way)
    said = await words(way, one.n)
    assert (said.sent, one.fate, one.taken_out) == (left, Fate.ANSWERED, 2)
    assert said.answered == f"Answer: {left}"
    assert one.service.startswith("127.0.0.1:")
    looks = [each for each in await way.store.openings() if "redacted prompt" in each.given]
    assert [(each.n, each.person, each.allowed) for each in looks] == [(one.opening, person, True)]


async def test_nothing_leaves_when_it_is_not_sure(upstream: Upstream):
    way, person = await world()
    doubt = {"person": person, "prompt": "Spoke to Blenkinsop about the results."}
    answer = await post(way, person, model_at(upstream.url), json=doubt)
    assert answer.status_code == 422, answer.text
    assert answer.json()["unsure"] == [{"at": 9, "until": 19, "what": "NAME"}]
    assert "Blenkinsop" not in answer.text
    assert upstream.heard == []
    [one] = await kept(way)
    assert ((await words(way, one.n)).sent, one.fate) == ("", Fate.KEPT_BACK)


async def test_nothing_leaves_when_the_record_withholds_whom_to_look_for(upstream: Upstream):
    way, person = await world(secret("STD"))
    answer = await post(way, person, model_at(upstream.url))
    assert answer.status_code == 422
    assert answer.json()["withheld"] == 1
    assert upstream.heard == []


async def test_what_is_sealed_shows_in_no_refusal(upstream: Upstream):
    way, person = await world(secret("sealed"))
    answer = await post(way, person, model_at(upstream.url))
    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["STRANGER", "RECEPTIONIST", "GOVERNANCE", "PATIENT", "PLANNER"])
async def test_who_may_not_open_the_record_sends_nothing(upstream: Upstream, who: str):
    way, person = await world()
    assert (await post(way, person, model_at(upstream.url), who)).status_code == 403
    assert upstream.heard == []
    assert await kept(way) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": 500},
        {"status": 307, "location": "http://127.0.0.1:9/"},
        {"body": b"nonsense"},
        {"body": b'{"choices": []}'},
        {"body": b'{"choices": [{"message": {"content": 4}}]}'},
        {"body": b'{"choices": "' + b"x" * 1_100_000 + b'"}'},
    ],
)
async def test_a_model_that_does_not_answer_rightly_is_told_so_and_kept(upstream, change):
    way, person = await world()
    for name, value in change.items():
        setattr(upstream, name, value)
    answer = await post(way, person, model_at(upstream.url))
    assert answer.status_code == 503
    assert "did not answer" in answer.text
    assert "Okonkwo" not in answer.text
    [one] = await kept(way)
    assert one.fate is Fate.UNANSWERED


async def test_a_model_that_is_not_there_or_slow_is_told_so():
    way, person = await world()
    answer = await post(way, person, model_at("http://127.0.0.1:9/v1"))
    assert answer.status_code == 503
    assert [one.fate for one in await kept(way)] == [Fate.UNANSWERED]


async def test_the_token_goes_to_the_model_and_into_no_log(upstream: Upstream, tmp_path: Path):
    way, person = await world()
    token = tmp_path / "ai.token"
    token.write_text("s3cret\n")
    await post(way, person, replace(model_at(upstream.url), token=token))
    assert upstream.headers[0]["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(await kept(way))
    assert "cookie" not in {name.lower() for name in upstream.headers[0]}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {"person": "x"}}, 400),
        ({"json": [1]}, 400),
        ({"json": {"person": "x", "prompt": ""}}, 400),
        ({"json": {"person": "x", "prompt": "a" * 100_001}}, 400),
        ({"json": None, "content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"json": None, "data": {"person": "x", "prompt": "y"}}, 400),
        ({"json": {"person": "nobody", "prompt": "hello there"}}, 403),
        ({"json": None, "content": b"[" * 800_000,
          "headers": {"content-type": "application/json"}}, 400),
    ],
)  # fmt: skip
async def test_a_request_that_is_wrong_is_told_so(upstream: Upstream, more: Any, status: int):
    way, person = await world()
    assert (await post(way, person, model_at(upstream.url), **more)).status_code == status
    assert upstream.heard == []


async def test_a_site_without_a_model_has_no_gateway():
    way, person = await world()
    assert (await post(way, person, None)).status_code == 404
    assert (await post(way, person, None, "")).status_code == 401


@pytest.mark.parametrize(
    "setting",
    [
        "https://here.example/v1",
        "here.example/v1 tiny",
        "http://here.example/v1 tiny",
        "ftp://here.example/v1 tiny",
        "https://user@here.example/v1 tiny",
        "https://here.example/v1 tiny more",
        "https://here.example:99999/v1 tiny",
    ],
)
def test_an_address_that_is_not_one_is_refused_at_the_start(setting: str):
    with pytest.raises(BadModel):
        chosen_model(setting, Path("t"))


async def test_an_address_outside_that_leads_inside_is_not_asked():
    assert chosen_model("", Path("t")) is None
    made = chosen_model("https://localhost:1/v1 tiny", Path("t"))
    way, person = await world()
    assert (await post(way, person, made)).status_code == 503


async def test_governance_sees_who_asked_and_reads_the_words_only_for_a_reason(upstream: Upstream):
    way, person = await world()
    await post(way, person, model_at(upstream.url))
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        page = await browser.get("/desk/prompts")
        assert "127.0.0.1" in page.text
        assert "chest pain" not in page.text
        token = page.text.split('name="form" value="')[-1].split('"')[0]
        for why, status in (("", 400), ("a complaint was made", 200)):
            sent = {"form": token, "n": "1", "why": why}
            read = await browser.post("/desk/prompts", data=sent)
            assert read.status_code == status
            assert ("chest pain" in read.text) is (status == 200)
        assert "Okonkwo" not in read.text
        missing = {"form": token, "n": "7", "why": "a complaint was made"}
        assert (await browser.post("/desk/prompts", data=missing)).status_code == 404
    looks = [each for each in await way.store.openings() if each.part == "prompt 1"]
    assert [(one.person, one.given) for one in looks] == [(person, "a complaint was made")]
    assert looks[0] in await way.store.openings_of(person)


async def test_nobody_else_reads_prompts(upstream: Upstream):
    way, person = await world()
    await post(way, person, model_at(upstream.url))
    async with client(application_of(way, person), "DOCTOR") as browser:
        page = await browser.get("/desk/prompts")
        assert page.status_code == 403
        assert "127.0.0.1" not in page.text

"""Everything there is, by every way to it, for every role: held against an oracle of plain words.

A route that nothing here asks fails, and so does a type that the world has nothing of. Long lists
(entries, histories, parameters) are asked by the roles in turns, and what is shut is sealed for one
and of a time that the person hides for the next; with WHOLERECORD_SOAK=1 everything by all.
"""

import asyncio
import io
import itertools
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from starlette.applications import Starlette

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.asgi_socket import connected
from tests.unit.door_site import NUMBER
from tests.unit.door_web import application_of, client
from tests.unit.matrix_oracle import may_know_of, may_see
from tests.unit.matrix_world import HOW, WAYS, Mark, Matrix, marks, matrix
from tests.unit.test_routes import ASKING, OPERATIONS, routes, table
from tests.unit.test_subscriptions import stands
from tests.unit.test_websocket import by_websocket as by_socket
from tests.unit.test_websocket import numbers
from wholerecord.access.subscriptions import Happening
from wholerecord.app.reconciling import reconcile
from wholerecord.fhir import Live
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fhir.search.definitions import of_type
from wholerecord.fold import Kind
from wholerecord.intake import Arrival
from wholerecord.intake.fhir.about import ABOUT, R4_TYPES
from wholerecord.record import LogicalId, PatientKey
from wholerecord.worker import prepare_here, settle

SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
#: One in so many of a long list is asked by each role, each role others.
TURNS = 1 if SOAK else 56
OURS, THEIRS = PatientKey("pas", "p1").id, PatientKey("other", "p9").id
SUBJECT, STRANGER = LogicalId.of(OURS, "p1").text, LogicalId.of(THEIRS, "p9").text
#: Side paths of a search.
SIDES = (
    "_include=*&_include:iterate=*",
    "_revinclude=*",
    "_content=Mark",
    "_text=Mark",
    "_id:not=1",
    "_sort=-_lastUpdated&_total=accurate",
    "_summary=count",
    "_summary=data&_elements=code,text",
    "_security:not=zzz",
    "nonsense=Mark",
    "_include=../x",
)
#: The types of the one record, and what is worked out of it.
RECORD_TYPES = tuple(sorted({*TYPES.values(), *WORKED_OUT}))
#: Who sees entries and is of no organisation's own: a Group is not theirs to use.
_NO_GROUP = ("PATIENT", "CARER")
#: Types whose searches go along the side paths.
CHAINED = ("Condition", "Observation", "Encounter")
#: Types that the fold makes no entry of, each read as its source said it all the same.
NO_ENTRY = frozenset(
    {
        *("Consent", "DeviceUseStatement", "DocumentManifest", "ImmunizationRecommendation"),
        *("Composition", "Contract", "Specimen", "Provenance", "AuditEvent", "Task"),
    }
)


@dataclass
class Asking:
    """One role at the world, and what its answers showed, by address."""

    world: Matrix
    who: str
    browser: httpx.AsyncClient
    shown: dict[str, frozenset[Mark]] = field(default_factory=dict[str, frozenset[Mark]])
    named: set[str] = field(default_factory=set[str])
    asked: set[str] = field(default_factory=set[str])

    async def ask(self, route: str, path: str, body: Any = None) -> httpx.Response:
        """The answer, its marks noted; what the question said itself is not counted."""
        method = route.partition(" ")[0]
        form = path.endswith("_search")
        answer = await self.browser.request(
            method,
            path,
            data=body if form else None,
            json=None if form or method == "GET" else body,
        )
        self.asked.add(route)
        text = told(answer)
        before = self.shown.get(f"{method} {path}", frozenset())
        self.shown[f"{method} {path}"] = before | marks(text)
        if "EXAMPLE" in text and "EXAMPLE" not in path:  # its own question is not telling
            self.named.add(path)
        return answer

    def mine(self, n: int, *, few: bool = False) -> bool:
        """Whether the n-th of a long list is this role's to ask; of a list that is not so long."""
        return (n + ASKING.index(self.who)) % (min(TURNS, 3) if few else TURNS) == 0


async def every_page(asking: Asking) -> None:
    """Every route there is that reads, with everything that can stand in its place."""
    world = asking.world
    record = await world.way.folds.whole(await world.way.store.members(world.person))
    several: dict[str, list[str]] = {
        "{kind}": [kind.value for kind in Kind],
        "{key:path}": [entry.key for n, entry in enumerate(record.entries) if asking.mine(n)],
        "{message:int}": ["1", "2", "3"],
        "{source}": ["pas"],
        "{id}": ["none"],
        "{file:int}": ["0"],
        "{name:path}": ["nhsuk-frontend.css"],
        "{path:path}": ["nowhere"],
        "{n}": ["1"],
        "{n:int}": ["1"],
        "{app}": ["an-app"],
        "{provider}": ["staff"],
        "{board}": ["conditions-2"],
        "{person}": [world.person, world.other],
    }
    for route in table():
        path = route.partition(" ")[2]
        if path.startswith(("/fhir", "/record/fhir")):
            continue
        there = [name for name in several if name in path]
        for values in itertools.product(*(several[name] for name in there)):
            filled = path
            for name, value in zip(there, values, strict=True):
                filled = filled.replace(name, value)
            assert "{" not in filled, "say here what stands for it"
            await asking.ask(route, filled, {"why": "x"})
            for page in range(2, 5) if filled.endswith("/timeline") else ():
                await asking.ask(route, f"{filled}?page={page}")
        asking.asked.add(route)  # a list may have none for this role
    for query in (NUMBER, "9990000026", "EXAMPLE", "Mark"):
        await asking.ask("GET /people", f"/people?q={query}")


async def the_record(asking: Asking) -> None:
    """The one record by FHIR: whole, by type, by every side path, page by page."""
    for who in (asking.world.person, asking.world.other):
        at = f"/record/fhir/Patient/{who}"
        await asking.ask("GET /record/fhir/Patient/{id}", at)
        await asking.ask("GET /record/fhir/Person/{id}", f"/record/fhir/Person/{who}")
        await pages(asking, "GET /record/fhir/Patient/{id}/$everything", f"{at}/$everything")
        await asking.ask("GET /record/fhir/AuditEvent", f"/record/fhir/AuditEvent?patient={who}")
        for kind in RECORD_TYPES:
            found = f"/record/fhir/{kind}?patient={who}"
            await pages(asking, "GET /record/fhir/{type}", f"{found}&_count=7")
            await asking.ask("GET /record/fhir/Patient/{id}/{type}", f"{at}/{kind}")
            await sent(asking, "/record/fhir", who, kind)
    for n, (kind, side) in enumerate(itertools.product(CHAINED, sides())):
        if asking.mine(n, few=True):
            path = f"/record/fhir/{kind}?patient={asking.world.person}&{side}"
            await asking.ask("GET /record/fhir/{type}", path)
    await asking.ask("GET /record/fhir/metadata", "/record/fhir/metadata")
    smart = "/record/fhir/.well-known/smart-configuration"
    await asking.ask(f"GET {smart}", smart)


async def as_said(asking: Asking) -> None:
    """What sources said: read, history, versions, searches, and all of it in one batch."""
    reads = [
        f"{kind}/{LogicalId.of(THEIRS if way == 'else' else OURS, f'{kind.lower()}-{way}').text}"
        for kind in sorted(ABOUT)
        for way in WAYS
    ]
    await in_a_bundle(asking, reads)
    for n, url in enumerate(reads):
        if asking.mine(n):
            await one_by_one(asking, url)
    await histories(asking)
    await searched(asking)
    await about_nobody(asking)


async def in_a_bundle(asking: Asking, reads: list[str]) -> None:
    """Every read as an entry of a batch, and of a transaction."""
    entries = [{"request": {"method": "GET", "url": url}} for url in reads]
    for post, kind in itertools.product(("/fhir", "/fhir/"), ("batch", "transaction")):
        body = {"resourceType": "Bundle", "type": kind, "entry": entries}
        await asking.ask(f"POST {post}", post, body)


async def one_by_one(asking: Asking, url: str) -> None:
    """A read, its history, a version, and writes that say nothing."""
    await asking.ask("GET /fhir/{type}/{id}", f"/fhir/{url}")
    await asking.ask("GET /fhir/{type}/{id}/_history", f"/fhir/{url}/_history")
    vread = "GET /fhir/{type}/{id}/_history/{version}"
    await asking.ask(vread, f"/fhir/{url}/_history/1")
    for method in ("PUT", "PATCH", "DELETE"):
        await asking.ask(f"{method} /fhir/{{type}}/{{id}}", f"/fhir/{url}", {"x": 1})


async def histories(asking: Asking) -> None:
    """What was filed of all, and of every type, page by page."""
    await pages(asking, "GET /fhir/_history", "/fhir/_history?_count=40")
    for n, kind in enumerate(sorted(R4_TYPES)):
        if kind in CHAINED or asking.mine(n):
            await pages(asking, "GET /fhir/{type}/_history", f"/fhir/{kind}/_history")


async def searched(asking: Asking) -> None:
    """Searches of what was said by type, as a form, in a compartment, along the side paths."""
    for subject in (SUBJECT, STRANGER):
        for n, kind in enumerate(sorted(R4_TYPES)):
            if kind in CHAINED or asking.mine(n):
                await pages(asking, "GET /fhir/{type}", f"/fhir/{kind}?patient={subject}&_count=2")
                at = f"/fhir/Patient/{subject}/{kind}"
                await asking.ask("GET /fhir/Patient/{id}/{type}", at)
                await sent(asking, "/fhir", subject, kind)
    for n, (kind, side) in enumerate(itertools.product(CHAINED, sides())):
        if asking.mine(n, few=True):
            await asking.ask("GET /fhir/{type}", f"/fhir/{kind}?patient={SUBJECT}&{side}")


async def about_nobody(asking: Asking) -> None:
    """What is about the server and about words, and writes that say nothing."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        await asking.ask(f"{method} /fhir/{{type}}", "/fhir/Condition", {"x": 1})
    for path in ("/fhir/metadata", "/fhir/.well-known/smart-configuration"):
        await asking.ask(f"GET {path}", path)
    for operation, query in OPERATIONS.items():
        for method in ("GET", "POST"):
            await asking.ask(
                f"{method} /fhir/{operation}",
                str(httpx.URL(f"/fhir/{operation}", params=query)),
                {"resourceType": "Parameters"},
            )


async def among_a_group(asking: Asking) -> None:
    """A Group of several people by every way there is, and searches among its people."""
    url = f"Group/{asking.world.group}"
    await in_a_bundle(asking, [url])
    await one_by_one(asking, url)
    await pages(asking, "GET /fhir/{type}/_history", "/fhir/Group/_history")
    for operation in ("$meta", "$validate"):
        await asking.ask(f"GET /fhir/{{type}}/{{id}}/{operation}", f"/fhir/{url}/{operation}")
    await asking.ask("GET /fhir/{type}", f"/fhir/Group?_id={asking.world.group}")
    every = itertools.product(("/fhir", "/record/fhir"), ("Patient", *CHAINED), ("", *sides()))
    for n, (base, kind, side) in enumerate(every):
        if not side or asking.mine(n, few=True):
            among = f"_has:Group:member:_id={asking.world.group}"
            among = among if kind == "Patient" else f"patient.{among}"
            await asking.ask(f"GET {base}/{{type}}", f"{base}/{kind}?{among}&{side}")


async def every_parameter(asking: Asking) -> None:
    """Every parameter of every type, of the one record and of what was said."""
    both = (
        *(("/record/fhir", kind, asking.world.person) for kind in RECORD_TYPES),
        *(("/fhir", kind, SUBJECT) for kind in sorted(ABOUT)),
    )
    every = [
        (base, kind, who, name)
        for base, kind, who in both
        for name in sorted(of_type(kind))
        if name not in {"patient", "subject"}
    ]
    for n, (base, kind, who, name) in enumerate(every):
        if asking.mine(n):
            for question in (f"{name}:missing=false", f"{name}=Mark"):
                path = f"{base}/{kind}?patient={who}&{question}"
                await asking.ask(f"GET {base}/{{type}}", path)


async def in_xml(asking: Asking) -> None:
    """The same resources as XML, whole, one by one and where they are refused."""
    for base, who in (
        ("/fhir", SUBJECT),
        ("/fhir", STRANGER),
        ("/record/fhir", asking.world.person),
    ):
        at = f"{base}/Patient/{who}/$everything?_format=xml"
        await asking.ask(f"GET {base}/Patient/{{id}}/$everything", at)
        found = f"{base}/Condition?patient={who}&_format=xml"
        answer = await asking.ask(f"GET {base}/{{type}}", found)
        assert answer.headers["content-type"] == "application/fhir+xml" or not asking.who


async def exported(asking: Asking) -> None:
    """Every file of every export there is to have."""
    for base in ("/fhir", "/record/fhir"):
        wait = {"Prefer": "respond-async"}
        begun = await asking.browser.get(f"{base}/Patient/$export", headers=wait)
        if begun.status_code != 202:
            assert not asking.who
            continue
        at = httpx.URL(begun.headers["content-location"]).path
        for _ in range(3000):
            made = await asking.browser.get(at)
            if made.status_code != 202:
                break
            await asyncio.sleep(0.01)
        for file in (*made.json()["output"], *made.json()["deleted"]):
            path = httpx.URL(file["url"]).path
            answer = await asking.ask(f"GET {base}/$export/{{export}}/{{file}}", path)
            assert answer.status_code == 200
        await asking.browser.delete(at)


async def operations(asking: Asking, app: Starlette) -> None:
    """Whatever else there is below FHIR, about the person and about somebody else."""
    world = asking.world
    own, other = LogicalId.of(OURS, "condition-shut"), LogicalId.of(THEIRS, "condition-else")
    both = (
        ((world.person, "Condition"), (SUBJECT, own.text)),
        ((world.other, "Condition"), (STRANGER, other.text)),
    )
    for route in sorted(set(routes(app)) - asking.asked):
        method, path = route.split(" ")
        if method == "SOCKET":
            await by_websocket(asking, app)
            continue
        for (person, kind), (subject, thing) in both:
            here = subject if path.startswith("/fhir/Patient/") else thing
            here = person if path.startswith("/record/") else here
            filled = path.replace("{id}", here).replace("{type}", kind)
            filled = filled.replace("{export}", "none").replace("{file}", "none")
            filled = filled.replace("{rest:path}", "no/where")
            if "{" in filled:
                continue  # it stays unasked, and the test says so
            query = f"?patient={person if path.startswith('/record/') else subject}"
            await asking.ask(route, filled)
            await asking.ask(route, filled + query, {} if method != "GET" else None)


async def by_websocket(asking: Asking, app: Starlette) -> None:
    """Everything there is as events of this role's own subscription, whatever they may see."""
    asking.asked.add("SOCKET /fhir/websocket")
    wish = by_socket(topic="said", content="full-resource")
    made = await asking.browser.post("/fhir/Subscription", json=wish)
    if made.status_code != 201:
        assert not asking.who
        return
    store, now = asking.world.way.store, datetime.now(UTC)
    body = bundle(patient("p1", NUMBER), condition("news", "p1"))
    await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)
    [*_, news] = await store.news(limit=100)
    every = [
        Happening(
            focus=f"{kind}/{LogicalId.of(whose, f'{kind.lower()}-{way}').text}",
            change="create",
            at=now,
        )
        for kind in sorted(ABOUT)
        for way in WAYS
        for whose in (THEIRS if way == "else" else OURS,)
    ]
    assert await store.tell_news(news.n, {made.json()["id"]: every}, now=now)
    answer = await asking.browser.get("/fhir/Subscription/$get-ws-binding-token")
    token = next(one for one in answer.json()["parameter"] if one["name"] == "token")
    async with connected(app) as line:
        line.say(f"bind-with-token {token['valueString']}")
        heard = [await line.hear(20)]
        while len(every) not in numbers(heard[-1]):
            heard.append(await line.hear(20))
    seen = marks(json.dumps(heard))
    asking.shown["SOCKET /fhir/websocket"] = seen
    due = {
        Mark(way, kind)
        for way in ("open", "shut", "std")
        for kind in ABOUT
        if may_see(asking.who, way, kind)
    }
    assert seen >= due


def told(answer: httpx.Response) -> str:
    """All that an answer says, in words: of a PDF its text, of an archive what is in it."""
    body = answer.content
    words = [str(answer.headers)]
    if body.startswith(b"%PDF"):
        words += [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
        return "".join("".join(words).split())  # a line may break a word
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            words += [packed.read(name).decode(errors="replace") for name in packed.namelist()]
        return "".join(words)
    return answer.text + words[0]


def sides() -> Iterator[str]:
    """Side paths, chains among them: forwards, and backwards by `_has`."""
    yield from SIDES
    yield "patient.name=Mark"
    yield "subject:Patient.family=Mark"
    for kind in ("Condition", "Provenance", "Observation"):
        place = "target" if kind == "Provenance" else "patient"
        yield f"subject:Patient._has:{kind}:{place}:_id:not=1"
        yield f"_has:{kind}:{place}:_id:not=1"


async def pages(asking: Asking, route: str, path: str) -> None:
    """Every page, by the links that say what is next."""
    for _ in range(40):
        answer = await asking.ask(route, path)
        links = answer.json().get("link", []) if answer.status_code == 200 else []
        following = [one["url"] for one in links if one["relation"] == "next"]
        if not following:
            return
        path = following[0].removeprefix("http://here.example")
    pytest.fail("the pages of a small Bundle have no end")


async def sent(asking: Asking, base: str, who: str, kind: str) -> None:
    """The same search as a form, with and without the person in its path."""
    one = f"POST {base}/Patient/{{id}}/{{type}}/_search"
    await asking.ask(one, f"{base}/Patient/{who}/{kind}/_search", {"_sort": "_id"})
    await asking.ask(f"POST {base}/{{type}}/_search", f"{base}/{kind}/_search", {"patient": who})


def test_the_world_has_something_of_every_type_and_an_oracle_for_every_role():
    """A type that is new here has to be in the world, and a role in the oracle."""
    assert set(TYPES) == set(Kind)
    assert len(ASKING) == 14
    assert {kind for kind in ABOUT if may_see("PATIENT", "open", kind)} == set(ABOUT)
    assert not any(may_see("", way, kind) for way in WAYS for kind in ABOUT)


@pytest.mark.parametrize(
    ("who", "how"),
    [
        (who, how)
        for n, who in enumerate(ASKING)
        for at, how in enumerate(HOW)
        if SOAK or n % 2 == at
    ],
)
async def test_nobody_is_shown_by_any_path_what_the_rules_do_not_let_them_see(who, how):
    world = await matrix(how)
    live = Live(store=world.way.store, stands=stands)
    app = application_of(world.way, world.person, live=live)
    async with client(app, who) as browser:
        asking = Asking(world, who, browser)
        for ask in (every_page, the_record, as_said, every_parameter, in_xml, exported):
            await ask(asking)
        await among_a_group(asking)
        await operations(asking, app)
    assert "SOCKET /fhir/websocket" in asking.asked
    wrong = {
        path: seen
        for path, seen in asking.shown.items()
        if any(not may_see(who, mark.way, mark.kind) for mark in seen)
    }
    assert not wrong
    await app.state.left.close()
    left = await reconcile(world.way.store, Path("nowhere"))
    assert [one for one in left.wrong if not one.startswith("event")] == []  # made up here
    assert may_know_of(who) or not asking.named
    assert asking.asked >= set(routes(app)), "ask the new route here too"
    reached(asking)


@pytest.mark.parametrize("how", [] if SOAK else HOW)
async def test_every_role_meets_every_way_of_hiding_by_the_record_at_least(how: str) -> None:
    """One of the two ways is asked above by every path; and here the other by the whole record."""
    world = await matrix(how)
    app = application_of(world.way, world.person)
    for n, who in enumerate(ASKING):
        if HOW[n % 2] == how:
            continue
        async with client(app, who) as browser:
            asking = Asking(world, who, browser)
            base = {"PATIENT": "/me", "CARER": f"/me/for/{world.person}"}
            at = base.get(who, f"/people/{world.person}")
            for page in ("", "/timeline", "/print"):
                await asking.ask(f"GET {at}{page}", f"{at}{page}")
            of = f"/record/fhir/Patient/{world.person}/$everything"
            await pages(asking, "GET /record/fhir/Patient/{id}/$everything", of)
            found = f"/record/fhir/Condition?patient={world.person}&_revinclude=*"
            await asking.ask("GET /record/fhir/{type}", found)
        wrong = {
            path: seen
            for path, seen in asking.shown.items()
            if any(not may_see(who, mark.way, mark.kind) for mark in seen)
        }
        assert not wrong


def reached(asking: Asking) -> None:
    """That the world is really there: who may see something does, whole and one by one."""
    due = {
        Mark(way, kind)
        for way in ("open", "shut", "std")
        for kind in ABOUT
        if may_see(asking.who, way, kind)
    }
    whole = f"GET /record/fhir/Patient/{asking.world.person}/$everything"
    assert asking.shown[whole] >= {mark for mark in due if mark.kind not in NO_ENTRY}
    assert asking.shown["POST /fhir"] >= due
    base = {"PATIENT": "/me", "CARER": f"/me/for/{asking.world.person}"}
    at = base.get(asking.who, f"/people/{asking.world.person}")
    among = f"GET /record/fhir/Condition?patient._has:Group:member:_id={asking.world.group}&"
    assert Mark("open", "Condition") in asking.shown[among] or asking.who in {*_NO_GROUP} or not due
    for written in ("record.txt", "record.pdf", "print", "timeline"):
        if due:
            every = [
                seen
                for path, seen in asking.shown.items()
                if path.partition("?")[0] == f"GET {at}/{written}"
            ]
            assert Mark("open", "Condition") in frozenset().union(*every), written

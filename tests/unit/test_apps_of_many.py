"""Tokens at Bundles and bulk exports: each thing within is let in to by itself."""

import asyncio
import json
from contextlib import asynccontextmanager
from io import BytesIO

import httpx
import pyarrow.parquet as pq
import pytest

from tests.unit.smart_site import KEY, Flow, app, assertion, world
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.record import LogicalId, PatientKey
from wholerecord.signin.keys import Jwks
from wholerecord.smart import Proof

HERE = "http://here.example"
PATIENT = PatientKey("pas", "p1").id
SUBJECT = LogicalId.of(PATIENT, "p1").text
CONDITION = LogicalId.of(PATIENT, "c1").text
RESULT = LogicalId.of(PATIENT, "o1").text


class Backend:
    """A backend service with a token of one scope."""

    def __init__(self, browser, token, base="/fhir"):
        self.browser, self.headers = browser, {"authorization": f"Bearer {token}"}
        self.base, self.token = base, token

    async def __call__(self, method, path, body=None, **headers):
        return await self.browser.request(
            method, f"{self.base}{path}", json=body, headers=self.headers | headers
        )

    async def exported(self, path="/$export", query=""):
        """The manifest and the lines of each file."""
        began = await self("GET", f"{path}{query}", prefer="respond-async")
        assert began.status_code == 202, began.text
        at = began.headers["content-location"].partition(self.base)[2]
        for _ in range(300):
            answer = await self("GET", at)
            if answer.status_code == 200:
                break
            await asyncio.sleep(0.01)
        files = {}
        for one in answer.json()["output"]:
            file = await self("GET", one["url"].partition(self.base)[2])
            files[one["type"]] = file.content
        return at, files


@asynccontextmanager
async def site():
    here = await world()
    keys = Jwks((KEY.as_dict(private=False),))
    for name in ("reader", "writer"):
        scope = "system/*.cruds" if name == "writer" else "system/*.rs"
        await here.apps.add_app(app(name, scope=scope, proof=Proof.KEY, redirects=(), keys=keys))
        for view in (View.RECORD, View.FIND, View.SAY, View.REGISTER):
            await here.way.store.add_rule(
                Rule(
                    allow=True,
                    purpose=Purpose.DIRECT_CARE,
                    role=Role.SYSTEM,
                    actor=f"app:{name}",
                    view=view,
                    reason="agreed",
                )
            )
    transport = httpx.ASGITransport(app=here.web)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as browser:

        async def backend(scope, name="reader"):
            form = {"grant_type": "client_credentials", "scope": scope}
            flow = Flow(browser, HERE, name)
            answer = await flow.post("token", form | assertion(HERE, iss=name, sub=name))
            assert answer.status_code == 200, answer.text
            return Backend(browser, answer.json()["access_token"])

        yield here, backend


def lines(file):
    return [json.loads(line) for line in file.splitlines()]


@pytest.mark.parametrize(
    ("scope", "types"),
    [
        ("system/*.rs", {"Patient", "Condition", "Observation"}),
        ("system/Condition.rs", {"Condition"}),
        ("system/Condition.r system/Observation.s", {"Condition"}),
        ("system/Observation.rs?category=laboratory", {"Observation"}),
    ],
)
async def test_a_backend_exports_what_it_was_let_in_to_read(scope, types):
    async with site() as (_, backend):
        _, files = await (await backend(scope)).exported()
        assert set(files) == types
        if "category" in scope:
            assert [one["code"]["text"] for one in lines(files["Observation"])] == ["Potassium"]


async def test_an_export_is_its_askers_alone_and_of_one_scope():
    async with site() as (_, backend):
        mine = await backend("system/*.rs")
        at, _ = await mine.exported()
        again = await backend("system/*.rs")  # a token lasts minutes, an export a day
        assert (await again("GET", f"{at}/Condition")).status_code == 200
        for other in (await backend("system/Condition.rs"), await backend("system/*.rs", "writer")):
            for path in (at, f"{at}/Condition"):
                assert (await other("GET", path)).status_code == 404
            assert (await other("DELETE", at)).status_code == 404
        assert (await mine("DELETE", at)).status_code == 202
        assert (await mine("GET", f"{at}/Condition")).status_code == 404


async def test_a_file_goes_on_where_it_was_broken_off():
    async with site() as (_, backend):
        mine = await backend("system/*.rs")
        at, files = await mine.exported()
        whole = files["Observation"]
        rest = await mine("GET", f"{at}/Observation", range="bytes=100-")
        assert (rest.status_code, rest.content) == (206, whole[100:])


async def test_an_export_can_be_written_as_parquet():
    async with site() as (_, backend):
        mine = await backend("system/*.rs")
        _, plain = await mine.exported()
        _, files = await mine.exported(query="?_outputFormat=application/vnd.apache.parquet")
        assert set(files) == set(plain)
        for kind, file in files.items():
            rows = pq.read_table(BytesIO(file)).to_pylist()
            assert [json.loads(row["resource"]) for row in rows] == lines(plain[kind])
            assert {row["id"] for row in rows} == {one["id"] for one in lines(plain[kind])}
        rows = pq.read_table(BytesIO(files["Condition"])).to_pylist()
        assert SUBJECT in {row["patient"] for row in rows}


async def test_a_backend_that_may_only_write_exports_nothing():
    async with site() as (_, backend):
        writer = await backend("system/Condition.c", "writer")
        assert (await writer("GET", "/$export", prefer="respond-async")).status_code == 403


def batch(kind, *entries):
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [
            {"request": {"method": method, "url": url}}
            | ({"resource": resource} if resource else {})
            for method, url, resource in entries
        ],
    }


def condition():
    return {"resourceType": "Condition", "subject": {"reference": f"Patient/{SUBJECT}"},
            "code": {"text": "Gout"}}  # fmt: skip


async def test_each_entry_of_a_batch_is_let_in_by_itself():
    async with site() as (_, backend):
        reader = await backend("system/Condition.rs")
        body = batch(
            "batch",
            ("GET", f"Condition/{CONDITION}", None),
            ("GET", f"Observation/{RESULT}", None),
            ("POST", "Condition", condition()),
        )
        answer = await reader("POST", "", body)
        statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
        assert statuses in (["200", "403", "403"], ["200", "404", "403"])
        assert "Potassium" not in answer.text
        writer = await backend("system/Condition.crs", "writer")
        answer = await writer("POST", "", body)
        statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
        assert statuses in (["200", "403", "201"], ["200", "404", "201"])


async def test_a_category_narrows_what_a_batch_reads():
    async with site() as (_, backend):
        vital = LogicalId.of(PATIENT, "o2").text
        reader = await backend("system/Observation.rs?category=laboratory")
        body = batch("batch", *(("GET", f"Observation/{one}", None) for one in (RESULT, vital)))
        answer = await reader("POST", "", body)
        statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
        assert statuses == ["200", "403"]
        assert "Heart rate" not in answer.text


async def test_a_transaction_with_something_not_let_in_to_does_nothing():
    async with site() as (here, backend):
        writer = await backend("system/Condition.crs", "writer")
        before = len(await here.way.store.current([PATIENT]))
        mixed = (("POST", "Condition", condition()), ("DELETE", f"Condition/{CONDITION}", None))
        answer = await writer("POST", "", batch("transaction", *mixed))
        assert answer.status_code == 403
        assert len(await here.way.store.current([PATIENT])) == before
        answer = await writer("POST", "", batch("transaction", mixed[0]))
        assert answer.status_code == 200, answer.text


async def test_a_group_is_exported_by_who_may_read_it():
    async with site() as (_, backend):
        writer = await backend("system/*.cruds", "writer")
        group = {"resourceType": "Group", "type": "person", "actual": True,
                 "member": [{"entity": {"reference": f"Patient/{SUBJECT}"}}]}  # fmt: skip
        made = (await writer("POST", "/Group", group)).json()
        _, files = await writer.exported(f"/Group/{made['id']}/$export")
        assert {one["id"] for one in lines(files["Patient"])} == {SUBJECT}
        narrow = await backend("system/Condition.rs")
        path = f"/Group/{made['id']}/$export"
        assert (await narrow("GET", path, prefer="respond-async")).status_code in (403, 404)


@pytest.mark.parametrize("kind", ["batch", "transaction"])
async def test_what_is_ones_own_is_changed_only_as_was_let_in_to(kind):
    async with site() as (_, backend):
        maker = await backend("system/Condition.crs", "writer")
        made = (await maker("POST", "/Condition", condition())).json()
        at, result = f"Condition/{made['id']}", {
            "resourceType": "Observation", "status": "final", "code": {"text": "x"},
            "subject": {"reference": f"Patient/{SUBJECT}"},
        }  # fmt: skip
        for entry in (("DELETE", at, None), ("PUT", at, made), ("POST", "Observation", result)):
            answer = await maker("POST", "", batch(kind, entry))
            alone = answer.status_code
            if kind == "batch":
                alone = int(answer.json()["entry"][0]["response"]["status"][:3])
            assert alone == 403, entry
        everything = await backend("system/*.cruds", "writer")
        assert (await everything("DELETE", f"/{at}")).status_code == 204


@pytest.mark.parametrize(
    ("scope", "types"),
    [
        (
            "system/*.rs",
            {"Patient", "Condition", "Observation", "Provenance", "ImmunizationRecommendation"},
        ),
        ("system/Condition.rs", {"Condition"}),
        ("system/Condition.rs system/Provenance.rs", {"Condition", "Provenance"}),
    ],
)
async def test_the_one_record_is_exported_as_it_is_seen_one_by_one(scope, types):
    async with site() as (here, backend):
        reader = await backend(scope)
        one = Backend(reader.browser, reader.token, "/record/fhir")
        at, files = await one.exported()
        assert set(files) == types
        assert len(lines(files["Condition"])) == 2  # of each of the two who are known
        if "*" in scope:
            whole = await one("GET", f"/Patient/{here.person}/$everything")
            every = [each["resource"] for each in whole.json()["entry"]]
            exported = [each for file in files.values() for each in lines(file)]
            assert all(each in exported for each in every)
        assert (await one("GET", "/$export?_since=2020-01-01T00:00:00Z", prefer="respond-async")
                ).status_code == 400  # fmt: skip
        _, narrow = await one.exported(path="/Patient/$export", query="?_type=Condition")
        assert set(narrow) == {"Condition"}
        assert (await (await backend(scope, "writer"))("GET", at)).status_code == 404

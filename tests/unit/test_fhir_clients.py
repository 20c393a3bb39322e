"""Clients that nobody here wrote, over a real socket: what they make, find, change and delete."""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fhirclient.client import FHIRClient
from fhirclient.models.codeableconcept import CodeableConcept
from fhirclient.models.fhirreference import FHIRReference
from fhirclient.models.humanname import HumanName
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.conformance.fhir_server import NHS, doorway, someone
from wholerecord import fhir
from wholerecord.storage import memory


@pytest.fixture
async def address(tmp_path) -> AsyncIterator[str]:
    """The address of a server that listens on this machine alone, and takes whoever asks."""
    way = await doorway(memory.Store())

    async def who_asks(_):
        return someone()

    api = fhir.Api(
        door=way.door,
        who_asks=who_asks,
        cursors=fhir.Cursors(b"test"),
        exports=fhir.Exports(tmp_path / "exports"),
    )
    app = Starlette(routes=[Mount("/fhir", routes=fhir.routes(api, "1"))])
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn only sets it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/fhir"
    server.should_exit = True
    await serving


def with_fhirpy(url: str) -> None:
    client = SyncFHIRClient(url)
    grace = client.resource(
        "Patient",
        name=[{"family": "Okafor", "given": ["Grace"]}],
        identifier=[{"system": NHS, "value": "9990000018"}],
        birthDate="1948-03-02",
    )
    grace.save()
    assert grace.id
    for n in range(12):
        client.resource(
            "Observation",
            status="final",
            code={"text": "Potassium"},
            subject=grace.to_reference(),
            valueQuantity={"value": 4 + n, "unit": "mmol/L"},
            effectiveDateTime=f"2026-03-{n + 1:02}",
        ).save()
    found = client.resources("Observation").search(subject=grace.to_reference().reference)
    every = found.limit(5).fetch_all()
    assert sorted(one["valueQuantity"]["value"] for one in every) == [*range(4, 16)]
    one = client.reference("Observation", every[0].id).to_resource()
    one["status"] = "amended"
    one.save()
    assert client.reference("Observation", one.id).to_resource()["status"] == "amended"
    assert one.is_valid()
    one.delete()
    with pytest.raises(ResourceNotFound):
        client.reference("Observation", one.id).to_resource()
    with pytest.raises(OperationOutcome, match="gender"):
        client.resource("Patient", gender="nobody").save()
    assert len(client.resources("Patient").search(identifier=f"{NHS}|9990000018").fetch_all()) == 1
    everything = grace.execute("$everything", method="get")
    assert len(everything["entry"]) == 12


def in_one_transaction(url: str) -> None:
    client = SyncFHIRClient(url)
    grace = {"resourceType": "Patient", "name": [{"family": "Okafor", "given": ["Grace"]}]}
    whose = "urn:uuid:6b9f2f3e-2a53-4b3a-9d0c-0f6a3f1d7a11"
    result = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Potassium"},
        "subject": {"reference": whose},
    }
    entries = [
        {"fullUrl": whose, "resource": grace, "request": {"method": "POST", "url": "Patient"}},
        {"resource": result, "request": {"method": "POST", "url": "Observation"}},
    ]
    whole = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    told = client.execute("", data=whole)
    _, own, _, version = told["entry"][1]["response"]["location"].rsplit("/", 3)
    said = client.reference("Observation", own).to_resource()
    assert said["subject"]["reference"].startswith("Patient/")
    assert (said["meta"]["versionId"], version) == ("1", "1")
    guarded = SyncFHIRClient(url, extra_headers={"If-Match": 'W/"1"'})
    amended = said.serialize() | {"status": "amended"}
    done = guarded.execute(f"Observation/{own}", method="put", data=amended)
    assert done["meta"]["versionId"] == "2"
    with pytest.raises(MultipleResourcesFound):  # what it makes of any 412
        guarded.execute(f"Observation/{own}", method="put", data=amended)
    entries[1]["resource"] = result | {"status": "nothing"}
    with pytest.raises(OperationOutcome, match="status"):
        client.execute("", data=whole)
    assert (
        len(client.resources("Patient").search(_id=said["subject"]["reference"][8:]).fetch_all())
        == 1
    )


def with_fhirclient(url: str) -> None:
    server = FHIRClient(settings={"app_id": "test", "api_base": url}).server
    named = HumanName({"family": "Okafor", "given": ["Grace"]})
    grace = Patient({"identifier": [{"system": NHS, "value": "9990000018"}]})
    grace.name = [named]
    made = grace.create(server)
    assert made is not None
    grace = Patient.read(made["id"], server)
    assert grace.name[0].family == "Okafor"
    result = Observation()
    result.status, result.code = "final", CodeableConcept({"text": "Potassium"})
    result.subject = FHIRReference({"reference": f"Patient/{grace.id}"})
    said = result.create(server)
    assert said is not None
    [entry] = Observation.where({"patient": grace.id}).perform_resources_iter(server)
    assert entry.id == said["id"]
    entry.status = "amended"
    entry.update(server)
    assert Observation.read(entry.id, server).status == "amended"
    entry.delete(server)
    assert not [*Observation.where({"patient": grace.id}).perform_resources_iter(server)]


async def test_fhirpy_makes_finds_changes_and_deletes(address):
    await asyncio.to_thread(with_fhirpy, address)


async def test_fhirpy_sends_a_transaction_and_changes_only_the_version_it_knows(address):
    await asyncio.to_thread(in_one_transaction, address)


async def test_fhirclient_makes_finds_changes_and_deletes(address):
    await asyncio.to_thread(with_fhirclient, address)


@pytest.mark.skipif(
    importlib.util.find_spec("fhir_pyrate") is None, reason="fhir-pyrate is not installed"
)
async def test_fhir_pyrate_makes_tables_of_what_it_finds(address):
    words = (sys.executable, "-m", "tests.unit.pyrate_client", address)
    process = await asyncio.create_subprocess_exec(*words, stdout=-1, stderr=-1)
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, err.decode()
    assert out == b"five ways\n"

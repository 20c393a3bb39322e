"""The FHIR API over a store, asked as somebody; for tests of both stores."""

import json
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from wholerecord import fhir
from wholerecord.access import Actor, Doorway, Store
from wholerecord.consent import Role, standing_rules
from wholerecord.record import Source, read_json

NHS = "https://fhir.nhs.uk/Id/nhs-number"
LOCAL = "https://trust.example/number"
JSON = {"content-type": "application/fhir+json"}


def someone(role: Role = Role.DOCTOR, organisation: str = "RXA") -> Actor:
    return Actor(id=role.name, name="Some One", role=role, organisation=organisation)


class Client:
    """A client of the API."""

    def __init__(
        self, way: Doorway, who: Actor | None = None, exports: fhir.Exports | None = None
    ) -> None:
        self.way = way

        async def who_asks(_: object) -> Actor:
            return who or someone()

        api = fhir.Api(
            door=way.door, who_asks=who_asks, cursors=fhir.Cursors(b"test"), exports=exports
        )
        app = Starlette(routes=[Mount("/fhir", routes=fhir.routes(api, "1"))])
        transport = httpx.ASGITransport(app=app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://here.example/fhir/")

    async def __call__(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        said = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else said
        return await self.http.request(method, path, content=content, headers=JSON | named)

    async def made(self, resource: dict[str, Any]) -> dict[str, Any]:
        """The resource as created."""
        answer = await self("POST", resource["resourceType"], resource)
        assert answer.status_code == 201, answer.text
        return answer.json()


async def doorway(store: Store) -> Doorway:
    """A door to the store, with its rules and a feed."""
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="pas", controller="RXA", title="PAS"))
    return Doorway(store)


def patient(number: str = "9990000018", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": NHS, "value": number}],
        "name": [{"family": "Okafor", "given": ["Grace"]}],
        "birthDate": "1948-03-02",
        "gender": "female",
    } | more


def observation(subject: str, value: str = "4.50", **more: Any) -> bytes:
    said = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Potassium"},
        "subject": {"reference": subject},
        "effectiveDateTime": "2026-03-02T09:15:00Z",
    } | more
    quantity = f'{{"valueQuantity":{{"value":{value},"unit":"mmol/L"}},'
    return quantity.encode() + json.dumps(said).encode()[1:]


def exact(answer: httpx.Response) -> Any:
    return read_json(answer.content)

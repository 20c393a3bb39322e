"""The real door over the reference store, with real messages behind it."""

import json
from typing import Any

from tests.e2e.deliveries import condition
from wholerecord.access import Actor, Doorway
from wholerecord.consent import Role, standing_rules
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.record import MessageId, PersonId, Source
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle

COLUMNS = {
    "person": {
        "number": "Person ID",
        "nhs_number": "NHS No",
        "family": "Surname",
        "given": "Forename",
        "born": "Born",
    },
    "rows": [{"shape": "service", "title": "Service", "start": "From"}],
}
SECRET = "Chlamydial infection"
NUMBER = "9990000018"
SECRET_CODE = "240589008"


def secret(label: str = "R", id: str = "s1") -> dict[str, Any]:
    coding = {"system": "http://snomed.info/sct", "code": SECRET_CODE, "display": SECRET}
    security = {"meta": {"security": [{"code": label}]}} if label else {}
    return condition(id, "p1", code={"coding": [coding]}) | security


def actor(role: Role, organisation: str = "RXA", **more: PersonId | None) -> Actor:
    return Actor(id=role.name, name="Some One", role=role, organisation=organisation, **more)


async def site(*bodies: bytes) -> tuple[Doorway, PersonId]:
    """A doorway over what these messages say, and the person with `NUMBER`."""
    store = memory.Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    for name in ("pas", "gp", "other"):
        await store.declare(Source(name=name, controller="RXA", title=name.upper()))
    columns = json.dumps(COLUMNS).encode()
    await store.declare(
        Source(name="social", controller="RXA", title="Social care", columns=columns)
    )
    way = Doorway(store)
    for body in bodies:
        await send(way, body)
    [(person, _), *_] = await store.find(Search.of(NUMBER).keys)
    return way, person


async def send(way: Doorway, body: bytes, source: str = "pas") -> MessageId:
    receipt = await way.store.keep(Arrival(source=source, body=body, name="post"))
    await settle(way.store, prepare_here)
    return receipt.message

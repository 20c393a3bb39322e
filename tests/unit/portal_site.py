"""A small region behind the real door: two sources, three people, one parked item, one match."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from wholerecord.access import Door, Doorway, Refused
from wholerecord.consent import Purpose, Role, Rule, standing_rules
from wholerecord.intake import Arrival, Filing, Kept, fhir, filing
from wholerecord.people import Act
from wholerecord.people.decide import decide
from wholerecord.portal import Persona, Registered, Seal, Site, Table, routes
from wholerecord.record import PersonId, Source
from wholerecord.storage.memory import Store

SOURCES = (
    Source(
        name="acute",
        controller="RX1",
        title="St Elsewhere Hospital",
        setting="acute",
        expected=timedelta(hours=4),
    ),
    Source(
        name="gp", controller="A81001", title="Willow GP", setting="gp", expected=timedelta(days=1)
    ),
)


def patient(
    id: str, number: str, name: tuple[str, str], born: str, postcode: str = "LS2 9JT"
) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": id,
        "identifier": [
            {
                "system": "https://fhir.nhs.uk/Id/nhs-number",
                "value": number,
                "extension": [
                    {
                        "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                        "valueCodeableConcept": {"coding": [{"code": "01"}]},
                    }
                ],
            }
        ]
        if number
        else [],
        "name": [{"use": "official", "family": name[1], "given": [name[0]], "prefix": ["Mrs"]}],
        "birthDate": born,
        "gender": "female",
        "address": [{"line": ["14 Garden Row"], "postalCode": postcode}],
    }


def about(id: str, kind: str, of: str, words: str, code: str, **more: Any) -> dict[str, Any]:
    """A resource about a patient. `words` are the source's own."""
    return {
        "resourceType": kind,
        "id": id,
        ("patient" if kind == "AllergyIntolerance" else "subject"): {"reference": f"Patient/{of}"},
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": code, "display": words}],
            "text": words,
        },
        **more,
    }


def potassium(id: str, of: str, day: str, value: float) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "subject": {"reference": f"Patient/{of}"},
        "effectiveDateTime": f"{day}T06:00:00Z",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]
        },
        "valueQuantity": {"value": value, "unit": "mmol/L"},
    }


CONFIRMED = {
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
}
ACUTE = (
    patient("a1", "9990000018", ("Grace", "Okafor"), "1948-03-02"),
    about(
        "c1",
        "Condition",
        "a1",
        "Cerebral infarction <left>",
        "432504007",
        onsetDateTime="2026-02-18",
        **CONFIRMED,
    ),
    about("c2", "Condition", "a1", "Hypertension", "38341003", onsetDateTime="1998", **CONFIRMED),
    potassium("o1", "a1", "2026-02-25", 5.1),
    potassium("o2", "a1", "2026-03-02", 6.4),
)
GP = (
    patient("g1", "9990000018", ("Grace", "Okafor"), "1948-03-02"),
    about(
        "x1",
        "Condition",
        "g1",
        "High blood pressure",
        "38341003",
        onsetDateTime="1997-05-01",
        **CONFIRMED,
    ),
    about(
        "y1",
        "AllergyIntolerance",
        "g1",
        "Allergy to penicillin",
        "91936005",
        criticality="high",
        reaction=[{"manifestation": [{"text": "anaphylaxis"}]}],
    ),
)
ELSEWHERE = (patient("g2", "9990000026", ("Ruth", "Adeyemi"), "1950-07-09"),)
UNSURE = (patient("a2", "", ("Ruth", "Adeyemi"), "1950-07-09", "M1 1AA"),)


def bundle(resources: Sequence[dict[str, Any]]) -> bytes:
    """A collection Bundle."""
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": resource} for resource in resources],
        }
    ).encode()


class Counted:
    """Counting with one answer: what the pages are given, without the research behind it."""

    def questions(self) -> Sequence[tuple[str, str]]:
        return (("stroke", "Stroke"),)

    async def count(self, door: Door, question: str, *, purpose: Purpose) -> Table | Refused:
        counted = await door.counted(purpose, "1")
        if isinstance(counted, Refused):
            return counted
        return Table(
            n=1,
            title=f"People with {question}",
            columns=("Age", "People"),
            rows=(("70 to 79", "fewer than 7"),),
            notes=("Counts below 7 are not shown",),
        )

    async def register(self) -> Sequence[Registered]:
        return ()


class Browser:
    """A client that keeps its cookies and follows redirects, one request at a time."""

    def __init__(self, site: Site, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=routes(site))),
            base_url="http://here.example",
            follow_redirects=True,
        )
        self.cookies = self._client.cookies

    def follow(self, *, redirects: bool) -> None:
        self._client.follow_redirects = redirects

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **more))


@dataclass(frozen=True)
class Region:
    """The store, and the two people the tests are about."""

    store: Store
    site: Site
    grace: PersonId
    ruth: PersonId
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def client(self, persona: str = "") -> Browser:
        """A browser, signed in as that persona."""
        client = Browser(self.site, self.runner)
        if persona:
            client.post("/sign-in", data={"persona": persona})
        return client

    def acts(self) -> list[Act]:
        """Every act in the link events about Ruth."""
        return [event.act for event in self.runner.run(self.store.events(self.ruth))]


def region() -> Region:
    """The region, loaded."""
    return asyncio.run(_region())


async def _prepare(batch: Sequence[Kept]) -> Sequence[Filing]:
    return [filing(kept, fhir.read(kept)) for kept in batch]


async def _region() -> Region:
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    for source in SOURCES:
        await store.declare(source)
    for source, body in (
        ("acute", bundle(ACUTE)),
        ("gp", bundle(GP)),
        ("gp", bundle(ELSEWHERE)),
        ("acute", bundle(UNSURE)),
        ("acute", b'{"resourceType": "Bun'),
    ):
        await store.keep(Arrival(source=source, body=body, name="test"))
    while await store.file_waiting(_prepare):
        pass
    while await store.link_waiting(decide):
        pass
    people: dict[str, PersonId] = {}
    for person in await store.people():
        for member in await store.members(person):
            if member.demographics.name:
                people.setdefault(f"{member.source} {member.demographics.name.family}", person)
    grace, ruth = people["acute Okafor"], people["gp Adeyemi"]
    await store.add_rule(
        Rule(
            allow=True,
            purpose=Purpose.OWN_RECORD,
            actor="carer",
            person=grace,
            reason="she asked for her daughter to see it",
        )
    )
    personas = (
        Persona(
            id="doctor",
            name="Dr Priya Example",
            role=Role.DOCTOR,
            organisation="RX1",
            place="St Elsewhere Hospital",
            about="Stroke physician.",
        ),
        Persona(
            id="reception",
            name="Sam Example",
            role=Role.RECEPTIONIST,
            organisation="RX1",
            place="St Elsewhere Hospital",
            about="At the front desk.",
        ),
        Persona(
            id="grace",
            name="Grace Okafor",
            role=Role.PATIENT,
            organisation="",
            place="at home",
            about="Had a stroke in February.",
            person=grace,
        ),
        Persona(
            id="carer",
            name="Ngozi Okafor",
            role=Role.CARER,
            organisation="",
            place="at home",
            about="Grace's daughter.",
            cares_for=((grace, "Grace"),),
        ),
        Persona(
            id="governance",
            name="Alex Example",
            role=Role.GOVERNANCE,
            organisation="RX1",
            place="St Elsewhere Hospital",
            about="Looks after identity.",
        ),
        Persona(
            id="safety",
            name="Dr Robin Example",
            role=Role.GOVERNANCE,
            organisation="RX1",
            place="St Elsewhere Hospital",
            about="Clinical safety officer.",
        ),
        Persona(
            id="planner",
            name="Jo Example",
            role=Role.PLANNER,
            organisation="QWO",
            place="The region",
            about="Plans services.",
        ),
    )

    async def everybody() -> tuple[Persona, ...]:
        return personas

    way = Doorway(store)
    site = Site(door=way.door, personas=everybody, seal=Seal(b"test"), counting=Counted())
    return Region(store=store, site=site, grace=grace, ruth=ruth)

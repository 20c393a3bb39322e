"""A small world to search, and the way a test asks it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from wholerecord.errors import NotFound
from wholerecord.fhir.search.around import Around, IsIn
from wholerecord.fhir.search.read import read
from wholerecord.fhir.search.select import select
from wholerecord.fhir.search.world import World

SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
BASE = "http://here.example/fhir"


def value_set(url: str) -> IsIn:
    """The one value set this world knows."""
    if url != "urn:example:strokes":
        raise NotFound("No value set of this address is known.")
    return lambda system, code: (system, code) == (SNOMED, "422504002")


AROUND = Around(now=datetime(2026, 7, 1, tzinfo=UTC), base=BASE, value_set=value_set)


def concept(system: str, code: str, display: str = "", text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text}


def observation(id: str, code: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": concept(LOINC, code),
        "subject": {"reference": "Patient/ada"},
        "valueQuantity": {"value": Decimal(value), "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


def part(code: str, value: str) -> dict[str, Any]:
    quantity = {"value": Decimal(value), "system": UCUM, "code": "mm[Hg]"}
    return {"code": concept(LOINC, code), "valueQuantity": quantity}


RESOURCES: list[dict[str, Any]] = [
    {
        "resourceType": "Patient",
        "id": "ada",
        "active": True,
        "meta": {
            "lastUpdated": "2026-01-02T10:00:00Z",
            "profile": ["http://uk.example/Patient"],
            "security": [{"system": "urn:conf", "code": "R"}],
            "tag": [{"code": "blue"}],
            "source": "urn:source:gp",
        },
        "identifier": [
            {
                "system": NHS,
                "value": "9990000018",
                "type": {"coding": [{"system": "urn:types", "code": "NH"}], "text": "NHS number"},
            }
        ],
        "name": [{"family": "Brontë", "given": ["Zoë", "Ada"]}],
        "gender": "female",
        "birthDate": "1948-03-02",
        "telecom": [{"system": "phone", "value": "07700 900123", "use": "mobile"}],
        "text": {"div": "<div>A quiet <b>gardener</b></div>"},
        "generalPractitioner": [{"reference": "Organization/gp"}],
    },
    {"resourceType": "Patient", "id": "bo", "deceasedDateTime": "2020", "birthDate": "1948"},
    {
        "resourceType": "Organization",
        "id": "gp",
        "name": "Aire",
        "partOf": {"reference": "Organization/icb"},
    },
    {"resourceType": "Organization", "id": "icb", "name": "West"},
    {
        "resourceType": "Condition",
        "id": "stroke",
        "code": concept(SNOMED, "422504002", "Ischaemic stroke", "CVA, left side"),
        "subject": {"reference": "Patient/ada"},
        "encounter": {"reference": "Encounter/e1"},
        "onsetDateTime": "2024-05",
        "recordedDate": "2024-06-01",
    },
    {
        "resourceType": "Condition",
        "id": "gout",
        "code": concept(SNOMED, "90560007", "Gout"),
        "subject": {"reference": f"{BASE}/Patient/ada"},
        "onsetPeriod": {"start": "2019-01-01"},
    },
    {
        "resourceType": "Encounter",
        "id": "e1",
        "subject": {
            "reference": "Patient/ada",
            "identifier": {"system": NHS, "value": "9990000018"},
        },
        "period": {"start": "2024-05-01T09:00:00Z", "end": "2024-05-09T17:00:00Z"},
    },
    observation("k", "2823-3", "5.4", "mmol/L", effectiveDateTime="2026-01-14T10:00:00Z"),
    observation("k2", "2823-3", "4.0", "mmol/L", effectiveDateTime="2026-02"),
    observation("low", "14749-6", "3", "mmol/L", hasMember=[{"reference": "Observation/k"}])
    | {"valueQuantity": {"value": 3, "comparator": "<", "unit": "mmol/L"}},
    {
        "resourceType": "Observation",
        "id": "bp",
        "code": concept(LOINC, "85354-9"),
        "subject": {"reference": "Patient/ada"},
        "component": [part("8480-6", "142"), part("8462-4", "91")],
    },
    {
        "resourceType": "List",
        "id": "problems",
        "entry": [
            {"item": {"reference": "Condition/gout"}},
            {"item": {"reference": "Condition/stroke"}, "deleted": True},
        ],
    },
    {
        "resourceType": "RiskAssessment",
        "id": "risk",
        "prediction": [{"probabilityDecimal": Decimal("0.80")}],
    },
    {
        "resourceType": "Location",
        "id": "leeds",
        "position": {"latitude": Decimal("53.80"), "longitude": Decimal("-1.55")},
    },
    {
        "resourceType": "ValueSet",
        "id": "vs",
        "url": "http://x.example/sets/strokes/left",
    },
    {
        "resourceType": "Provenance",
        "id": "said",
        "target": [{"reference": "Condition/stroke"}],
        "agent": [{"who": {"reference": "Organization/gp"}}],
    },
]
WORLD = World.of(RESOURCES)


def ids(query: str, world: World = WORLD) -> list[str]:
    """The ids that `Type?name=value&…` finds, in order."""
    kind, _, rest = query.partition("?")
    pairs = [(name, value) for name, _, value in (one.partition("=") for one in rest.split("&"))]
    return [held.id for held in select(read(kind, pairs, AROUND), world)]

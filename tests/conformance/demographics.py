"""Patients described in full, for tests of who is who on real stores with the real rules."""

import json
from collections.abc import Sequence
from typing import Any

from wholerecord import worker
from wholerecord.access import Store
from wholerecord.intake import Arrival
from wholerecord.record import PatientId, PatientKey, PersonId, Source

_VERIFICATION = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)
_NHS = "https://fhir.nhs.uk/Id/nhs-number"


def described(
    number: str,
    family: str,
    given: str,
    born: str,
    sex: str = "female",
    *,
    nhs: str = "",
    status: str = "01",
    postcode: str = "LS2 9JT",
    restricted: bool = False,
    died: str = "",
) -> dict[str, Any]:
    """A FHIR Patient. `nhs` is verified unless `status` says otherwise."""
    said: dict[str, Any] = {
        "resourceType": "Patient",
        "id": number,
        "name": [{"use": "official", "family": family, "given": [given]}],
        "birthDate": born,
        "gender": sex,
        "address": [{"postalCode": postcode}],
    }
    if nhs:
        concept = {"coding": [{"code": status}]}
        said["identifier"] = [
            {
                "system": _NHS,
                "value": nhs,
                "extension": [{"url": _VERIFICATION, "valueCodeableConcept": concept}],
            }
        ]
    if restricted:
        said["meta"] = {"security": [{"code": "R"}]}
    if died:
        said["deceasedDateTime"] = died
    return said


def stay(number: str, of: str, begins: str, ends: str, kind: str = "IMP") -> dict[str, Any]:
    """A FHIR Encounter, in a bed unless `kind` says otherwise."""
    return {
        "resourceType": "Encounter",
        "id": number,
        "status": "finished",
        "class": {"code": kind},
        "subject": {"reference": f"Patient/{of}"},
        "period": {"start": begins, "end": ends},
    }


async def tell(store: Store, source: str, *resources: dict[str, Any]) -> None:
    """Say these of one patient, and settle: filed, linked and looked at for false merges."""
    await store.declare(Source(name=source, controller=f"RX{source.upper()}", title=source))
    entries = [{"resource": resource} for resource in resources]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    await store.keep(Arrival(source=source, body=json.dumps(bundle).encode(), name="test"))
    await worker.settle(store, worker.prepare_here)


def patient(source: str, number: str) -> PatientId:
    """The patient's id."""
    return PatientKey(source, number).id


async def whom(store: Store, *patients: tuple[str, str]) -> Sequence[PersonId | None]:
    """Who each of these patients is."""
    return [await store.person_of(patient(*one)) for one in patients]

"""A GP2GP extract read into what it says about its patient. Pure; never raises.

Source: NHS England, GP2GP (RCMR_IN030000UK06 and UK07, EHR extract); HL7 v3, XML ITS 1.0.
"""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from wholerecord.intake.hl7v2.keys import key_text
from wholerecord.intake.hl7v2.moments import day, instant
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.hl7v3 import agents as directory
from wholerecord.intake.hl7v3.clinical import (
    say_allergy,
    say_immunisation,
    say_problem,
    say_relative,
)
from wholerecord.intake.hl7v3.extract import Extract, composition_place
from wholerecord.intake.hl7v3.held import holder
from wholerecord.intake.hl7v3.look import V3, Json, child, children, statements, value
from wholerecord.intake.hl7v3.medicines import discontinued, say_supply
from wholerecord.intake.hl7v3.observed import say_observation
from wholerecord.intake.hl7v3.others import (
    say_consultation,
    say_document,
    say_report,
    say_request,
    say_specimen,
)
from wholerecord.intake.markup import Element, local, parse, place_of
from wholerecord.intake.reading import (
    Fault,
    Kept,
    PatientReading,
    Reading,
    Reason,
    Unreadable,
)
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.record import PatientKey, Saying

_NHS_NUMBER = "2.16.840.1.113883.2.1.4.1"
_SEX = {"1": "male", "2": "female", "0": "unknown", "9": "other", "M": "male", "F": "female"}
_SAY: Mapping[str, Callable[[Extract, int], None]] = MappingProxyType(
    {
        "AllergyIntolerance": say_allergy,
        "Condition": say_problem,
        "DiagnosticReport": say_report,
        "DocumentReference": say_document,
        "FamilyMemberHistory": say_relative,
        "Immunization": say_immunisation,
        "MedicationRequest": say_supply,
        "Observation": say_observation,
        "ServiceRequest": say_request,
        "Specimen": say_specimen,
    }
)


def read(kept: Kept) -> Reading | Unreadable:
    """What an EHR extract says; any other HL7 v3 message is parked by its name."""
    top = parse(kept.body)
    if isinstance(top, Fault):
        return Unreadable(fault=top)
    extracts = [top] if local(top) == "EhrExtract" else list(top.iter(f"{{{V3}}}EhrExtract"))
    if not extracts:
        detail = local(top)[:24]
        return Unreadable(fault=Fault(reason=Reason.NOT_READ_YET, place="/", detail=detail))
    if len(extracts) > 1:
        place = place_of(extracts[1])
        return Unreadable(fault=Fault(reason=Reason.SEVERAL_PATIENTS, place=place))
    patient = child(extracts[0], "recordTarget", "patient")
    if patient is None:
        return Unreadable(fault=Fault(reason=Reason.NO_PATIENT, place=place_of(extracts[0])))
    return _read(kept, top, extracts[0], patient)


def _read(kept: Kept, top: Element, extract: Element, patient: Element) -> Reading:
    number = _number(kept, patient)
    sent = instant(value(child(top, "creationTime"))) or instant(
        value(child(extract, "availabilityTime"))
    )
    telling = Telling(
        about=PatientKey(kept.source, key_text(number)),
        number=number,
        event=local(top),
        control=value(child(top, "id"), "root"),
        meta={"lastUpdated": sent} if sent else {},
    )
    telling.say("Patient", fhir_id(*number), "recordTarget", _patient(patient))
    sayings: list[Saying] = []
    for folder in (one for one in statements(extract) if local(one) == "ehrFolder"):
        people = directory.agents(folder)
        sayings += people.sayings
        _say_folder(telling, people, folder)
    return Reading(
        patients=(PatientReading(about=telling.about, sayings=tuple(telling.sayings)),),
        directory=tuple(sayings),
        faults=tuple(telling.faults),
    )


def _say_folder(telling: Telling, people: directory.Agents, folder: Element) -> None:
    compositions = [holder(one) for one in statements(folder) if local(one) == "ehrComposition"]
    extract = Extract(telling, people, compositions)
    extract.ended |= discontinued(folder)
    for n, composition in enumerate(compositions, start=1):
        say_consultation(extract, composition, composition_place(n))
    for known in extract.ended.keys() - extract.addresses.keys():
        place = f"ehrSupplyDiscontinue {known[:36]}"
        detail = "what it ends is not in the extract"
        telling.fault(Reason.CUT_SHORT, place, detail)
    for n, one in enumerate(extract.said):
        if say := _SAY.get(one.kind):
            say(extract, n)
            continue
        negated = value(one.element, "negationInd") == "true"
        detail = f"{local(one.element)[:30]}{', negated' if negated else ''}"
        telling.fault(Reason.NOT_READ_YET, extract.places[n], detail)


def _number(kept: Kept, patient: Element) -> tuple[str, str]:
    """The patient's NHS number; where it is none, this very message.

    A wrong number may be anybody's (one used for tests stands in many extracts), so nobody is filed
    by it; the sender's ids of an extract are no better.
    """
    nhs = NhsNumber.parse(_said_number(patient))
    if nhs:
        return "nhs", nhs.digits
    return "extract", hashlib.sha256(kept.body).hexdigest()[:32]


def _said_number(patient: Element) -> str:
    numbers = [
        value(one, "extension")
        for one in children(patient, "id")
        if value(one, "root") == _NHS_NUMBER
    ]
    return next((one for one in numbers if one), "")


def _patient(patient: Element) -> Json:
    said: Json = {}
    if number := _said_number(patient):
        said["identifier"] = [{"system": NHS_NUMBER_SYSTEM, "value": number}]
    person = child(patient, "patientPerson")
    if person is None:
        return said
    called = [found for one in children(person, "name") if (found := directory.name(one))]
    return said | {
        "name": called,
        "gender": _SEX.get(value(child(person, "administrativeGenderCode"), "code"), ""),
        "birthDate": day(value(child(person, "birthTime"))),
        "address": [
            found for one in children(patient, "addr") if (found := directory.address(one))
        ],
        "telecom": directory.telecoms(patient),
    }

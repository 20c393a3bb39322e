"""FHIR from personal health devices: read as FHIR, with what ISO 11073's codes mean added.

Source: HL7 Personal Health Device IG: observations coded in ISO/IEEE 11073-10101 (MDC), which name
a device and, by an extension, the gateway that sent for it. LOINC is added where the sender gave
only MDC, the device's maker and model where it is in the same message, and who measured.
"""

from dataclasses import replace
from typing import Any

from wholerecord.intake import fhir
from wholerecord.intake.devices.declared import Declared, declared
from wholerecord.intake.devices.measured import method
from wholerecord.intake.fhir.shape import Object, an_object, codings, objects, text
from wholerecord.intake.reading import Kept, PatientReading, Reading, Unreadable
from wholerecord.record import Saying, canonical, read_json

MDC = "urn:iso:std:iso:11073:10101"
_LOINC = "http://loinc.org"
_GATEWAY = "http://hl7.org/fhir/StructureDefinition/observation-gatewayDevice"
#: MDC code -> LOINC code, and what it is. Glucose depends on its unit: see `_GLUCOSE`.
_MEANS = {
    "147842": ("8867-4", "Heart rate"),
    "149530": ("8867-4", "Heart rate"),
    "149546": ("8867-4", "Heart rate"),
    "150020": ("85354-9", "Blood pressure"),
    "150021": ("8480-6", "Systolic blood pressure"),
    "150022": ("8462-4", "Diastolic blood pressure"),
    "150023": ("8478-0", "Mean blood pressure"),
    "150364": ("8310-5", "Body temperature"),
    "150456": ("59408-5", "Oxygen saturation in arterial blood by pulse oximetry"),
    "151562": ("9279-1", "Respiratory rate"),
    "188736": ("29463-7", "Body weight"),
    "188740": ("8302-2", "Body height"),
    "188748": ("41982-0", "Percentage of body fat"),
    "188752": ("39156-5", "Body mass index"),
}
_GLUCOSE = "160184"
_GLUCOSES = {"mg/dL": "41653-7", "mmol/L": "14743-9"}


def is_phd(body: bytes) -> bool:
    """Whether a FHIR message speaks of devices in MDC."""
    return MDC.encode() in body


def read(kept: Kept) -> Reading | Unreadable:
    """What the FHIR reader reads, its device readings told as other systems tell them."""
    reading = fhir.read(kept)
    if isinstance(reading, Unreadable):
        return reading
    said = declared(kept.columns)
    every = [*reading.directory, *(one for each in reading.patients for one in each.sayings)]
    devices = {
        text(device.get("id")): called
        for one in every
        if one.kind == "Device" and (called := _called(device := read_json(one.body)))
    }
    patients = tuple(
        PatientReading(
            about=each.about, sayings=tuple(_told(one, devices, said) for one in each.sayings)
        )
        for each in reading.patients
    )
    return replace(reading, patients=patients)


def _told(saying: Saying, devices: dict[str, str], said: Declared) -> Saying:
    if saying.kind != "Observation" or not is_phd(saying.body):
        return saying
    observation = an_object(read_json(saying.body))
    made = _meant(observation)
    if "component" in made:
        made["component"] = [_meant(part) for part in objects(made["component"])]
    called = _named(made, "device", devices)
    if any(text(who.get("reference")).startswith("Patient/") for who in _performers(made)):
        made.setdefault("method", method(said.is_validated(called)))
    through = _gateway(made, devices)
    if through:
        made["note"] = [*objects(made.get("note")), {"text": f"sent by {through}"}]
    return Saying(kind=saying.kind, body=canonical(made), place=saying.place)


def _meant(measured: Object) -> dict[str, Any]:
    """An observation or a part of one, with LOINC beside MDC."""
    code = an_object(measured.get("code"))
    said = codings(code)
    if any(one.get("system") == _LOINC for one in said):
        return dict(measured)
    for one in said:
        found = _loinc(one, measured) if one.get("system") == MDC else None
        if found:
            return {
                **measured,
                "code": {"text": found["display"], **code, "coding": [*said, found]},
            }
    return dict(measured)


def _loinc(mdc: Object, measured: Object) -> Object | None:
    number = text(mdc.get("code"))
    if number == _GLUCOSE:
        unit = text(an_object(measured.get("valueQuantity")).get("code"))
        code, display = _GLUCOSES.get(unit, ""), "Glucose in capillary blood by glucometer"
    else:
        code, display = _MEANS.get(number, ("", ""))
    return {"system": _LOINC, "code": code, "display": display} if code else None


def _performers(observation: Object) -> list[Object]:
    return objects(observation.get("performer"))


def _called(device: Any) -> str:
    """A device's maker and model."""
    parts = (text(an_object(device).get(part)) for part in ("manufacturer", "modelNumber"))
    return " ".join(part for part in parts if part)


def _named(made: Object, element: str, devices: dict[str, str]) -> str:
    """The name of the device referred to, which is put beside the reference; "" if not known."""
    reference = an_object(made.get(element))
    called = text(reference.get("display")) or _known(reference, devices)
    if called:
        made[element] = {**reference, "display": called}
    return called


def _known(reference: Object, devices: dict[str, str]) -> str:
    return devices.get(text(reference.get("reference")).rpartition("/")[2], "")


def _gateway(made: Object, devices: dict[str, str]) -> str:
    for extension in objects(made.get("extension")):
        if extension.get("url") == _GATEWAY:
            reference = an_object(extension.get("valueReference"))
            return text(reference.get("display")) or _known(reference, devices)
    return ""

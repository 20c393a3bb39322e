"""Orders and dispensings as FHIR R4."""

from decimal import Decimal

from wholerecord.demo.coding import SNOMED, Json, snomed
from wholerecord.demo.happening import Dispensing, Prescription
from wholerecord.demo.r4.clinical import meta
from wholerecord.demo.r4.voice import Voice, moment
from wholerecord.demo.tables import value


def product(medicine: str) -> str:
    """The product's name as a prescriber picks it: substance, strength and form."""
    return str(value("medicines")[medicine]["product"])


def request(what: Prescription, subject: Json, voice: Voice) -> Json:
    """A MedicationRequest: active, or stopped with the reason."""
    resource: Json = {
        "resourceType": "MedicationRequest",
        "id": what.id,
        "meta": meta(moment(what.at), what.label),
        "identifier": voice.identifier("prescription", what.id),
        "status": "stopped" if what.stopped_because else "completed" if what.until else "active",
        "intent": "order",
        "medicationCodeableConcept": _medicine(what.medicine),
        "subject": subject,
        "authoredOn": moment(what.at),
        "courseOfTherapyType": {"text": "repeat" if what.repeat else "acute"},
        "dosageInstruction": [{"text": what.dose}],
    }
    if what.until:
        period = {"start": what.at.date().isoformat(), "end": what.until.isoformat()}
        resource["dispenseRequest"] = {"validityPeriod": period}
    if what.stopped_because:
        resource["statusReason"] = {"text": what.stopped_because}
    if what.why:
        resource["reasonCode"] = [{"text": what.why}]
    if what.by:
        resource["requester"] = {"display": what.by}
    return resource


def dispense(what: Dispensing, subject: Json, voice: Voice) -> Json:
    """A completed MedicationDispense."""
    resource: Json = {
        "resourceType": "MedicationDispense",
        "id": what.id,
        "meta": meta(moment(what.at)),
        "identifier": voice.identifier("dispense", what.id),
        "status": "completed",
        "medicationCodeableConcept": _medicine(what.medicine),
        "subject": subject,
        "whenHandedOver": moment(what.at),
        "quantity": {"value": what.quantity},
        "daysSupply": {"value": what.days, "unit": "days"},
        "dosageInstruction": [{"text": what.dose}],
        "performer": [{"actor": {"display": voice.title}}],
    }
    if what.order:
        identifier = {"system": "https://fhir.nhs.uk/Id/prescription-order-number"}
        resource["authorizingPrescription"] = [
            {"type": "MedicationRequest", "identifier": identifier | {"value": what.order}}
        ]
    return resource


def quantity(medicine: str, days: int) -> int:
    """How many are handed over for `days`, at least one."""
    return max(1, round(Decimal(str(value("medicines")[medicine]["daily"])) * days))


def _medicine(medicine: str) -> Json:
    # The code is the substance's (VTM); the words are the product's, as prescribers see it.
    coding = {"system": SNOMED, "code": snomed(medicine), "display": product(medicine)}
    return {"coding": [coding], "text": product(medicine)}

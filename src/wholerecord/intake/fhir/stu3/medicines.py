"""MedicationRequest, MedicationStatement, MedicationDispense and MedicationAdministration.

Source: FHIR R4, each type's "R3 Diff"; Dosage (dose and rate moved under `doseAndRate`; the text is
kept word for word); GP Connect 1.6, medication resources.
"""

from wholerecord.intake.fhir.shape import Object, an_object, objects
from wholerecord.intake.fhir.stu3.change import agent, carried, extension, listed, renamed

_DOSE_AND_RATE = ("doseQuantity", "doseRange", "rateQuantity", "rateRange", "rateRatio")


def request(stu3: Object) -> Object:
    """The R4 MedicationRequest. The GP Connect status reason and prescription type get elements."""
    resource = renamed(stu3, {"context": "encounter"})
    agent(resource)
    listed(resource, "category")
    _dosages(resource, "dosageInstruction")
    for part in objects(extension(resource, "MedicationStatusReason-1").get("extension")):
        if part.get("url") == "statusReason" and "valueCodeableConcept" in part:
            resource.setdefault("statusReason", part["valueCodeableConcept"])
    course = extension(resource, "PrescriptionType-1").get("valueCodeableConcept")
    if course:
        resource.setdefault("courseOfTherapyType", course)
    substitution = an_object(resource.get("substitution"))
    if "allowed" in substitution:
        resource["substitution"] = renamed(substitution, {"allowed": "allowedBoolean"})
    return resource


def statement(stu3: Object) -> Object:
    """The R4 MedicationStatement. Not taken is a status; other answers are carried."""
    resource = dict(stu3)
    if resource.get("taken") == "n":
        del resource["taken"]
        resource["status"] = "not-taken"
    carried(resource, "MedicationStatement", "taken")
    if "reasonNotTaken" in resource:
        resource["statusReason"] = objects(resource.pop("reasonNotTaken"))
    _dosages(resource, "dosage")
    return resource


def dispense(stu3: Object) -> Object:
    """The R4 MedicationDispense. Not done is `declined`."""
    resource = dict(stu3)
    if resource.pop("notDone", None) is True:
        resource["status"] = "declined"
    reason = resource.pop("notDoneReasonCodeableConcept", None)
    if reason is not None:
        resource["statusReasonCodeableConcept"] = reason
    _dosages(resource, "dosageInstruction")
    return resource


def administration(stu3: Object) -> Object:
    """The R4 MedicationAdministration. Not given is `not-done`."""
    resource = renamed(stu3, {"prescription": "request"})
    if resource.pop("notGiven", None) is True:
        resource["status"] = "not-done"
    if "reasonNotGiven" in resource:
        resource["statusReason"] = objects(resource.pop("reasonNotGiven"))
    return resource


def _dosages(resource: Object, name: str) -> None:
    if name in resource:
        resource[name] = [_dosage(dosage) for dosage in objects(resource[name])]


def _dosage(stu3: Object) -> Object:
    stu3 = renamed(
        stu3, {"doseSimpleQuantity": "doseQuantity", "rateSimpleQuantity": "rateQuantity"}
    )
    moved = {name: stu3[name] for name in _DOSE_AND_RATE if name in stu3}
    if not moved:
        return stu3
    kept = {name: said for name, said in stu3.items() if name not in moved}
    return {**kept, "doseAndRate": [moved]}

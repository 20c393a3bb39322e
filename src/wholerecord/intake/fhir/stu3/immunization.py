"""Immunization: not given becomes a status, the practitioner a performer.

Source: FHIR R4, Immunization, "R3 Diff"; GP Connect 1.6, Immunization (the date recorded and the
vaccination procedure are extensions; the product is often not known).
"""

from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.intake.fhir.stu3.change import extension, renamed


def to_r4(stu3: Object) -> Object:
    """The R4 Immunization."""
    resource = renamed(stu3, {"date": "occurrenceDateTime"})
    if resource.pop("notGiven", None) is True and resource.get("status") == "completed":
        resource["status"] = "not-done"
    recorded = extension(resource, "DateRecorded-1").get("valueDateTime")
    if recorded:
        resource.setdefault("recorded", recorded)
    _performers(resource)
    _reasons(resource)
    _protocols(resource)
    _name_the_vaccine(resource)
    return resource


def _performers(resource: Object) -> None:
    practitioners = resource.pop("practitioner", None)
    if practitioners is not None:
        resource["performer"] = [
            renamed(one, {"role": "function"}) for one in objects(practitioners)
        ]


def _reasons(resource: Object) -> None:
    explanation = an_object(resource.pop("explanation", None))
    if objects(explanation.get("reason")):
        resource["reasonCode"] = objects(explanation["reason"])
    not_given = objects(explanation.get("reasonNotGiven"))
    if not_given:
        resource["statusReason"] = not_given[0]


def _protocols(resource: Object) -> None:
    protocols = resource.pop("vaccinationProtocol", None)
    if protocols is None:
        return
    names = {"doseSequence": "doseNumberPositiveInt", "seriesDoses": "seriesDosesPositiveInt"}
    kept = {"doseNumberPositiveInt", "seriesDosesPositiveInt", "series", "authority"}
    resource["protocolApplied"] = [
        {
            **{name: said for name, said in renamed(one, names).items() if name in kept},
            **({"targetDisease": one["targetDisease"]} if "targetDisease" in one else {}),
        }
        for one in objects(protocols)
    ]


def _name_the_vaccine(resource: Object) -> None:
    """Say the procedure's words where the product is a null flavour without words."""
    vaccine = an_object(resource.get("vaccineCode"))
    if vaccine.get("text") or any(
        "NullFlavor" not in text(coding.get("system")) for coding in objects(vaccine.get("coding"))
    ):
        return
    procedure = an_object(extension(resource, "VaccinationProcedure").get("valueCodeableConcept"))
    displays = [text(coding.get("display")) for coding in objects(procedure.get("coding"))]
    words = text(procedure.get("text")) or next(filter(None, displays), "")
    if words:
        resource["vaccineCode"] = {**vaccine, "text": words}

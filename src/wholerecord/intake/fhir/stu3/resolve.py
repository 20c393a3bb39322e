"""What an STU3 record says by reference within one message, said in the statement itself.

Source: GP Connect 1.6: every medication is a `medicationReference` to a Medication of the same
Bundle, and a Patient's practice is an Organization of it. R4 allows one form of medication; the
code is the one that can still be read when the message is put away.
"""

from collections.abc import Mapping

from wholerecord.intake.fhir.shape import Object, an_object, text
from wholerecord.intake.fhir.stu3.patient import with_practice


def resolved(kind: str, resource: Object, others: Mapping[str, Object]) -> Object:
    """`resource` with its medication's code and its practice's ODS code, where `others` has them.

    `others` are the resources of the message by `Type/id`.
    """
    if kind == "Patient":
        return with_practice(resource, others)
    if "medicationReference" in resource:
        said = text(an_object(resource["medicationReference"]).get("reference"))
        code = an_object(others.get(said)).get("code")
        if isinstance(code, dict) and code:
            made = {name: one for name, one in resource.items() if name != "medicationReference"}
            return {**made, "medicationCodeableConcept": code}
    return resource

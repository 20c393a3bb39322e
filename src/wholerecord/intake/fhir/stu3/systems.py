"""Addresses of code systems and extensions that changed between STU3 and R4.

Sources: FHIR R4, "Terminologies: code systems" (v2 and v3 moved to terminology.hl7.org); UK Core
extension addresses (fhir.hl7.org.uk/StructureDefinition) for those of CareConnect STU3.
"""

import re
from typing import Any

from wholerecord.intake.fhir.shape import is_array, is_object

_HL7 = re.compile(r"http://hl7\.org/fhir/(v[23])/([A-Za-z0-9-]+)")
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_UK = "https://fhir.hl7.org.uk/"
_GPC = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-"
_CARECONNECT = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-"

#: STU3 value sets under hl7.org/fhir that R4 moved, and NHS ones that UK Core replaced.
_SYSTEMS = {
    **{
        f"http://hl7.org/fhir/{name}": f"{_TERMINOLOGY}{name}"
        for name in (
            "observation-category",
            "condition-category",
            "list-order",
            "list-empty-reason",
            "data-absent-reason",
            "diagnosis-role",
            "encounter-type",
            "referencerange-meaning",
            "organization-type",
            "contactentity-type",
            "discharge-disposition",
            "admit-source",
        )
    },
    "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1": (
        f"{_UK}CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
    ),
    f"{_UK}STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1": (
        f"{_UK}CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
    ),
    "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-HumanLanguage-1": (
        f"{_UK}CodeSystem/UKCore-HumanLanguage"
    ),
    "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-EthnicCategory-1": (
        f"{_UK}CodeSystem/UKCore-EthnicCategory"
    ),
}
_EXTENSIONS = {
    f"{_GPC}NHSNumberVerificationStatus-1": "NHSNumberVerificationStatus",
    f"{_CARECONNECT}NHSNumberVerificationStatus-1": "NHSNumberVerificationStatus",
    f"{_GPC}EthnicCategory-1": "EthnicCategory",
    f"{_CARECONNECT}EthnicCategory-1": "EthnicCategory",
    f"{_GPC}MedicationRepeatInformation-1": "MedicationRepeatInformation",
    f"{_GPC}MedicationStatementLastIssueDate-1": "MedicationStatementLastIssueDate",
    f"{_GPC}PrescribingAgency-1": "MedicationPrescribingOrganizationType",
    f"{_CARECONNECT}VaccinationProcedure-1": "VaccinationProcedure",
    f"{_GPC}VaccinationProcedure-1": "VaccinationProcedure",
    **{
        f"{home}{name}-1": name
        for home in (_CARECONNECT, _GPC)
        for name in (
            "ActualProblem",
            "ProblemSignificance",
            "RelatedClinicalContent",
            "RelatedProblemHeader",
        )
    },
}
#: HL7 v2 table 0078 became the v3 code system in R4.
_MOVED_TABLES = {"v2-0078": "v3-ObservationInterpretation"}


def with_r4_addresses(said: Any) -> Any:
    """`said` with every `system` and extension `url` as R4 calls it."""
    if is_object(said):
        return {
            name: _address(name, value) if isinstance(value, str) else with_r4_addresses(value)
            for name, value in said.items()
        }
    if is_array(said):
        return [with_r4_addresses(one) for one in said]
    return said


def _address(name: str, value: str) -> str:
    if name == "url":
        found = _EXTENSIONS.get(value)
        return f"{_UK}StructureDefinition/Extension-UKCore-{found}" if found else value
    if name != "system":
        return value
    moved = _HL7.fullmatch(value)
    if moved:
        table = f"{moved[1]}-{moved[2]}"
        return _TERMINOLOGY + _MOVED_TABLES.get(table, table)
    return _SYSTEMS.get(value, value)

"""Which version of FHIR a resource is written in, from what only that version has.

Sources: the profile addresses of NHS England and HL7 UK (`/STU3/`), and the R2 → R3 → R4 → R5
change lists ("R3 Diff" and "R4 Diff" tabs) of each type. No mark means R4.
"""
# ruff: noqa: SIM905 - a word list reads best as words

from wholerecord.intake.fhir.shape import Object, an_object, objects, texts

STU3 = "STU3"
DSTU2 = "DSTU2"
R5 = "R5"

_PROFILES = (
    ("/STU3/", STU3),
    ("/DSTU2/", DSTU2),
    ("hl7.org/fhir/1.0", DSTU2),
    ("hl7.org/fhir/3.0", STU3),
    ("hl7.org/fhir/5.0", R5),
)

#: Types one version has and R4 does not.
_TYPES = {
    **dict.fromkeys(
        """
        BodySite DataElement DeviceComponent EligibilityRequest EligibilityResponse
        ExpansionProfile ImagingManifest ProcedureRequest ProcessRequest ProcessResponse
        ReferralRequest Sequence ServiceDefinition
        """.split(),
        STU3,
    ),
    **dict.fromkeys(
        """
        Conformance DeviceUseRequest DiagnosticOrder ImagingObjectSelection MedicationOrder Order
        OrderResponse
        """.split(),
        DSTU2,
    ),
    **dict.fromkeys(
        """
        ActorDefinition ArtifactAssessment BiologicallyDerivedProductDispense ConditionDefinition
        DeviceAssociation DeviceDispense DeviceUsage EncounterHistory FormularyItem GenomicStudy
        ImagingSelection InventoryItem InventoryReport NutritionIntake NutritionProduct Permission
        RequestOrchestration Requirements SubscriptionStatus SubscriptionTopic TestPlan Transport
        """.split(),
        R5,
    ),
}

#: Elements of a type that one version has and R4 does not.
_ELEMENTS: dict[str, dict[str, str]] = {
    "AllergyIntolerance": {"assertedDate": STU3, "substance": DSTU2},
    "Condition": {"assertedDate": STU3, "context": STU3, "patient": DSTU2, "participant": R5},
    "DocumentReference": {"created": STU3, "indexed": STU3},
    "Encounter": {"actualPeriod": R5, "admission": R5},
    "Immunization": {"notGiven": STU3, "explanation": STU3, "wasNotGiven": DSTU2},
    "MedicationAdministration": {"notGiven": STU3, "wasNotGiven": DSTU2},
    "MedicationDispense": {"notDone": STU3, "notDoneReasonCodeableConcept": STU3},
    "MedicationStatement": {"taken": STU3, "wasNotTaken": DSTU2},
    "Observation": {"comment": STU3, "related": STU3, "comments": DSTU2, "triggeredBy": R5},
    "Patient": {"animal": STU3, "careProvider": DSTU2},
    "Procedure": {"notDone": STU3, "notPerformed": DSTU2},
}

#: Elements that are a code in STU3 and a CodeableConcept in R4.
_CODES_IN_STU3 = {
    "AllergyIntolerance": ("clinicalStatus", "verificationStatus"),
    "Condition": ("clinicalStatus", "verificationStatus"),
}

#: Elements that R5 made a CodeableReference and R4 does not have under this name.
_R5_ELEMENTS = {
    "MedicationAdministration": "medication",
    "MedicationDispense": "medication",
    "MedicationRequest": "medication",
    "MedicationStatement": "medication",
}


def version_of(kind: str, resource: Object) -> str:
    """`STU3`, `DSTU2` or `R5` where the resource bears a mark of it, else ""."""
    said = by_profile(resource)
    if said:
        return said
    if kind in _TYPES:
        return _TYPES[kind]
    marks = _ELEMENTS.get(kind)
    if marks:
        for element, version in marks.items():
            if element in resource:
                return version
        if any(isinstance(resource.get(code), str) for code in _CODES_IN_STU3.get(kind, ())):
            return STU3
    if isinstance(resource.get(_R5_ELEMENTS.get(kind, "")), dict):
        return R5
    if kind == "Patient" and any(isinstance(n.get("family"), list) for n in _names(resource)):
        return DSTU2
    return ""


def by_profile(resource: Object) -> str:
    """The version that `meta.profile` names, else ""."""
    meta = an_object(resource.get("meta"))
    for profile in texts(meta["profile"]) if "profile" in meta else ():
        for part, version in _PROFILES:
            if part in profile:
                return version
    return ""


def _names(resource: Object) -> list[Object]:
    return objects(resource.get("name"))

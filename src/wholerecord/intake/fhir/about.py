"""Which elements of each FHIR R4 type name the patient it is about.

Source: FHIR R4 (4.0.1), CompartmentDefinition/patient, without the elements that only say who
recorded or performed something (a patient who wrote an observation is not thereby its subject).
"""
# ruff: noqa: SIM905 - a word list reads best as words

#: Type -> the elements that name its patient, in order of trust. A dot steps into an element.
ABOUT: dict[str, tuple[str, ...]] = {
    "Account": ("subject",),
    "AdverseEvent": ("subject",),
    "AllergyIntolerance": ("patient",),
    "Appointment": ("participant.actor",),
    "AppointmentResponse": ("actor",),
    "AuditEvent": ("entity.what", "agent.who"),
    "Basic": ("subject",),
    "Binary": ("securityContext",),
    "BodyStructure": ("patient",),
    "CarePlan": ("subject",),
    "CareTeam": ("subject",),
    "ChargeItem": ("subject",),
    "Claim": ("patient",),
    "ClaimResponse": ("patient",),
    "ClinicalImpression": ("subject",),
    "Communication": ("subject",),
    "CommunicationRequest": ("subject",),
    "Composition": ("subject",),
    "Condition": ("subject",),
    "Consent": ("patient",),
    "Contract": ("subject",),
    "Coverage": ("beneficiary", "subscriber", "policyHolder"),
    "CoverageEligibilityRequest": ("patient",),
    "CoverageEligibilityResponse": ("patient",),
    "DetectedIssue": ("patient",),
    "Device": ("patient",),
    "DeviceRequest": ("subject",),
    "DeviceUseStatement": ("subject",),
    "DiagnosticReport": ("subject",),
    "DocumentManifest": ("subject",),
    "DocumentReference": ("subject",),
    "Encounter": ("subject",),
    "EnrollmentRequest": ("candidate",),
    "EpisodeOfCare": ("patient",),
    "ExplanationOfBenefit": ("patient",),
    "FamilyMemberHistory": ("patient",),
    "Flag": ("subject",),
    "Goal": ("subject",),
    "Group": ("member.entity",),
    "GuidanceResponse": ("subject",),
    "ImagingStudy": ("subject",),
    "Immunization": ("patient",),
    "ImmunizationEvaluation": ("patient",),
    "ImmunizationRecommendation": ("patient",),
    "Invoice": ("subject",),
    "List": ("subject",),
    "MeasureReport": ("subject",),
    "Media": ("subject",),
    "MedicationAdministration": ("subject",),
    "MedicationDispense": ("subject",),
    "MedicationRequest": ("subject",),
    "MedicationStatement": ("subject",),
    "MolecularSequence": ("patient",),
    "NutritionOrder": ("patient",),
    "Observation": ("subject",),
    "Person": ("link.target",),
    "Procedure": ("subject",),
    "Provenance": ("target",),
    "QuestionnaireResponse": ("subject", "source"),
    "RelatedPerson": ("patient",),
    "RequestGroup": ("subject",),
    "ResearchSubject": ("individual",),
    "RiskAssessment": ("subject",),
    "Schedule": ("actor",),
    "ServiceRequest": ("subject",),
    "Specimen": ("subject",),
    "SupplyDelivery": ("patient",),
    "SupplyRequest": ("deliverTo", "requester"),
    "Task": ("for", "focus"),
    "VisionPrescription": ("patient",),
}

#: Types above that often name no patient, and then belong in the directory.
PATIENT_OPTIONAL = frozenset({"Account", "Basic", "Device", "Group", "Person", "Schedule"})

#: Types that say nothing of their own: they are about whoever their target is about.
BY_TARGET = frozenset({"AuditEvent", "Provenance", "Task"})

#: R4 types about no patient: organisations, staff, places, definitions, envelopes.
NOT_ABOUT_A_PATIENT = frozenset(
    """
    ActivityDefinition BiologicallyDerivedProduct CapabilityStatement CatalogEntry
    ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap DeviceDefinition DeviceMetric
    EffectEvidenceSynthesis Endpoint EnrollmentResponse EventDefinition Evidence EvidenceVariable
    ExampleScenario GraphDefinition HealthcareService ImplementationGuide InsurancePlan Library
    Linkage Location Measure Medication MedicationKnowledge MedicinalProduct
    MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured
    MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect
    MessageDefinition MessageHeader NamingSystem ObservationDefinition OperationDefinition
    OperationOutcome Organization OrganizationAffiliation Parameters PaymentNotice
    PaymentReconciliation PlanDefinition Practitioner PractitionerRole Questionnaire
    ResearchDefinition ResearchElementDefinition ResearchStudy RiskEvidenceSynthesis
    SearchParameter Slot SpecimenDefinition StructureDefinition StructureMap Subscription Substance
    SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation
    SubstanceSourceMaterial SubstanceSpecification TerminologyCapabilities TestReport TestScript
    ValueSet VerificationResult
    """.split()
)

#: Every type of FHIR R4.
R4_TYPES = NOT_ABOUT_A_PATIENT | ABOUT.keys() | {"Patient", "Bundle"}

"""CDA's code systems, sections and templates, as data.

Source: HL7 OID registry; C-CDA R2.1 (section codes are LOINC, entries are known by template);
NHS ITK "NHS 111 CDA" v2 (OIDs under 2.16.840.1.113883.2.1.3.2.4). What is not in a table is never
guessed: a code keeps its OID, an entry stays in the narrative.
"""

from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_V3 = "http://terminology.hl7.org/CodeSystem/v3-"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"

#: OID of a code system -> what FHIR calls it.
SYSTEM = {
    "2.16.840.1.113883.6.96": SNOMED,
    "2.16.840.1.113883.2.1.3.2.4.15": SNOMED,  # SNOMED CT, United Kingdom edition
    "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.2.1.6.2": "http://read.info/readv2",
    "2.16.840.1.113883.2.1.3.2.4.14": "http://read.info/ctv3",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.104": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.59": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
    "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
    "2.16.840.1.113883.6.8": "http://unitsofmeasure.org",
    "2.16.840.1.113883.4.9": "http://fdasis.nlm.nih.gov",
    "2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "2.16.840.1.113883.5.4": f"{_V3}ActCode",
    "2.16.840.1.113883.5.6": f"{_V3}ActClass",
    "2.16.840.1.113883.5.8": f"{_V3}ActReason",
    "2.16.840.1.113883.5.83": f"{_V3}ObservationInterpretation",
    "2.16.840.1.113883.5.111": f"{_V3}RoleCode",
    "2.16.840.1.113883.5.112": f"{_V3}RouteOfAdministration",
    "2.16.840.1.113883.5.2": f"{_V3}MaritalStatus",
    "2.16.840.1.113883.5.25": f"{_V3}Confidentiality",
    "2.16.840.1.113883.5.1063": f"{_V3}ObservationValue",
}
#: OID of a set of numbers -> what FHIR calls it.
NUMBERS = {
    "2.16.840.1.113883.2.1.4.1": NHS_NUMBER_SYSTEM,
    "2.16.840.1.113883.2.1.3.2.4.18.23": NHS_NUMBER_SYSTEM,
    "2.16.840.1.113883.2.1.3.2.4.19.1": "https://fhir.nhs.uk/Id/ods-organization-code",
    "2.16.840.1.113883.2.1.3.2.4.19.2": "https://fhir.nhs.uk/Id/ods-organization-code",
    "1.2.826.0.1285.0.1.10": "https://fhir.nhs.uk/Id/ods-organization-code",
    "1.2.826.0.1285.0.2.0.65": "https://fhir.nhs.uk/Id/sds-user-id",
    "2.16.840.1.113883.4.6": "http://hl7.org/fhir/sid/us-npi",
}
#: What ITK's two OIDs of NHS numbers say of the number: traced and verified, or not yet.
NHS_STATUS = {
    "2.16.840.1.113883.2.1.4.1": ("01", "Number present and verified"),
    "2.16.840.1.113883.2.1.3.2.4.18.23": ("02", "Number present but not traced"),
}
#: Numbers that no record is filed by: a social security number.
NOT_FILED_BY = frozenset({"2.16.840.1.113883.4.1"})
#: HL7 AdministrativeGender, and the NHS's PERSON STATED GENDER CODE.
SEX = {
    "M": "male",
    "F": "female",
    "UN": "other",
    "1": "male",
    "2": "female",
    "9": "unknown",
    "0": "unknown",
}
#: The use of a name, an address, a telephone number.
NAME_USE = {"L": "official", "P": "nickname", "C": "official", "A": "anonymous", "OLD": "old"}
ADDRESS_USE = {
    "H": "home",
    "HP": "home",
    "HV": "home",
    "WP": "work",
    "TMP": "temp",
    "BAD": "old",
    "PST": "home",
}
TELECOM_USE = {"H": "home", "HP": "home", "HV": "home", "WP": "work", "MC": "mobile"}
TELECOM_SYSTEM = {"tel": "phone", "mailto": "email", "fax": "fax", "http": "url", "https": "url"}

#: What the entries of a section are, by the section's LOINC code.
SECTION = {
    "11450-4": "problem",
    "11348-0": "problem",
    "11535-2": "diagnosis",
    "46241-6": "diagnosis",
    "42347-5": "diagnosis",
    "10219-4": "diagnosis",
    "10218-6": "diagnosis",
    "59769-0": "diagnosis",
    "48765-2": "allergy",
    "10160-0": "medicine",
    "75311-1": "medicine",
    "10183-2": "medicine",
    "42346-7": "medicine",
    "29549-3": "medicine",
    "11369-6": "immunisation",
    "30954-2": "result",
    "26436-6": "result",
    "8716-3": "vital",
    "29762-2": "social",
    "47420-5": "survey",
    "10190-7": "survey",
    "61144-2": "survey",
    "8709-8": "exam",
    "29545-1": "exam",
    "47519-4": "procedure",
    "46240-8": "encounter",
    "10157-6": "family",
}
#: What an entry is by its own template, wherever it stands (C-CDA, 2.16.840.1.113883.10.20.22.4).
_C_CDA = "2.16.840.1.113883.10.20.22.4."
TEMPLATE = {
    _C_CDA + number: family
    for family, numbers in {
        "problem": ("3", "4"),
        "diagnosis": ("33", "34", "65", "80", "51"),
        "allergy": ("7", "30", "24.3.90"),
        "medicine": ("16", "35", "36"),
        "immunisation": ("52",),
        "result": ("1", "2"),
        "vital": ("26", "27"),
        "social": ("38", "78", "85"),
        "survey": ("66", "67", "69", "74", "75"),
        "procedure": ("12", "13", "14"),
        "encounter": ("49",),
        "family": ("45",),
    }.items()
    for number in numbers
}
#: Templates and moods of what is planned, asked for or hoped: in the narrative, never as done.
NOT_DONE = frozenset({"INT", "RQO", "PRMS", "PRP", "APT", "ARQ", "GOL", "DEF"})

#: Observation category of a family (FHIR observation-category).
OBSERVATION = {
    "result": "laboratory",
    "vital": "vital-signs",
    "social": "social-history",
    "survey": "survey",
    "exam": "exam",
}
#: Problem status and allergy status values (SNOMED CT).
STATUS = {"55561003": "active", "73425007": "inactive", "413322009": "resolved"}
#: Severities (SNOMED CT) as FHIR's reaction severity.
SEVERITY = {
    "255604002": "mild",
    "371923003": "mild",
    "6736007": "moderate",
    "371924009": "severe",
    "24484000": "severe",
    "399166001": "severe",
}
#: Criticality (v3-ObservationValue).
CRITICALITY = {"CRITL": "low", "CRITH": "high", "CRITU": "unable-to-assess"}
#: Kinds of propensity (SNOMED CT): (type, category).
PROPENSITY = {
    "416098002": ("allergy", "medication"),
    "59037007": ("intolerance", "medication"),
    "419511003": ("", "medication"),
    "414285001": ("allergy", "food"),
    "235719002": ("intolerance", "food"),
    "418471000": ("", "food"),
    "426232007": ("allergy", "environment"),
    "419199007": ("allergy", ""),
    "418038007": ("", ""),
    "420134006": ("", ""),
}

"""HL7 tables as FHIR codes.

Source: HL7 v2-to-FHIR concept maps (table number beside each). A code that is not in its table is
never mapped by guess: what it said stands as text, or is left out where FHIR has only codes.
"""

#: Table 0001 Administrative Sex.
SEX = {"F": "female", "M": "male", "O": "other", "U": "unknown", "A": "other", "N": "other"}
#: Table 0200 Name Type.
NAME_USE = {
    "BAD": "old",
    "D": "usual",
    "L": "official",
    "M": "maiden",
    "MSK": "anonymous",
    "N": "nickname",
    "NAV": "temp",
    "R": "official",
    "TEMP": "temp",
}
#: Table 0190 Address Type.
ADDRESS_USE = {
    "BA": "old",
    "BI": "billing",
    "C": "temp",
    "B": "work",
    "H": "home",
    "O": "work",
    "P": "home",
}
#: Table 0201 Telecommunication Use Code.
TELECOM_USE = {"PRN": "home", "ORN": "home", "WPN": "work", "PRS": "mobile"}
#: Table 0202 Telecommunication Equipment Type.
TELECOM_SYSTEM = {
    "PH": "phone",
    "CP": "phone",
    "FX": "fax",
    "MD": "other",
    "SAT": "other",
    "BP": "pager",
    "INTERNET": "email",
    "X.400": "email",
    "TDD": "other",
    "TTY": "other",
}
#: Table 0002 Marital Status: codes that v3-MaritalStatus gives the same meaning.
MARITAL = {"A": "A", "D": "D", "I": "I", "L": "L", "M": "M", "S": "S", "T": "T", "W": "W"}
#: Table 0004 Patient Class.
ENCOUNTER_CLASS = {
    "E": ("EMER", "emergency"),
    "I": ("IMP", "inpatient encounter"),
    "O": ("AMB", "ambulatory"),
    "P": ("PRENC", "pre-admission"),
}
#: Table 0085 Observation Result Status. R, S and N as the words of the table say: FHIR has no
#: closer status.
OBSERVATION_STATUS = {
    "A": "amended",
    "B": "amended",
    "C": "corrected",
    "D": "entered-in-error",
    "F": "final",
    "I": "registered",
    "N": "cancelled",
    "O": "registered",
    "P": "preliminary",
    "R": "preliminary",
    "S": "preliminary",
    "U": "final",
    "V": "final",
    "W": "entered-in-error",
    "X": "cancelled",
}
#: Table 0123 Result Status.
REPORT_STATUS = {
    "A": "partial",
    "C": "corrected",
    "F": "final",
    "I": "registered",
    "M": "preliminary",
    "N": "registered",
    "O": "registered",
    "P": "preliminary",
    "R": "partial",
    "S": "registered",
    "X": "cancelled",
}
#: Table 0078 Interpretation Codes that v3-ObservationInterpretation gives the same meaning.
INTERPRETATION = frozenset(
    [
        "L",
        "H",
        "LL",
        "HH",
        "<",
        ">",
        "N",
        "A",
        "AA",
        "B",
        "D",
        "U",
        "W",
        "S",
        "R",
        "I",
        "MS",
        "VS",
        "POS",
        "NEG",
        "IND",
        "DET",
        "ND",
        "HU",
        "LU",
        "E",
        "RR",
        "WR",
        "SDD",
        "NS",
        "NR",
    ]
)
#: Table 0127 Allergen Type.
ALLERGY_CATEGORY = {
    "DA": "medication",
    "FA": "food",
    "EA": "environment",
    "AA": "biologic",
    "PA": "environment",
    "LA": "environment",
}
#: Table 0128 Allergy Severity: as criticality, and as the severity of the reaction.
ALLERGY_CRITICALITY = {"SV": "high", "MI": "low"}
REACTION_SEVERITY = {"SV": "severe", "MO": "moderate", "MI": "mild"}
#: Table 0438 Allergy Clinical Status, as FHIR verification and clinical status.
ALLERGY_STATUS = {
    "U": ("unconfirmed", "active"),
    "P": ("unconfirmed", "active"),
    "S": ("unconfirmed", "active"),
    "D": ("unconfirmed", "active"),
    "C": ("confirmed", "active"),
    "I": ("confirmed", "inactive"),
    "E": ("entered-in-error", ""),
}
#: Table 0052 Diagnosis Type. Admitting and working diagnoses are not yet certain.
DIAGNOSIS_CERTAINTY = {"A": "provisional", "W": "provisional", "F": "confirmed"}
#: Table 0074 Diagnostic Service Section, as FHIR observation category.
OBSERVATION_CATEGORY = {
    **dict.fromkeys(
        ("LAB", "BG", "BLB", "CG", "CH", "CP", "HM", "IMM", "MB", "MCB", "MYC", "SP", "SR", "TX"),
        "laboratory",
    ),
    **dict.fromkeys(
        ("RAD", "CT", "NMR", "NMS", "OUS", "RUS", "RX", "VUS", "XRC", "MRI", "US"), "imaging"
    ),
}
#: Terminology servers' names for HL7's own tables: `HL70127` and the like.
HL7_TABLE = "http://terminology.hl7.org/CodeSystem/v2-"
#: NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE, in the words of UK Core's England codes.
NHS_STATUS = {
    "01": "Number present and verified",
    "02": "Number present but not traced",
    "03": "Trace required",
    "04": "Trace attempted - No match or multiple match found",
    "05": "Trace needs to be resolved - (NHS number or patient detail conflict)",
    "06": "Trace in progress",
    "07": "Number not present and trace not required",
    "08": "Trace postponed (baby under six weeks old)",
}
#: NHS Data Dictionary, ETHNIC CATEGORY (2001 census), the codes of UKCore-EthnicCategoryEngland.
ETHNIC = frozenset("ABCDEFGHJKLMNPRSZ")
#: Table 0007 Admission Type.
ADMISSION_TYPE = {
    "A": "Accident",
    "C": "Elective",
    "E": "Emergency",
    "L": "Labour and delivery",
    "N": "Newborn",
    "R": "Routine",
    "U": "Urgent",
}
UK_CORE = "https://fhir.hl7.org.uk/"
#: NHS Data Dictionary, ADMISSION METHOD, in short.
ADMISSION_METHOD = {
    "11": "Elective: waiting list",
    "12": "Elective: booked",
    "13": "Elective: planned",
    "21": "Emergency: emergency department of this provider",
    "22": "Emergency: general practitioner",
    "23": "Emergency: bed bureau",
    "24": "Emergency: consultant clinic",
    "25": "Emergency: mental health crisis resolution team",
    "2A": "Emergency: emergency department of another provider",
    "2B": "Emergency: transfer from another provider",
    "2C": "Emergency: baby born at home as intended",
    "2D": "Emergency: other",
    "28": "Emergency: other means",
    "31": "Maternity: before birth",
    "32": "Maternity: after birth",
    "81": "Transfer from another provider, not an emergency",
    "82": "Birth in this provider",
    "83": "Baby born outside this provider",
}

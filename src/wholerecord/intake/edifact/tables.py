"""Codes of the UK pathology messages as FHIR codes.

Sources: NHS pathology messaging (NHS002, NHS003, NHS004), code lists 900 to 921; UN/EDIFACT code
lists 6321 (significance of a measurement) and 2379 (date formats). A code that is not here stays as
text: none is guessed.
"""

#: Code lists of INV and RSL: what system a code is of.
SYSTEMS = {
    "911": "http://read.info/readv2",
    "912": "http://read.info/ctv3",
    "921": "http://snomed.info/sct",
}
#: Code lists of NAD: the national code of who is named. 900, 902 are people; 901, 903 places.
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
STAFF = {
    "900": "https://fhir.hl7.org.uk/Id/gmp-number",
    "902": "https://fhir.hl7.org.uk/Id/consultant-code",
}
#: Code list 6321.
COMPARATOR = {"5": ">=", "6": ">", "7": "<", "8": "<="}
#: STS of a report (S02), as FHIR diagnostic-report-status. UN is "unspecified": no more is said.
REPORT_STATUS = {"UN": "unknown", "PR": "preliminary", "SR": "appended", "FI": "final"}
#: STS of one result, as FHIR observation-status.
RESULT_STATUS = {"UN": "unknown", "PR": "preliminary", "FI": "final", "CO": "final"}
#: RSL: how a result lies. PA (potentially abnormal) and OR (outside the range) have no direction.
FLAGS = {
    "HI": ("H", "Above high reference limit"),
    "LO": ("L", "Below low reference limit"),
    "PA": ("A", "Potentially abnormal"),
    "OR": ("A", "Outside reference limits"),
}
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
#: PDI: ISO 5218.
SEX = {"1": "male", "2": "female", "0": "unknown", "9": "other"}
#: DTM code list 2379: length of each date format.
DATES = {"602": 4, "610": 6, "102": 8, "203": 12, "204": 14}

"""The systems a code can be in, by the addresses sources use for them."""

#: Address → short name. dm+d products and substances are SNOMED CT identifiers (NHSBSA, dm+d
#: technical specification).
SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "https://dmd.nhs.uk": "snomed",
    "http://dm+d.org": "snomed",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-uk": "icd10",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "http://read.info/readv2": "read2",
    "http://read.info/ctv3": "ctv3",
    "http://loinc.org": "loinc",
    "https://fhir.hl7.org.uk/CodeSystem/OPCS-4": "opcs4",
    "https://fhir.nhs.uk/CodeSystem/OPCS-4": "opcs4",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
}
#: Addresses that only terminology operations ask for, beside those.
_MORE = {
    "http://unitsofmeasure.org": "ucum",
    "https://fhir.nhs.uk/Id/ods-organization-code": "ods",
}
#: Which kinds of releases hold the codes of a system, in the order they are asked.
HOLDERS = {
    "snomed": ("snomed", "dmd"),
    "icd10": ("icd10",),
    "opcs4": ("opcs4",),
    "loinc": ("loinc",),
    "read2": ("read2",),
    "ctv3": ("ctv3",),
    "ucum": ("ucum",),
    "ods": ("ods",),
}


def system_name(system: str) -> str:
    """The short name of a code system (`snomed`, `icd10`, …), "" for one not known here."""
    return SYSTEMS.get(system, "")


def holders(system: str) -> tuple[str, ...]:
    """The kinds of releases that hold the codes of the system at this address.

    >>> holders("https://dmd.nhs.uk")
    ('snomed', 'dmd')
    """
    return HOLDERS.get(SYSTEMS.get(system, "") or _MORE.get(system, ""), ())


#: Short name → the address this program uses itself.
ADDRESSES = {
    "snomed": "http://snomed.info/sct",
    "dmd": "https://dmd.nhs.uk",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "opcs4": "https://fhir.hl7.org.uk/CodeSystem/OPCS-4",
    "loinc": "http://loinc.org",
    "read2": "http://read.info/readv2",
    "ctv3": "http://read.info/ctv3",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    **{name: address for address, name in _MORE.items()},
}

"""What a loader reads out of a published release: terms, what is a kind of what, and maps.

A *release* is what a standards body publishes: SNOMED CT, dm+d, ICD-10, and so on. It is never
shipped with this program: a site loads the one it holds a licence for.
"""

from collections.abc import Mapping

import msgspec

from wholerecord.errors import Incorrect

SNOMED = "http://snomed.info/sct"
DMD = "https://dmd.nhs.uk"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
OPCS4 = "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"
LOINC = "http://loinc.org"
READ2 = "http://read.info/readv2"
CTV3 = "http://read.info/ctv3"
UCUM = "http://unitsofmeasure.org"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


class BadRelease(Incorrect):
    """This release was not loaded; what was in force stays in force."""


class Map(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """That a term's meaning is written so in another system.

    `how` is FHIR R4's concept-map-equivalence, read from here to there: `equivalent`, `wider` (the
    target is wider), `narrower`, `inexact`, `relatedto`. `rule` is when the map holds, "" always.
    """

    system: str
    code: str
    how: str = "relatedto"
    group: int = 1
    priority: int = 1
    rule: str = ""


class Term(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One code of a release.

    `title` is its plain English, `full` its full name where that differs, `words` what else it is
    called. `tag` is the kind of meaning (SNOMED CT's semantic tag; VTM, VMP or AMP). `facts` are
    the release's properties of it that this program asks for.
    """

    code: str
    title: str
    full: str = ""
    words: tuple[str, ...] = ()
    active: bool = True
    tag: str = ""
    parents: tuple[str, ...] = ()
    facts: dict[str, str] = {}
    maps: tuple[Map, ...] = ()


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A release as read. `left_out` says in words what was not taken, and how much of it."""

    kind: str
    system: str
    version: str
    title: str
    terms: Mapping[str, Term]
    left_out: tuple[str, ...] = ()
    facts: dict[str, str] = {}

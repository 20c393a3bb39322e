"""What the record says of a cancer beside what it says of any condition.

Source: FHIR R4 Condition.stage; HL7 mCODE STU4 (histology-morphology-behavior, stage groups).
"""

from enum import Enum

import msgspec

from wholerecord.record import PatientId


class Role(Enum):
    """What an entry is of a cancer."""

    PRIMARY = "primary"
    RECURRENCE = "recurrence"
    SECONDARY = "secondary"
    HISTORY = "history"
    #: An invitation to be screened, or words that deny it: a cancer's code and no cancer.
    NONE = "not a cancer"


class Stage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stage as one source said it: `text` (IIB, T2 N0 M0), `type` in words, "" not said."""

    text: str
    type: str
    source: str


class Cancer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is said of one tumour, its recurrence or its spread, by conditions alone.

    `site` and `histology` are paths as the policy has them, "" where not known. `histologies` and
    `places` are as said. `assessed` are the statements that a source names for its stage, each
    patient, FHIR type and the source's own id.
    """

    role: Role
    site: str = ""
    histology: str = ""
    histologies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    assessed: tuple[tuple[PatientId, str, str], ...] = ()

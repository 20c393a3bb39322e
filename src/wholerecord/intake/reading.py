"""What comes in, and what reading it gives. All values; nothing here reads, writes or waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wholerecord.record import MessageId, PatientKey, Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Bytes a source sent, not yet kept.

    `name` says how they came, for people: a path inside the input and, for a part of a larger
    file, which part (`Observation.ndjson lines 1-400`), or `mllp`, or `post`. Never patient data.
    `control` is the id its sender gave it (MSH-10) and `sender` who that is (MSH-3, MSH-4): the
    same id never stands for two messages. None where the channel or the sender gives none.
    """

    source: str
    body: bytes
    name: str = ""
    control: str | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a message is kept, since `received`. `fresh` is False for bytes kept before.

    `reused` says that its control id came before with other bytes: it is parked.
    """

    message: MessageId
    fresh: bool
    received: datetime | None = None
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message that is kept, as a reader gets it. `columns` is its source's column map."""

    message: MessageId
    source: str
    name: str
    body: bytes
    received: datetime
    columns: bytes = b""


class Reason(Enum):
    """Why something is parked: the fixed phrases a person at the desk reads."""

    EMPTY = "the message is empty"
    NOT_RECOGNISED = "the format is not one that can be read"
    NOT_JSON = "not valid JSON"
    BAD_XML = "not XML that can be read safely"
    NOT_TEXT = "the characters cannot be read in the character set the message names"
    CUT_SHORT = "the message ends too soon"
    TOO_LARGE = "a part of the message is larger than can be read"
    BAD_DELIMITERS = "the delimiters declared are not usable"
    OTHER_VERSION = "the message is of a standard or version that is not read"
    NOT_READ_YET = "messages of this type are not read yet"
    NOT_FHIR = "the resource is not FHIR as its type requires"
    NO_PATIENT = "no patient is named"
    PATIENT_UNKNOWN = "the patient it refers to is not in the message"
    SEVERAL_PATIENTS = "it names more than one patient"
    NO_COLUMNS = "the source sends tables and no column map is declared for it"
    BAD_DECLARATION = "what is declared of the source cannot be read"
    UNKNOWN_COLUMN = "a column is not in the source's column map"
    MISSING_COLUMN = "a column that the map needs is missing"
    BAD_VALUE = "a value cannot be read as its column or field requires"
    NO_SUCH_PATIENT = "the patient to be merged is not known from this source"
    MOVED = "something is said to be another patient's"
    SHARED_KEY = "two patients would have one key"
    CONTROL_REUSED = "the sender used the id of an earlier message for another one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why something could not be filed, and where in the message. Holds no patient data.

    `detail` adds what a person needs to find it: a segment, type, column or version name. `about`
    is the patient it is about, where that is known, so that their own screen can say so.
    """

    reason: Reason
    place: str = ""
    detail: str = ""
    about: PatientKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientReading:
    """What a message says about one patient.

    A saying of kind `Patient` carries their demographics and identifiers.
    """

    about: PatientKey
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The source says `retired` is the same patient as `kept` (HL7 v2 A40, A34).

    `said` is when it said so, None where the message does not say: then when it came counts.
    """

    kept: PatientKey
    retired: PatientKey
    place: str
    said: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge:
    """The source says `retired` is not the same patient as `kept` after all (HL7 v2 A37)."""

    kept: PatientKey
    retired: PatientKey
    place: str
    said: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one message says.

    `directory` holds what is about no patient (organisations, staff, places). `faults` are the
    parts that could not be read: each is parked while the rest is filed. Nothing is dropped: every
    resource, segment group or row is a saying, a merge or a fault. `merges` are carried out in
    their order, an unmerge among them.
    """

    patients: tuple[PatientReading, ...] = ()
    directory: tuple[Saying, ...] = ()
    merges: tuple[Merge | Unmerge, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A message nobody could read: kept, and parked whole."""

    fault: Fault

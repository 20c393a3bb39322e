"""What PDS answers, as values: somebody, or nothing and why."""

from dataclasses import dataclass, field
from enum import Enum

import msgspec

from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics, from_patient

_MULTIPLE = "TOO_MANY_MATCHES"


class Why(Enum):
    """Why there is nobody: what whoever asked can do about it differs."""

    NOBODY = "PDS knows nobody like that"
    INVALIDATED = "the number was withdrawn and stands for nobody"
    SEVERAL = "more people than one fit: say more"
    TOO_LITTLE = "too little was said to search by"
    WRONG = "what was asked cannot be read"
    CHANGED = "it was changed since it was read: read it again"
    REFUSED = "PDS does not take this change"
    NOT_LET = "PDS does not let this program ask"
    BUSY = "PDS is asked too often: later"
    SILENT = "PDS does not answer"
    UNREADABLE = "what PDS answered cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nobody, and why."""

    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographic:
    """Somebody as PDS knows them: its Patient, byte for byte, of which version.

    `number` is the number they have now; another than was asked for is a superseded one's.
    `version` is what an update has to name in If-Match, "" where the answer names none.
    """

    body: bytes = field(repr=False)
    number: NhsNumber = field(repr=False)
    version: str
    score: float = 1.0

    @property
    def who(self) -> Demographics:
        """Who they are; of a restricted person PDS says nothing of where they live."""
        return from_patient(self.body)


class _Coding(msgspec.Struct):
    code: str = ""


class _Details(msgspec.Struct):
    coding: tuple[_Coding, ...] = ()


class _Issue(msgspec.Struct):
    code: str = ""
    details: _Details = msgspec.field(default_factory=_Details)


class _Meta(msgspec.Struct, rename="camel"):
    version_id: str = ""


class _Search(msgspec.Struct):
    score: float = 1.0


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw()
    search: _Search = msgspec.field(default_factory=_Search)


class _Said(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)
    issue: tuple[_Issue, ...] = ()
    entry: tuple[_Entry, ...] = ()


_READ = msgspec.json.Decoder(_Said)
_CODES = {
    "RESOURCE_NOT_FOUND": Why.NOBODY,
    "INVALIDATED_RESOURCE": Why.INVALIDATED,
    _MULTIPLE: Why.SEVERAL,
    "TOO_FEW_VALUES_SUBMITTED": Why.TOO_LITTLE,
    "ACCESS_DENIED": Why.NOT_LET,
    "RESOURCE_VERSION_MISMATCH": Why.CHANGED,
    "PRECONDITION_FAILED": Why.CHANGED,
    "INVALID_UPDATE": Why.REFUSED,
    "FORBIDDEN_UPDATE": Why.REFUSED,
}
_STATUS = {
    401: Why.NOT_LET,
    403: Why.NOT_LET,
    404: Why.NOBODY,
    409: Why.CHANGED,
    412: Why.CHANGED,
    422: Why.REFUSED,
    429: Why.BUSY,
}


def read(status: int, body: bytes, etag: str = "") -> tuple[Demographic, ...] | Nothing:
    """Everybody an answer names, the likeliest first; or nothing, and why. Never raises."""
    try:
        said = _READ.decode(body)
    except msgspec.DecodeError:
        unreadable = Why.UNREADABLE if status < 400 else _by_status(status)
        return Nothing(why=unreadable)
    if said.resource_type == "OperationOutcome" or status != 200:
        return Nothing(why=_why(status, said))
    if said.resource_type == "Bundle":
        each = [_one(bytes(entry.resource), "", entry.search.score) for entry in said.entry]
        found = [one for one in each if one is not None]
        if len(found) != len(each):
            return Nothing(why=Why.UNREADABLE)
        nobody = Nothing(why=Why.NOBODY)
        return tuple(sorted(found, key=lambda one: -one.score)) or nobody
    one = _one(body, etag, 1.0)
    return (one,) if one else Nothing(why=Why.UNREADABLE)


def _one(body: bytes, etag: str, score: float) -> Demographic | None:
    """A Patient with the NHS number that is its id; None: it is no such thing."""
    try:
        said = _READ.decode(body)
    except msgspec.DecodeError:
        return None
    number = NhsNumber.parse(said.id)
    if said.resource_type != "Patient" or number is None:
        return None
    version = etag.removeprefix("W/").strip('"') or said.meta.version_id
    return Demographic(body=body, number=number, version=version, score=score)


def _why(status: int, said: _Said) -> Why:
    codes = [coding.code for issue in said.issue for coding in issue.details.coding]
    named = next((_CODES[code] for code in codes if code in _CODES), None)
    return named or _by_status(status)


def _by_status(status: int) -> Why:
    if status >= 500:
        return Why.SILENT
    return _STATUS.get(status, Why.WRONG)

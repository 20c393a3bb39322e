"""What is wrong with a request, to be answered as an OperationOutcome with its status.

Source: FHIR R4, RESTful API, "HTTP Status Codes"; value set `issue-type`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wholerecord.access.saying import Unsaid, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing that is wrong: an issue type, words without patient data, and a FHIRPath place."""

    code: str
    says: str
    place: str = ""
    severity: str = "error"


class Problem(Exception):
    """The request cannot be carried out."""

    def __init__(self, status: int, *issues: Issue) -> None:
        super().__init__(issues[0].says)
        self.status = status
        self.issues: Sequence[Issue] = issues


def problem(status: int, code: str, says: str, place: str = "") -> Problem:
    """A problem with one issue."""
    return Problem(status, Issue(code=code, says=says, place=place))


#: Why a change cannot be done → HTTP status and issue type.
_WHY = MappingProxyType(
    {
        Why.UNKNOWN: (404, "not-found"),
        Why.GONE: (410, "deleted"),
        Why.NOT_CLIENTS_ID: (405, "not-supported"),
        Why.OTHER_VERSION: (412, "conflict"),
        Why.SEVERAL: (412, "multiple-matches"),
        Why.NOT_YOURS: (403, "forbidden"),
        Why.TWICE: (400, "invalid"),
        Why.NOT_FILED: (422, "processing"),
        Why.NO_SUCH_PATIENT: (422, "not-found"),
        Why.MOVED: (422, "business-rule"),
        Why.HIDDEN: (422, "business-rule"),
        Why.RACED: (409, "conflict"),
    }
)


def unsaid(why: Unsaid) -> Problem:
    """The problem with a change that was not done."""
    status, code = _WHY[why.why]
    says = f"{why.why.value}: {why.detail}" if why.detail else why.why.value
    return problem(status, code, f"{says[0].upper()}{says[1:]}.", why.place)

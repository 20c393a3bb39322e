"""Answers as FHIR writes them: JSON bodies, and an OperationOutcome for whatever went wrong.

Source: FHIR R4, RESTful API, "Operation Outcome"; value set `issue-type`.
"""

from typing import Any

from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.errors import Category, WholerecordError
from wholerecord.record import canonical

#: Category → HTTP status and FHIR issue type. The one place the API maps them.
_STATUS = {
    Category.INCORRECT: (400, "invalid"),
    Category.UNKNOWN_CALLER: (401, "login"),
    Category.FORBIDDEN: (403, "forbidden"),
    Category.NOT_FOUND: (404, "not-found"),
    Category.CONFLICT: (409, "conflict"),
    Category.UNSUPPORTED: (501, "not-supported"),
    Category.BUSY: (429, "throttled"),
    Category.UNAVAILABLE: (503, "transient"),
    Category.FAULT: (500, "exception"),
}


def answer(resource: dict[str, Any], status: int = 200) -> Response:
    """`resource` as a FHIR JSON response that no cache keeps."""
    return Response(
        canonical(resource),
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/fhir+json",
    )


def refusal(refused: Refused) -> Response:
    """403 with the rule's reason. The refusal is audited already."""
    return _outcome(403, "forbidden", refused.reason)


def failure(error: WholerecordError) -> Response:
    """The error's category as a status, its message as diagnostics."""
    status, code = _STATUS[error.category]
    response = _outcome(status, code, str(error))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _outcome(status: int, code: str, says: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": says}
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status)

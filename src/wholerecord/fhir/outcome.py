"""Answers as FHIR writes them: JSON bodies, and an OperationOutcome for whatever went wrong.

Source: FHIR R4, RESTful API, "Operation Outcome"; value set `issue-type`.
"""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.errors import Category, WholerecordError
from wholerecord.fhir.problem import Issue, Problem
from wholerecord.fhir.search.around import Malformed
from wholerecord.record import canonical

#: Category → HTTP status and FHIR issue type. The one place the API maps them.
_STATUS = {
    Category.INCORRECT: (400, "invalid"),
    Category.UNKNOWN_CALLER: (401, "login"),
    Category.FORBIDDEN: (403, "forbidden"),
    Category.NOT_FOUND: (404, "not-found"),
    Category.CONFLICT: (409, "conflict"),
    Category.UNSUPPORTED: (422, "not-supported"),
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


def status_of(error: WholerecordError) -> int:
    """The HTTP status of what went wrong."""
    return _STATUS[error.category][0]


def failure(error: WholerecordError | Problem) -> Response:
    """What went wrong as a status and an OperationOutcome."""
    status, issues = issues_of(error)
    response = Response(
        outcome_of(issues),
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/fhir+json",
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def issues_of(error: WholerecordError | Problem) -> tuple[int, Sequence[Issue]]:
    """The status, and what is wrong: of an error its category, its message as diagnostics."""
    if isinstance(error, Problem):
        return error.status, error.issues
    status, code = _STATUS[error.category]
    place = f"http.{error.parameter}" if isinstance(error, Malformed) else ""
    return status, [Issue(code=code, says=str(error), place=place)]


def outcome_of(issues: Sequence[Issue]) -> bytes:
    """An OperationOutcome as JSON: each issue with its place."""
    said = [
        {"severity": one.severity, "code": one.code, "diagnostics": one.says}
        | ({"expression": [one.place]} if one.place else {})
        for one in issues
    ]
    return canonical({"resourceType": "OperationOutcome", "issue": said})


def _outcome(status: int, code: str, says: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": says}
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status)

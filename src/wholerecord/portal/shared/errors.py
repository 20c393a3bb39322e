"""The page each category of error gives: the only place that knows."""

from starlette.responses import Response

from wholerecord.errors import Category, WholerecordError
from wholerecord.portal.shared.pages import page
from wholerecord.portal.shared.persona import Persona

_STATUS = {
    Category.INCORRECT: (400, "That cannot be understood"),
    Category.UNKNOWN_CALLER: (401, "Sign in first"),
    Category.FORBIDDEN: (403, "That is not allowed"),
    Category.NOT_FOUND: (404, "There is nothing here"),
    Category.CONFLICT: (409, "Somebody changed this first"),
    Category.UNSUPPORTED: (422, "That cannot be done here"),
    Category.BUSY: (429, "Too busy just now"),
    Category.UNAVAILABLE: (503, "Not available just now"),
    Category.FAULT: (500, "Something went wrong"),
}


def error_page(error: WholerecordError, *, persona: Persona | None, form_token: str) -> Response:
    """The error, as a page that says what to do next."""
    status, heading = _STATUS[error.category]
    return page(
        "shared/error.html",
        status=status,
        heading=heading,
        says=str(error),
        persona=persona,
        form_token=form_token,
    )

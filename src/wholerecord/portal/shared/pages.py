"""Templates made into pages, with the headers every page carries.

Source: OWASP HTTP Headers Cheat Sheet; W3C Content Security Policy Level 3. The pages use no
script, so the policy allows none: but for the one that a page of a record asks by (see `still`).
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from wholerecord.portal.shared import assets, words
from wholerecord.portal.shared.design import design
from wholerecord.portal.shared.fields import SHORTEST_REASON
from wholerecord.portal.shared.menu import menu

#: What a field for a reason asks of the browser; `Fields.reason` asks it again.
_REASON = {"required": True, "minlength": str(SHORTEST_REASON), "maxlength": "500"}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@cache
def _templates() -> Environment:
    """The templates, compiled once each. Everything put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _globals() -> dict[str, Any]:
    return {
        "asset": assets.address,
        "menu": menu,
        "nhs": design(),
        "reason": _REASON,
        "words": words,
    }


def render(template: str, **values: Any) -> str:
    """The template's HTML."""
    return _templates().get_template(template, globals=_globals()).render(values)


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template as a response that is kept by nobody and runs nothing."""
    return HTMLResponse(render(template, **values), status_code=status, headers=_HEADERS)

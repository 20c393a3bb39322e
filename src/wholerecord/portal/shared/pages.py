"""Templates made into pages, with the headers every page carries.

Source: OWASP HTTP Headers Cheat Sheet; W3C Content Security Policy Level 3. The pages use no
script at all, so the policy allows none.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from wholerecord.portal.shared import assets, words
from wholerecord.portal.shared.menu import menu

_GLOBALS: dict[str, Any] = {"asset": assets.address, "menu": menu, "words": words}
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
        loader=ChoiceLoader(
            [
                FileSystemLoader(Path(__file__).parent.parent),
                PackageLoader("nhsuk_frontend_jinja"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, **values: Any) -> str:
    """The template's HTML."""
    return _templates().get_template(template, globals=_GLOBALS).render(values)


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template as a response that is kept by nobody and runs nothing."""
    return HTMLResponse(render(template, **values), status_code=status, headers=_HEADERS)

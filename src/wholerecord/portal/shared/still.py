"""Pages that are open: within five seconds none shows what may no longer be shown.

A page of a record runs one script, which the policy names by its hash: every three seconds it asks
whether who reads may still see what they could when it was made. If not, it asks for the page again
and puts it in place; where its words are the same, nothing moves, for that something changed would
tell that something is hidden. Without script the browser loads such a page again by itself. To ask
shows nothing, is written down nowhere and keeps nobody signed in. See decision 73.
"""

import hashlib
import hmac
from base64 import b64encode
from html import escape
from importlib.resources import files
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from wholerecord.access.standing import Standing

#: Where it is asked whether somebody may still see what they could.
ASKED = "/still"
SCRIPT = (files("wholerecord.portal.shared") / "still.js").read_text()
#: What the policy names it by.
HASH = b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
#: Seconds after which a page is loaded again by a browser that runs no script.
_AGAIN = 5
_WRITE = msgspec.json.Encoder(order="deterministic")


def mark(standing: Standing, secret: bytes, session: str) -> str:
    """How somebody stands, as 32 hexadecimal digits that say nothing to whoever reads them.

    Of two sessions they differ, so that nobody can tell whether two people stand alike.
    """
    said = msgspec.json.encode(session) + _WRITE.encode(standing)
    return hmac.digest(secret, b"still\0" + said, "sha256").hex()[:32]


def watched(response: Response, standing: Standing, was: str) -> Response:
    """The page, asking by itself whether it may still be shown to whoever stood so."""
    asked = urlencode({"purpose": standing.purpose.value, "view": standing.view.value, "was": was})
    address = escape(f"{ASKED}/{standing.person}?{asked}")
    html = bytes(response.body).decode()
    head, end, rest = html.partition("</head>")
    refresh = f'<noscript><meta http-equiv="refresh" content="{_AGAIN}"></noscript>\n'
    body, closed, tail = rest.rpartition("</body>")
    script = f'<script data-still="{address}">{SCRIPT}</script>\n'
    response.body = f"{head}{refresh}{end}{body}{script}{closed}{tail}".encode()
    response.headers["content-length"] = str(len(response.body))
    policy = response.headers["content-security-policy"]
    response.headers["content-security-policy"] = (
        f"{policy}; script-src 'sha256-{HASH}'; connect-src 'self'"
    )
    return response

"""What an app asks when it sends somebody's browser here: checked before anybody is asked.

Source: SMART App Launch 2.2, "Obtain authorization code"; RFC 7636; RFC 9700 section 2.1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from wholerecord.smart.refused import AppRefused, Fault
from wholerecord.smart.registered import App, Apps
from wholerecord.smart.scope import Scopes

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that may be put to somebody. `scopes` are no more than the app may ever ask for."""

    app: App
    redirect: str
    state: str
    challenge: str
    scopes: Scopes
    launch: str

    def back(self, **said: str) -> str:
        """The address to send the browser back to."""
        parts = urlsplit(self.redirect)
        query = "&".join(filter(None, (parts.query, urlencode({**said, "state": self.state}))))
        return urlunsplit(parts._replace(query=query))


class SentBack(AppRefused):
    """The app is told at its own address; whoever was sent here need do nothing."""

    def __init__(self, fault: Fault, says: str, *, to: str) -> None:
        super().__init__(fault, says)
        self.to = to


async def asked(pairs: Sequence[tuple[str, str]], apps: Apps, bases: frozenset[str]) -> Asked:
    """The request, checked. `bases` are the addresses of our FHIR services, one of which is `aud`.

    Raises:
        AppRefused: the app or the address to send people back to is not known: they stay here.
        SentBack: something else is wrong.
    """
    said = dict(pairs)
    if len(said) != len(pairs) or any(len(value) > _LONGEST * 2 for value in said.values()):
        raise AppRefused(Fault.REQUEST, "Something is said twice, or is too long.")
    app = await apps.app(said.get("client_id", ""))
    redirect = said.get("redirect_uri", "")
    if app is None or redirect not in app.redirects:
        raise AppRefused(
            Fault.REQUEST,
            "The app that sent you here is not known, or asks to be answered elsewhere.",
        )
    request = Asked(
        app=app,
        redirect=redirect,
        state=said.get("state", ""),
        challenge=said.get("code_challenge", ""),
        scopes=Scopes.parse(said.get("scope", "")).of("patient", "user").within(app.scopes),
        launch=said.get("launch", ""),
    )
    wrong = _wrong(request, said, bases)
    if wrong:
        to = request.back(error=wrong[0].value, error_description=wrong[1])
        raise SentBack(*wrong, to=to)
    return request


def _wrong(request: Asked, said: dict[str, str], bases: frozenset[str]) -> tuple[Fault, str] | None:
    if said.get("response_type") != "code":
        return Fault.RESPONSE_TYPE, "response_type must be code"
    if not request.state or len(request.state) > _LONGEST:
        return Fault.REQUEST, "state must be given"
    if said.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(request.challenge):
        return Fault.REQUEST, "PKCE with S256 must be used"
    if said.get("aud", "").rstrip("/") not in bases:
        return Fault.REQUEST, "aud is not the address of this service"
    if not request.scopes.rows:
        return Fault.SCOPE, "none of these scopes is given to this app"
    if bool(request.launch) is not ("launch" in request.scopes.plain):
        return Fault.REQUEST, "launch and the scope launch come together"
    return None

"""`/auth/authorize`: somebody is asked whether an app may act in their name.

Source: SMART App Launch 2.2, "Obtain authorization code"; RFC 6749 section 4.1.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.consent import Role
from wholerecord.errors import NotFound
from wholerecord.portal.allow import whose
from wholerecord.portal.allow.words import said
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PersonId
from wholerecord.smart import (
    Asked,
    Authority,
    Fault,
    Grant,
    Scopes,
    SentBack,
    asked,
    ends_at,
    named,
)

_OWN = frozenset({Role.PATIENT, Role.CARER})


def routes(site: Site) -> list[Route]:
    """Where people are asked."""
    return [
        signed_in(site, "/auth/authorize", show, with_query=True),
        signed_in(site, "/auth/authorize", answer, method="POST"),
    ]


async def show(visit: Visit) -> Response:
    """The question, in plain words; or back to the app, which asked wrongly."""
    authority = _authority(visit)
    try:
        request = await _asked(authority, visit)
    except SentBack as error:
        return _to(error.to)
    person = whose.launched(authority, request, visit)
    ask_whose = whose.is_about_one(request) and person is None
    mine = whose.choices(visit)
    response = visit.page(
        "allow/consent.html",
        app=request.app,
        rows=[(str(row), said(row)) for row in request.scopes.rows],
        opened=person is not None,
        choices=mine if ask_whose else (),
        names=ask_whose and whose.may_name(visit),
        offline=visit.persona.role in _OWN and "offline_access" in request.scopes.plain,
        query=visit.request.url.query,
    )
    return _answered_at(response, request.redirect)


async def answer(visit: Visit) -> Response:
    """Back to the app: with a code for what was ticked, or with a no."""
    sent = await visit.form()
    authority = _authority(visit)
    try:
        request = await _asked(authority, visit)
    except SentBack as error:
        return _to(error.to)
    ticked = set(sent.every("row"))
    rows = tuple(row for row in request.scopes.rows if str(row) in ticked)
    if sent.one("decision") != "allow" or not rows:
        return _to(request.back(error=Fault.DENIED.value))
    person = whose.launched(authority, request, visit)
    if person is None and whose.is_about_one(request):
        person = await whose.chosen(visit, sent.one("patient"), sent.one("number"))
    grant = _grant(visit, request, Scopes(rows, request.scopes.plain), person)
    return _to(request.back(code=await authority.code(request, grant, now=visit.now)))


def _grant(visit: Visit, request: Asked, scopes: Scopes, person: PersonId | None) -> Grant:
    own = visit.persona.role in _OWN
    plain = scopes.plain if own else scopes.plain - {"offline_access"}
    scopes = replace(scopes, plain=plain)
    return Grant(
        id=named(),
        app=request.app.id,
        actor=visit.persona.actor,
        scope=str(scopes),
        begun=visit.now,
        until=ends_at(scopes, visit.session.until, visit.now, own=own),
        patient=person,
        session=visit.session.own_name,
        names=visit.session.names,
    )


def _authority(visit: Visit) -> Authority:
    if visit.site.authority is None:
        raise NotFound
    return visit.site.authority


async def _asked(authority: Authority, visit: Visit) -> Asked:
    address = visit.site.base(visit.request)
    bases = frozenset(f"{address}{path}" for path in ("/fhir", "/record/fhir"))
    return await asked(visit.request.query_params.multi_items(), authority.apps, bases)


def _to(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})


def _answered_at(response: Response, redirect: str) -> Response:
    """The page, whose form may lead to the app's own address and to no other.

    Browsers hold the policy for forms against where the answer leads as well.
    """
    parts = urlsplit(redirect)
    where = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    policy = response.headers["content-security-policy"]
    allowed = policy.replace("form-action 'self'", f"form-action 'self' {where}")
    response.headers["content-security-policy"] = allowed
    return response

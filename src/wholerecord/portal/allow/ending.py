"""Where people see which apps they let in, and end one: every token of it, at once."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.errors import NotFound
from wholerecord.portal.allow.words import said
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.smart import Authority


def routes(site: Site) -> list[Route]:
    """Of whoever is signed in: what they let in, and what carers let in to their record."""
    return [
        signed_in(site, "/apps", listing),
        signed_in(site, "/apps/end", end, method="POST"),
    ]


async def listing(visit: Visit) -> Response:
    """The apps with access."""
    authority = _authority(visit)
    actor = visit.persona.actor
    titles = {app.id: app.title for app in await authority.apps.apps()}
    found = await authority.let_in_by(actor, now=visit.now)
    return visit.page(
        "allow/ending.html",
        apps=[
            (
                grant,
                titles.get(grant.app, grant.app),
                "" if grant.actor.id == actor.id else grant.actor.name,
                [said(row) for row in grant.scopes.rows],
            )
            for grant in found
        ],
        back="/me" if visit.persona.person else "/",
    )


async def end(visit: Visit) -> Response:
    """End one."""
    sent = await visit.form()
    await _authority(visit).end_by(visit.persona.actor, sent.one("grant"), now=visit.now)
    return RedirectResponse("/apps", status_code=303)


def _authority(visit: Visit) -> Authority:
    if visit.site.authority is None:
        raise NotFound
    return visit.site.authority

"""Apps opened from a record: SMART's EHR launch.

Source: SMART App Launch 2.2, "Launch App: EHR Launch".
"""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Opened, Refused
from wholerecord.consent import View
from wholerecord.errors import NotFound
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.smart import Launch

#: From the record to the app and back here.
_LASTS = timedelta(minutes=5)


def routes(site: Site) -> list[Route]:
    """Where apps are opened from."""
    return [
        signed_in(site, "/people/{person}/apps", listing),
        signed_in(site, "/people/{person}/apps/{app}", launch),
    ]


async def listing(visit: Visit) -> Response:
    """The apps that can be opened for this person."""
    opened = await _look(visit)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    authority = visit.site.authority
    apps = [app for app in await authority.apps.apps() if app.launch] if authority else []
    return visit.page("allow/apps.html", apps=apps, base=f"/people/{visit.person}")


async def launch(visit: Visit) -> Response:
    """To the app, which comes back to ask; it is told which person once it was let in."""
    opened = await _look(visit)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    authority = visit.site.authority
    app = await authority.apps.app(visit.request.path_params["app"]) if authority else None
    if authority is None or app is None or not app.launch:
        raise NotFound
    sealed = authority.seals.launch.write(
        Launch(person=visit.person, session=visit.session.own_name, until=visit.now + _LASTS)
    )
    base = f"{visit.site.base(visit.request)}/record/fhir"
    parts = urlsplit(app.launch)
    said = urlencode({"iss": base, "launch": sealed})
    to = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, said)))))
    return RedirectResponse(to, status_code=303, headers={"cache-control": "no-store"})


async def _look(visit: Visit) -> Opened | Refused:
    purpose, given = visit.care
    return await visit.door.open(
        visit.person, purpose=purpose, view=View.DEMOGRAPHICS, part="apps", given=given
    )

"""Studies on the public register: each with its tables where they are released, for anybody."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.portal.shared.visit import Guest, Site, open_to_all


def routes(site: Site) -> list[Route]:
    """Where anybody reads one study, and takes its tables."""
    studies = site.studies
    if studies is None:
        return []

    async def study(guest: Guest) -> Response:
        found = await studies.study(guest.request.path_params["n"])
        return guest.page("counts/study.html", study=found)

    async def csv(guest: Guest) -> Response:
        n = guest.request.path_params["n"]
        name = {"content-disposition": f'attachment; filename="study-{n}.csv"'}
        return Response(await studies.csv(n), media_type="text/csv", headers=name)

    return [
        open_to_all(site, "/counts/register/{n:int}", study),
        open_to_all(site, "/counts/register/{n:int}/csv", csv),
    ]

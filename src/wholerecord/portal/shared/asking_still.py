"""Where an open page asks whether it may still be shown: yes or no, and nothing else."""

import hmac

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.consent import Purpose, View
from wholerecord.errors import Incorrect
from wholerecord.portal.shared.still import ASKED
from wholerecord.portal.shared.visit import Site, Visit, signed_in

_YES, _NO = 204, 205


def routes(site: Site) -> list[Route]:
    """Where it is asked."""
    return [signed_in(site, f"{ASKED}/{{person}}", still, by_itself=True)]


async def still(visit: Visit) -> Response:
    """204: whoever asks stands as they did; 205: otherwise.

    They learn nothing of anybody whose page they do not have: the mark of how they stood is given
    with a page, which was a look.
    """
    asked = visit.request.query_params
    try:
        purpose, view = Purpose(asked.get("purpose", "")), View(asked.get("view", ""))
    except ValueError:
        raise Incorrect("Say the purpose and the view that the page was opened for.") from None
    given = ""
    if purpose is Purpose.EMERGENCY:  # for as long as the glass is broken
        now_for, given = visit.care
        purpose = purpose if now_for is purpose else Purpose.DIRECT_CARE
    stands = await visit.door.standing(visit.person, purpose=purpose, view=view, given=given)
    same = hmac.compare_digest(visit.mark(stands).encode(), asked.get("was", "").encode())
    return Response(status_code=_YES if same else _NO, headers={"cache-control": "no-store"})

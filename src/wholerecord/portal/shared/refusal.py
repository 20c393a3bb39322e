"""A refusal as a page: why, in plain words, and what else may be done where something may."""

from starlette.responses import RedirectResponse, Response

from wholerecord.access import Refused
from wholerecord.consent import Purpose
from wholerecord.consent.emergency import GROUNDS, reason_given
from wholerecord.portal.shared.visit import Visit


def refused_page(visit: Visit, refused: Refused, *, person: str = "") -> Response:
    """The refusal, said to the person it was given to. The look was written down all the same."""
    return visit.page(
        "shared/refused.html",
        status=403,
        refused=refused,
        person=person if refused.may_break_glass else "",
        claims=person if refused.may_claim else "",
        grounds=[(ground.value, says) for ground, says in GROUNDS.items()],
        back=visit.request.url.path,
    )


async def claim(visit: Visit) -> Response:
    """Say that one cares for this person, with the reason that was typed; then open the record."""
    sent = await visit.form()
    refused = await visit.door.claim(visit.person, why=sent.reason())
    if refused:
        return refused_page(visit, refused)
    return RedirectResponse(f"/people/{visit.person}", status_code=303)


async def break_glass(visit: Visit) -> Response:
    """Open one person's record in an emergency, for a while, with the reason that was typed."""
    sent = await visit.form()
    given = reason_given(sent.one("ground"), sent.reason())
    opened = await visit.door.open(visit.person, purpose=Purpose.EMERGENCY, given=given)
    if isinstance(opened, Refused):
        return refused_page(visit, opened)
    response = RedirectResponse(f"/people/{visit.person}", status_code=303)
    return visit.with_session(response, visit.session.breaking(visit.person, given, now=visit.now))

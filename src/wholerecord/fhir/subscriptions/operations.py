"""`$status` and `$events`: how a subscription stands, and what it told of, again.

Source: Subscriptions R5 Backport IG 1.1.0, operations `backport-subscription-status` and
`backport-subscription-events`. What events are about is asked of the asker's own door, now.
"""

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import number_of
from wholerecord.fhir.outcome import answer
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.request import Api
from wholerecord.fhir.subscriptions.interactions import mine
from wholerecord.fhir.subscriptions.notification import notification, status_of

#: Events of one answer.
_MOST = 1_000
_PARAMETERS = frozenset({"eventsSinceNumber", "eventsUntilNumber", "content"})
_CONTENT = ("", "empty", "id-only", "full-resource")


async def status(api: Api, request: Request) -> Response:
    """200 with how it stands, as Parameters in a searchset; 404."""
    door, _ = await api.open_for(request)
    one = await mine(door, request)
    entry = {"resource": status_of(one), "search": {"mode": "match"}}
    return answer({"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]})


async def events(api: Api, request: Request) -> Response:
    """200 with a notification of those events, as far as they may be seen now; 400, 404.

    At most a thousand: ask again from the last number. Those of a fortnight ago are forgotten.
    """
    door, _ = await api.open_for(request)
    query = request.query_params
    only(query, _PARAMETERS | {"_format", "_pretty"})
    since = number_of(query.get("eventsSinceNumber"), "eventsSinceNumber", 0)
    until = number_of(query.get("eventsUntilNumber"), "eventsUntilNumber", 1 << 30)
    content = query.get("content", "")
    if content not in _CONTENT:
        raise problem(400, "value", "content is empty, id-only or full-resource.", "content")
    one = await mine(door, request)
    after = max(since - 1, 0)
    listed = await door.happenings(one, after=after, limit=_MOST)
    wanted = [each for each in listed if each.number <= until]
    return json_answer(request, await notification(one, wanted, door, "query-event", content))

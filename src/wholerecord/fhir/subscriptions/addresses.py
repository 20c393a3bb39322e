"""Where subscriptions are found."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.fhir.granting import BINDING
from wholerecord.fhir.request import Api
from wholerecord.fhir.subscriptions.binding import token
from wholerecord.fhir.subscriptions.interactions import (
    create,
    delete,
    listed,
    read,
    topic_read,
    topics_listed,
    update,
)
from wholerecord.fhir.subscriptions.operations import events, status

_Interaction = Callable[[Api, Request], Awaitable[Response]]
#: Method, path below `/fhir`, and what answers.
ROUTES: tuple[tuple[str, str, _Interaction], ...] = (
    ("GET", "/SubscriptionTopic", topics_listed),
    ("GET", "/SubscriptionTopic/{id}", topic_read),
    ("GET", "/Subscription", listed),
    ("POST", "/Subscription", create),
    ("GET", f"/Subscription/{BINDING}", token),
    ("POST", f"/Subscription/{BINDING}", token),
    ("GET", "/Subscription/{id}", read),
    ("PUT", "/Subscription/{id}", update),
    ("DELETE", "/Subscription/{id}", delete),
    ("GET", "/Subscription/{id}/$status", status),
    ("GET", "/Subscription/{id}/$events", events),
    ("GET", f"/Subscription/{{id}}/{BINDING}", token),
    ("POST", f"/Subscription/{{id}}/{BINDING}", token),
)

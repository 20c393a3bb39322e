"""`$process-message`: what a message says is written, once, and its response is a message.

Source: FHIR R4, operation MessageHeader-process-message; Messaging, "Reliable Messaging". A message
is known by its MessageHeader's id: sent again it is answered as the first time, and does nothing.
"""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access.saying import Outcome, Told
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import base_of, body_of, resource_of
from wholerecord.fhir.messaging.sent import HASH, Sent, sent
from wholerecord.fhir.outcome import issues_of, outcome_of
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.query import only
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import moment_said
from wholerecord.fhir.write import said
from wholerecord.intake.fhir.shape import an_object, objects, text
from wholerecord.record import canonical, read_json

_KNOWN = frozenset({"async", "_format", "_pretty"})


async def process(api: Api, request: Request) -> Response:
    """200 with the response; of a message that is not done, its response with the status why."""
    door, purpose = await api.open_for(request)
    only(request.query_params, _KNOWN)
    if request.query_params.get("async", "false") != "false":
        raise problem(400, "not-supported", "A message is answered at once.", "async")
    body = await body_of(request)
    message = sent(resource_of(body, "Bundle"), body)
    base = base_of(request)
    try:
        changes = [message.receipt, *message.changes]
        told = await said(api, door, purpose, changes, base, once=True)
        moment = _received(message, told[0])
    except Problem as error:
        status, issues = issues_of(error)
        wrong = outcome_of(issues)
        return json_answer(request, _response(message, base, "fatal-error", None, wrong), status)
    return json_answer(request, _response(message, base, "ok", moment))


def _received(message: Sent, told: Told) -> datetime:
    """When the message came first.

    Raises:
        Problem: 409, another message came with its id.
    """
    version = told.version
    if version is None:
        raise problem(409, "conflict", "Its receipt was taken back.")
    if told.outcome is Outcome.UNCHANGED:
        kept = an_object(an_object(read_json(version.statement.body)).get("meta"))
        hashes = [text(one.get("code")) for one in objects(kept.get("tag"))
                  if one.get("system") == HASH]  # fmt: skip
        if message.sha256 not in hashes:
            says = "Another message came with this id: a message has an id of its own."
            raise problem(409, "duplicate", says, "Bundle.entry[0].resource.id")
    return version.statement.received


def _response(
    message: Sent, base: str, code: str, moment: datetime | None, wrong: bytes = b""
) -> bytes:
    """The response as a Bundle: the same bytes whenever the same message comes."""
    own = uuid5(NAMESPACE_URL, f"{base} {message.id}")
    header: dict[str, Any] = {
        "resourceType": "MessageHeader",
        "id": str(own),
        "source": {"name": "Wholerecord", "endpoint": base},
        "response": {"identifier": message.id, "code": code},
    }
    header |= {name: said for name, said in message.header.items() if name.startswith("event")}
    endpoint = text(an_object(message.header.get("source")).get("endpoint"))
    if endpoint:
        header["destination"] = [{"endpoint": endpoint}]
    entries: list[dict[str, Any]] = [{"fullUrl": f"urn:uuid:{own}", "resource": header}]
    if wrong:
        where = f"urn:uuid:{uuid5(own, 'details')}"
        header["response"]["details"] = {"reference": where}
        entries.append({"fullUrl": where, "resource": msgspec.json.decode(wrong)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "message", "entry": entries}
    if moment is not None:
        bundle["timestamp"] = moment_said(moment)
    return canonical(bundle)

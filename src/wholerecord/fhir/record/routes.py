"""Where the one record is found. Everything but `metadata` goes through the door."""

from datetime import UTC, datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wholerecord.errors import NotFound
from wholerecord.fhir.bulk.interactions import cancel, fetch, kick_off_of_record, status
from wholerecord.fhir.outcome import answer
from wholerecord.fhir.record.audit_event import audit_events
from wholerecord.fhir.record.consent import consents, read_consent
from wholerecord.fhir.record.consent_write import create_consent, replace_consent
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.everything import everything
from wholerecord.fhir.record.export import of_record
from wholerecord.fhir.record.identity import at_of, read_person
from wholerecord.fhir.record.match import match
from wholerecord.fhir.record.metadata import capability
from wholerecord.fhir.record.read import read_patient
from wholerecord.fhir.record.rendered import Rendered
from wholerecord.fhir.record.search import look
from wholerecord.fhir.record.summary import Summaries, summary
from wholerecord.fhir.record.trace import is_trace, trace
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fhir.request import Api
from wholerecord.fhir.search.query import query_of
from wholerecord.fhir.searching import search
from wholerecord.fhir.told import told
from wholerecord.record import PersonId

_SERVED = frozenset({"Patient", "Provenance", *TYPES.values(), *WORKED_OUT})


def routes(api: Api, version: str) -> list[Route]:
    """The folded record's routes, below `/record/fhir`."""
    rendered, summaries = Rendered(), Summaries()

    async def metadata(request: Request) -> Response:
        statement = capability(version, datetime.now(UTC).date().isoformat())
        return answer(api.secured(statement, request))

    async def read(request: Request) -> Response:
        door, purpose = await api.open_for(request)
        person = PersonId(request.path_params["id"])
        return await read_patient(door, purpose, person, at_of(request))

    async def summarised(request: Request) -> Response:
        door, purpose = await api.open_for(request)
        person = PersonId(request.path_params["id"])
        return await summary(summaries, door, purpose, person, version)

    async def searched(request: Request) -> Response:
        served: str = request.path_params["type"]
        if served not in _SERVED:
            await api.open_for(request)
            raise NotFound(f"The type {served[:40]!r} is not served.")
        if served == "Patient" and is_trace(query := await query_of(request)):
            return await trace(api, request, query)
        return await search(
            api, request, served, partial(look, rendered), request.path_params.get("id", "")
        )

    return [
        Route("/metadata", told(metadata)),
        Route("/$export", told(partial(kick_off_of_record, of_record, api))),
        Route("/$export/{export}", told(partial(status, api))),
        Route("/$export/{export}", told(partial(cancel, api)), methods=["DELETE"]),
        Route("/$export/{export}/{file}", told(partial(fetch, api))),
        Route("/Patient/$export", told(partial(kick_off_of_record, of_record, api))),
        Route("/AuditEvent", told(partial(audit_events, api))),
        Route("/Patient/$match", told(partial(match, api)), methods=["POST"]),
        Route("/Consent", told(partial(consents, api))),
        Route("/Consent", told(partial(create_consent, api)), methods=["POST"]),
        Route("/Consent/{id}", told(partial(read_consent, api))),
        Route("/Consent/{id}", told(partial(replace_consent, api)), methods=["PUT"]),
        Route("/Patient/{id}", told(read)),
        Route("/Person/{id}", told(partial(read_person, api))),
        Route("/Patient/{id}/$everything", told(partial(everything, rendered, api))),
        Route("/Patient/{id}/$summary", told(summarised)),
        Route("/Patient/{id}/{type}", told(searched)),
        Route("/Patient/{id}/{type}/_search", told(searched), methods=["POST"]),
        Route("/{type}", told(searched)),
        Route("/{type}/_search", told(searched), methods=["POST"]),
    ]

"""Consents taken in: created, replaced and ended. Source: FHIR R4, RESTful API; IHE PCF [ITI-108].

By the person themselves, or by reception, who writes down for them what only narrows. What is kept
is answered as a Consent again, so that whoever sent it sees what it came to.
"""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.fhir.given import base_of, body_of, resource_of
from wholerecord.fhir.outcome import answer, refusal
from wholerecord.fhir.problem import problem
from wholerecord.fhir.profiles import Base
from wholerecord.fhir.record.consent import consent, id_of_consent, number_of
from wholerecord.fhir.record.consent_read import read_consent_of
from wholerecord.fhir.request import Api


async def create_consent(api: Api, request: Request) -> Response:
    """`POST Consent`: 201 with what it came to; 422 where it cannot be kept as it is said."""
    door, _ = await api.open_for(request)
    resource = resource_of(await body_of(request), "Consent")
    await api.profiles.must_be_as_asked(Base.RECORD, "Consent", resource)
    said = read_consent_of(resource, datetime.now(UTC))
    if said.ended:
        raise problem(422, "business-rule", "It holds no longer: there is nothing to begin.")
    kept = await door.state(said.person, said.rules)
    if isinstance(kept, Refused):
        return refusal(kept)
    made = answer(consent(kept), 201)
    made.headers["Location"] = f"{base_of(request)}/Consent/{id_of_consent(kept)}"
    return made


async def replace_consent(api: Api, request: Request) -> Response:
    """`PUT Consent/{id}`: 200; a decision is never changed, so what it came to has another id.

    With a status that ends it, 200 and the decision as it ended. 404 for what is not one's own.
    """
    door, _ = await api.open_for(request)
    resource = resource_of(await body_of(request), "Consent")
    logical: str = request.path_params["id"]
    if resource.get("id") != logical:
        raise problem(400, "invalid", "The id in the body is not the one in the address.", "id")
    await api.profiles.must_be_as_asked(Base.RECORD, "Consent", resource)
    said = read_consent_of(resource, datetime.now(UTC))
    n = number_of(logical)
    if n == 0:
        raise problem(405, "not-supported", "Ids are given by the server: create it with POST.")
    if not said.ended:
        kept = await door.state(said.person, said.rules, instead=n)
        return refusal(kept) if isinstance(kept, Refused) else answer(consent(kept))
    refused = await door.end_preference(said.person, n)
    if refused:
        return refusal(refused)
    decided = await door.decided(said.person)
    if isinstance(decided, Refused):
        return refusal(decided)
    return answer(consent(next(one for one in decided.preferences if one.n == n)))

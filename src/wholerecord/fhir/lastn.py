"""`GET /fhir/Observation/$lastn`: the newest observations of each sort, of one patient.

Source: FHIR R4, operation Observation-lastn. Of one sort are those that share a coding; those
without any, the same text.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.read_said import Shown
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import base_of, number_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.search import Around, Held, read, select
from wholerecord.fhir.search.path import each, text, under
from wholerecord.fhir.search.world import World
from wholerecord.fhir.served import served
from wholerecord.fhir.terminology.value_set import known_set
from wholerecord.record import LogicalId, read_json

_MOST = 100


async def lastn(api: Api, request: Request) -> Response:
    """200 with a searchset of the newest `max` (1) of each sort; 400 without a patient, 404.

    `category`, `code`, `date` and every other search parameter of Observation narrow it.
    """
    door, purpose = await api.open_for(request)
    pairs = request.query_params.multi_items()
    most = min(number_of(dict(pairs).get("max"), "max", 1), _MOST)
    whose = [said for name, said in pairs if name in {"patient", "subject"}]
    if len(whose) != 1:
        raise problem(400, "required", "Say whose: patient is an id.", "patient")
    logical = LogicalId.parse(whose[0].rpartition("/")[2])
    patient = await door.said("Patient", logical, purpose=purpose) if logical else None
    if patient is None or patient.version.person is None:
        raise unknown()
    every = await door.all_said(patient.version.person, purpose=purpose, part="$lastn")
    if isinstance(every, Refused):
        raise unknown()
    asked = [pair for pair in pairs if pair[0] not in {"max", "patient", "subject", "_sort"}]
    base = base_of(request)
    around = Around(
        now=datetime.now(UTC), base=base, value_set=lambda address: known_set(address).has
    )
    plan = read("Observation", [*asked, ("_sort", "-date")], around)
    found = select(plan, World(_held(every)))
    entries = [
        {
            "fullUrl": f"{base}/{one.type}/{one.id}",
            "resource": one.shown,
            "search": {"mode": "match"},
        }
        for one in _newest(found, most)
    ]
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    bundle["link"] = [{"relation": "self", "url": str(request.url)}]
    if entries:
        bundle["entry"] = entries
    return json_answer(request, _WRITE.encode(bundle))


_WRITE = msgspec.json.Encoder(decimal_format="number")


def _held(every: Iterable[Shown]) -> Iterator[Held]:
    for one in every:
        if one.version.statement.kind == "Observation" and not one.version.gone:
            yield Held(read_json(served(one)))


def _newest(found: Iterable[Held], most: int) -> Iterator[Held]:
    """The first `most` of each sort; who shares a coding with two sorts makes them one."""
    sorts: dict[str, list[int]] = {}
    for one in found:
        names = _names(one)
        counts = [sorts[name] for name in names if name in sorts]
        count = counts[0] if counts else [0]
        for name in names:
            sorts.setdefault(name, count)
        if count[0] < most:
            count[0] += 1
            yield one


def _names(one: Held) -> list[str]:
    code = under(one.resource, "code")
    coded = [f"{text(each_, 'system')}|{text(each_, 'code')}" for each_ in each(code, "coding")]
    return coded or [text(code, "text").casefold()]

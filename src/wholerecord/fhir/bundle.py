"""`POST /fhir`: batch and transaction. Source: FHIR R4, RESTful API and Bundle.

A transaction is one commit: all of its writes, and nothing of them where one cannot be done. In a
batch each entry is done by itself. What is read in either is read after all that is written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Door
from wholerecord.access.saying import Outcome, Told
from wholerecord.consent import Purpose
from wholerecord.errors import WholerecordError
from wholerecord.fhir.answers import json_answer, location_of
from wholerecord.fhir.bundle_entry import Item, Sent, change_of, item, rules_of_full_urls
from wholerecord.fhir.conditional_reference import lead
from wholerecord.fhir.given import base_of, body_of, resource_of
from wholerecord.fhir.inner import Inner
from wholerecord.fhir.outcome import issues_of, outcome_of
from wholerecord.fhir.prefer import returned
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.request import Api
from wholerecord.fhir.served import instant, of_version
from wholerecord.fhir.write import DONE, said

#: More entries than this are a feed's business.
_MOST = 10_000
#: Entries of a batch that are done at the same moment, so that they share commits.
_AT_ONCE = 16
#: How often a transaction is made again that another write came before.
_TRIES = 5
_OUTCOMES = {
    Outcome.CREATED: "201 Created",
    Outcome.UPDATED: "200 OK",
    Outcome.UNCHANGED: "200 OK",
    Outcome.DELETED: "204 No Content",
}
_READ = msgspec.json.Decoder(Sent)
_Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doing:
    """A Bundle being done: for whom, how it is answered, and by which routes it reads."""

    api: Api
    door: Door
    purpose: Purpose
    request: Request
    inner: Inner

    @property
    def base(self) -> str:
        """The address of this server as the caller wrote it."""
        return base_of(self.request)


async def bundle(api: Api, inner: Inner, request: Request) -> Response:
    """200 with a response for each entry, in order; of a transaction that cannot be, a problem."""
    door, purpose = await api.open_for(request)
    body = await body_of(request)
    resource = resource_of(body, "Bundle")
    try:
        sent = _READ.decode(body)
    except msgspec.ValidationError as error:
        raise problem(400, "structure", f"The Bundle is not as FHIR has it: {error}.") from None
    if sent.type not in {"transaction", "batch"}:
        raise problem(400, "invalid", "Send a Bundle of type transaction or batch.", "Bundle.type")
    if len(sent.entry) > _MOST:
        raise problem(413, "too-costly", f"A Bundle has at most {_MOST} entries here.")
    doing = _Doing(api=api, door=door, purpose=purpose, request=request, inner=inner)
    values: list[Any] = resource.get("entry", [])
    if sent.type == "transaction":
        answers = await _transaction(doing, sent, values)
    else:
        answers = await _batch(doing, sent, values)
    response: dict[str, Any] = {"resourceType": "Bundle", "type": f"{sent.type}-response"}
    if answers:
        response["entry"] = answers
    return json_answer(request, msgspec.json.encode(response))


async def _transaction(doing: _Doing, sent: Sent, values: list[Any]) -> list[_Answer]:
    items = [
        item(entry, value, f"Bundle.entry[{n}]")
        for n, (entry, value) in enumerate(zip(sent.entry, values, strict=True))
    ]
    rules_of_full_urls(items)
    await lead(doing.door, doing.purpose, items)
    writes = [one for one in items if not one.reads]
    told = iter(await _written(doing, writes))
    answers = [None if one.reads else _answer(next(told), doing.request) for one in items]
    read = iter(await _all([lambda one=one: _asked(doing, one) for one in items if one.reads]))
    return [next(read) if one is None else one for one in answers]


async def _written(doing: _Doing, writes: Sequence[Item]) -> Sequence[Told]:
    """What became of the writes; a patch that another write came before is made again."""
    if not writes:
        return []
    patches = any(one.asked.method == "PATCH" and one.asked.if_match is None for one in writes)
    for left in reversed(range(_TRIES)):
        changes = [await change_of(doing.door, doing.purpose, one, doing.base) for one in writes]
        try:
            return await said(doing.api, doing.door, doing.purpose, changes, doing.base)
        except Problem as error:
            if not (patches and error.status == 412 and left):
                raise
    raise problem(409, "conflict", "Somebody else changed it just now: try again.")


async def _batch(doing: _Doing, sent: Sent, values: list[Any]) -> list[_Answer]:
    """Each entry by itself: first what is written, then what is read."""
    each = list(enumerate(zip(sent.entry, values, strict=True)))
    answers: list[_Answer] = [{} for _ in each]
    for reading in (False, True):
        now = [
            (n, entry, value)
            for n, (entry, value) in each
            if (entry.request is not None and entry.request.method in {"GET", "HEAD"}) is reading
        ]
        done = await _all(
            [
                lambda n=n, entry=entry, value=value: _alone(
                    doing, lambda: item(entry, value, f"Bundle.entry[{n}]")
                )
                for n, entry, value in now
            ]
        )
        for (n, _, _), answer in zip(now, done, strict=True):
            answers[n] = answer
    return answers


async def _all(asks: Sequence[Callable[[], Awaitable[_Answer]]]) -> list[_Answer]:
    """What each comes to, in order, so many at a time."""
    found: list[_Answer] = []
    for start in range(0, len(asks), _AT_ONCE):
        found += await asyncio.gather(*(ask() for ask in asks[start : start + _AT_ONCE]))
    return found


async def _alone(doing: _Doing, made: Callable[[], Item]) -> _Answer:
    """What one entry of a batch is answered."""
    try:
        one = made()
        if one.reads:
            return await _asked(doing, one)
        [told] = await _written(doing, [one])
    except (Problem, WholerecordError) as error:
        return _failed(error)
    return _answer(told, doing.request)


async def _asked(doing: _Doing, one: Item) -> _Answer:
    """What an entry that reads is answered: what is wrong with it undoes nothing."""
    try:
        return await doing.inner.read(doing.request, one.asked.url, one.conditions, one.place)
    except Problem as error:
        return _failed(error)


def _failed(error: Problem | WholerecordError) -> _Answer:
    status, issues = issues_of(error)
    return {"response": {"status": str(status), "outcome": msgspec.Raw(outcome_of(issues))}}


def _answer(told: Told, request: Request) -> _Answer:
    version = told.version
    response: dict[str, Any] = {"status": _OUTCOMES[told.outcome]}
    if version is None or version.gone:
        return {"response": response | {"status": "204 No Content"}}
    response |= {
        "location": location_of(version),
        "etag": f'W/"{version.number}"',
        "lastModified": instant(version),
    }
    wanted = returned(request, "minimal")
    if wanted == "OperationOutcome":
        response["outcome"] = msgspec.Raw(DONE)
    if wanted == "representation":
        return {"resource": msgspec.Raw(of_version(version)), "response": response}
    return {"response": response}

"""`_history` of one resource, of a type and of all: every version, newest first.

Source: FHIR R4, RESTful API, "history". A page of many goes on from the version the page before
ended with, so that what is filed meanwhile neither repeats nor hides anything.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wholerecord.access import Refused
from wholerecord.access.read_said import Shown
from wholerecord.fhir.answers import json_answer
from wholerecord.fhir.given import base_of, id_of, kind_of, moment_of, number_of
from wholerecord.fhir.outcome import refusal
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only
from wholerecord.fhir.read import unknown
from wholerecord.fhir.request import Api
from wholerecord.fhir.search.cursor import PARAMETER, Cursor, asker
from wholerecord.fhir.search.dates import span
from wholerecord.fhir.served import instant, served
from wholerecord.fhir.subset import subset
from wholerecord.record import FiledOf, Mark, PatientId

_PAGE, _MOST = 100, 1000
_BEFORE = "_before"
_HOW = {"_format", "_pretty", "_elements", "_summary", "_count", "_since", "_at"}
_ONE, _MANY = frozenset({*_HOW, _BEFORE}), frozenset({*_HOW, PARAMETER})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The order versions of one moment stand in, at its end.
_LAST = (PatientId((1 << 63) - 1), (1 << 31) - 1, (1 << 31) - 1)
_Period = tuple[datetime, datetime]


async def history(api: Api, request: Request) -> Response:
    """200 with a history Bundle of one resource, by `_count`, `_since` and `_at`; 404."""
    door, purpose = await api.open_for(request)
    query = request.query_params
    only(query, _ONE)
    kind, logical = kind_of(request), id_of(request)
    since, period = moment_of(query.get("_since"), "_since"), _at(query.get("_at"))
    count = _count(query.get("_count"))
    before = number_of(query.get(_BEFORE), _BEFORE, 1 << 31)
    every = await door.history(kind, logical, purpose=purpose) if logical else ()
    if not every:
        raise unknown()
    ends = [one.version.filed for one in every[1:]] + [None]
    newest = [
        one
        for one, until in reversed(list(zip(every, ends, strict=True)))
        if (since is None or one.version.filed >= since)
        and (period is None or _was(one.version.filed, until, period))
    ]
    left = [one for one in newest if one.version.number < before]
    page = left[:count]
    following = None
    if page and len(left) > len(page):
        following = [*query.items(), (_BEFORE, str(page[-1].version.number))]
    return _answer(request, page, dict(following) if following else None, total=len(newest))


async def history_of_type(api: Api, request: Request) -> Response:
    """200 with what was filed of a type, newest first, by `_count`, `_since` and `_at`; 403."""
    return await _many(api, request, kind_of(request))


async def history_of_all(api: Api, request: Request) -> Response:
    """The same of every type."""
    return await _many(api, request, "")


async def _many(api: Api, request: Request, kind: str) -> Response:
    door, purpose = await api.open_for(request)
    now, path = datetime.now(UTC), request.url.path
    query, before = dict(request.query_params), None
    only(request.query_params, _MANY)
    if PARAMETER in query:
        cursor = api.cursors.read(query[PARAMETER], door.actor, path, now=now)
        query, before = dict(cursor.pairs), _mark(cursor.last)
    since, period = moment_of(query.get("_since"), "_since"), _at(query.get("_at"))
    if period is not None and before is None:
        before = (period[1], *_LAST)
    found = await door.changes(
        FiledOf(kind=kind, since=since, before=before),
        count=_count(query.get("_count")),
        purpose=purpose,
        part=f"{kind}/_history" if kind else "_history",
    )
    if isinstance(found, Refused):
        return refusal(found)
    page = [
        one
        for one, change in found.shown
        if period is None or _was(one.version.filed, change.until, period)
    ]
    following = None
    if found.after is not None:
        cursor = Cursor(
            asker=asker(door.actor),
            path=path,
            pairs=tuple(query.items()),
            strict=True,
            start=0,
            last="/".join([found.after[0].isoformat(), *map(str, found.after[1:])]),
            at=now,
            found=0,
        )
        following = {PARAMETER: api.cursors.write(cursor)}
    return _answer(request, page, following)


def _mark(said: str) -> Mark:
    """Where a page ended; only this program seals one."""
    filed, patient, t, n = said.split("/")
    return datetime.fromisoformat(filed), PatientId(int(patient)), int(t), int(n)


def _count(said: str | None) -> int:
    return min(max(number_of(said, "_count", _PAGE), 1), _MOST)


def _at(said: str | None) -> _Period | None:
    """From when to before when `_at` asks.

    Raises:
        Problem: 400, it is no date.
    """
    if said is None:
        return None
    times = span(said.replace(" ", "+"))
    if times is None or not 0 <= times.low < times.high < 1e17:
        raise problem(400, "value", "_at is a date, or a moment with its time zone.", "_at")
    low, high = (_EPOCH + timedelta(microseconds=one) for one in times)
    return low, high


def _was(filed: datetime, until: datetime | None, period: _Period) -> bool:
    """Whether a version was the newest at any moment of the period."""
    low, high = period
    return filed < high and (until is None or until > low)


def _answer(
    request: Request,
    page: Sequence[Shown],
    following: dict[str, str] | None,
    total: int | None = None,
) -> Response:
    here = str(request.url.replace(query="", fragment=""))
    query = request.url.query
    links = [{"relation": "self", "url": f"{here}?{query}" if query else here}]
    if following:
        links.append({"relation": "next", "url": f"{here}?{urlencode(following)}"})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "history", "link": links}
    if total is not None:
        bundle["total"] = total
    if page:
        base = base_of(request)
        bundle["entry"] = [_entry(one, base, request) for one in page]
    return json_answer(request, msgspec.json.encode(bundle))


def _entry(shown: Shown, base: str, request: Request) -> dict[str, Any]:
    version = shown.version
    address = f"{version.statement.kind}/{version.id.text}"
    first = version.number == 1
    method = "DELETE" if version.gone else "POST" if first else "PUT"
    said: dict[str, Any] = {
        "fullUrl": f"{base}/{address}",
        "request": {"method": method, "url": version.statement.kind if first else address},
        "response": {
            "status": "204" if version.gone else "201" if first else "200",
            "etag": f'W/"{version.number}"',
            "lastModified": instant(version),
        },
    }
    if not version.gone:
        said["resource"] = msgspec.Raw(subset(served(shown), request.query_params))
    return said

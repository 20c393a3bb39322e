"""Ways of joining: the fold, and three baselines. Each gives every statement a cluster's name."""

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from benchmarks.labelled.telling import Telling
from wholerecord.fold import fold
from wholerecord.record import Statement

Joined = list[int]  #: for each statement, in their order, which cluster it is in


def by_fold(telling: Telling) -> Joined:
    """The fold's entries; an older version of a statement is where its newest is."""
    record = fold(telling.statements)
    where: dict[tuple[int, int, int], int] = {}
    by_key: dict[object, int] = {}
    number = count()
    for entry in record.entries:
        n = next(number)
        for said in entry.said_by:
            where[said.patient, said.t, said.n] = n
            by_key[said.id_key] = n
    for one in (*record.negatives, *record.superseded, *record.parked):
        said = one.said
        known = by_key.get(said.id_key)
        where[said.patient, said.t, said.n] = next(number) if known is None else known
    return [where[one.patient, one.t, one.n] for one in telling.statements]


def apart(telling: Telling) -> Joined:
    """No joining: each resource of each source alone."""
    return _clusters(telling, lambda one, _: (one.patient, one.kind, _id(one)))


def same_code_and_date(telling: Telling) -> Joined:
    """Exact code (else words) and exact date."""
    return _clusters(telling, lambda one, body: (one.kind, _code(body), str(_when(body))[:10]))


def same_code_within_30_days(telling: Telling) -> Joined:
    """Exact code (else words), each within 30 days of the cluster's first."""
    each = [(_code(body), _day(body), n) for n, body in enumerate(_bodies(telling))]
    joined = [0] * len(each)
    number, last = count(), ("", None, -1)
    for code, day, n in sorted(each, key=lambda one: (one[0], one[1] or date.min, one[2])):
        near = day is not None and last[1] is not None and (day - last[1]).days <= 30
        if code != last[0] or not near:
            last = (code, day, next(number))
        joined[n] = last[2]
    return joined


WAYS: dict[str, Callable[[Telling], Joined]] = {
    "the fold": by_fold,
    "same code, same day": same_code_and_date,
    "same code, 30 days": same_code_within_30_days,
    "no joining": apart,
}


def _bodies(telling: Telling) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in telling.statements]


def _clusters(telling: Telling, name: Callable[[Statement, dict[str, Any]], object]) -> Joined:
    known: dict[object, int] = {}
    both = zip(telling.statements, _bodies(telling), strict=True)
    return [known.setdefault(name(one, body), len(known)) for one, body in both]


def _id(one: Statement) -> str:
    return json.loads(one.body)["id"]


def _code(body: dict[str, Any]) -> str:
    said = next(
        (
            body[field]
            for field in ("code", "medicationCodeableConcept", "vaccineCode", "type", "class")
            if field in body
        ),
        {},
    )
    coding = next(iter(said.get("coding", ())), said)
    return f"{body['resourceType']}|{coding.get('code') or said.get('text', '').lower()}"


def _when(body: dict[str, Any]) -> str:
    fields = ("onsetDateTime", "effectiveDateTime", "authoredOn", "whenHandedOver", "date")
    fields += ("occurrenceDateTime", "performedDateTime", "recordedDate")
    return next((body[field] for field in fields if field in body), "") or body.get(
        "period", {}
    ).get("start", "")


def _day(body: dict[str, Any]) -> date | None:
    when = f"{_when(body)}-01-01"[:10] if len(_when(body)) < 10 else _when(body)[:10]
    try:
        return date.fromisoformat(when)
    except ValueError:
        return None

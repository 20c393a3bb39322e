"""`ValueSet/$expand`: the codes of a value set, in pages.

Source: FHIR R4, ValueSet, Operation `expand`.
"""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from wholerecord.fhir.terminology.asked import Asked
from wholerecord.fhir.terminology.value_set import asked_set
from wholerecord.terms.content import Term

PARAMETERS = frozenset({"url", "valueSet", "filter", "count", "offset", "activeOnly"})
_PAGE, _MOST, _FAR = 100, 1000, 100_000


def expand(asked: Asked) -> dict[str, Any]:
    """A ValueSet with its expansion; without a `total`, which would be a walk over everything."""
    wanted = asked_set(asked)
    count, offset = asked.number("count", _PAGE, _MOST), asked.number("offset", 0, _FAR)
    active = asked.flag("activeOnly")
    found = (
        (system, term)
        for system, term in wanted.terms(asked.text("filter"))
        if term.active or not active
    )
    page = list(islice(found, offset, offset + count))
    expansion: dict[str, Any] = {
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        "offset": offset,
    }
    if page:
        expansion["contains"] = [_contained(system, term) for system, term in page]
    said = {"resourceType": "ValueSet", "status": "active", "expansion": expansion}
    return {**said, "url": wanted.url} if wanted.url else said


def _contained(system: str, term: Term) -> dict[str, Any]:
    said: dict[str, Any] = {"system": system, "code": term.code, "display": term.title}
    return said if term.active else {**said, "inactive": True}

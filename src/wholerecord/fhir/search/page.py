"""One page of what was found, as a searchset Bundle.

Source: FHIR R4, Search, "Managing Returned Resources"; Bundle, "searchset".
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from wholerecord.fhir.search.include import MOST, included
from wholerecord.fhir.search.path import Json
from wholerecord.fhir.search.plan import Plan
from wholerecord.fhir.search.world import Held, World
from wholerecord.fhir.subset import Part


def page(
    plan: Plan,
    found: Sequence[Held],
    start: int,
    world: World,
    base: str,
    *,
    told: Sequence[str] = (),
) -> Json:
    """The bundle of the page that begins at `start`, without its links; `told` is said of it."""
    bundle: Json = {"resourceType": "Bundle", "type": "searchset"}
    if plan.total or plan.only_count:
        bundle["total"] = len(found)
    matches = found[start : start + (0 if plan.only_count else plan.count)]
    part = Part(elements=plan.elements, summary=plan.summary)
    more = included(matches, plan.includes, world)
    entries = [
        *(_entry(held, "match", part, base) for held in matches),
        *(_entry(held, "include", part, base) for held in more.held),
    ]
    told = [*told, *(f"{name} is not known here and was left out." for name in plan.ignored)]
    if more.cut:
        told.append(f"There is more to include than {MOST} resources: ask for smaller pages.")
    if told:
        entries.append({"resource": _outcome(told), "search": {"mode": "outcome"}})
    if entries:
        bundle["entry"] = entries
    return bundle


def has_more(plan: Plan, found: Sequence[Held], start: int) -> bool:
    """Whether a page follows the one that begins at `start`."""
    return not plan.only_count and start + plan.count < len(found)


def digest(found: Sequence[Held]) -> int:
    """A hash of which resources were found, and in which order."""
    said = "\n".join("/".join(held.key) for held in found)
    return int.from_bytes(blake2b(said.encode(), digest_size=7).digest(), "big")


def _entry(held: Held, mode: str, part: Part, base: str) -> Json:
    return {
        "fullUrl": f"{base}/{held.type}/{held.id}",
        "resource": msgspec.Raw(held.written) if part.whole else part.of(held.shown),
        "search": {"mode": mode},
    }


def _outcome(told: Sequence[str]) -> Json:
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "warning", "code": "not-supported", "diagnostics": one} for one in told
        ],
    }

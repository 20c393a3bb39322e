"""Looking about in an HL7 v3 message: children by name, ids, values, times.

Source: HL7 v3 data types II, TS, IVL_TS (XML ITS 1.0). Times are local time of the United Kingdom.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.markup import Element

Json = dict[str, Any]
V3 = "urn:hl7-org:v3"


def child(at: Element | None, *names: str) -> Element | None:
    """The element along a path of names; None where the path ends."""
    for name in names:
        at = None if at is None else at.find(f"{{{V3}}}{name}")
    return at


def children(at: Element | None, name: str) -> list[Element]:
    """The children of one name."""
    return [] if at is None else at.findall(f"{{{V3}}}{name}")


def value(at: Element | None, name: str = "value") -> str:
    """An attribute, trimmed; "" where there is none."""
    return "" if at is None else (at.get(name) or "").strip()


def text(at: Element | None) -> str:
    """All text in an element, each run of blanks within a line as one."""
    if at is None:
        return ""
    lines = "".join(str(part) for part in at.itertext()).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def root(at: Element) -> str:
    """The id by which the sender knows a statement, in capitals as UUIDs are compared; or ""."""
    return value(child(at, "id"), "root").upper()


def statements(at: Element) -> Iterator[Element]:
    """What stands in the components of a composition or compound, in order."""
    for component in children(at, "component"):
        yield from component


def first(found: Sequence[Json]) -> Json:
    """The first of some; empty where there is none."""
    return found[0] if found else {}


def happened(at: Element) -> Json:
    """When it was: `{"dateTime": …}` or `{"Period": {…}}` by what `effectiveTime` says."""
    time = child(at, "effectiveTime")
    if single := moment(value(child(time, "center")) or value(time)):
        return {"dateTime": single}
    period = span(at)
    if set(period) == {"start"}:
        return {"dateTime": period["start"]}
    return {"Period": period} if period else {}


def span(at: Element) -> Json:
    """The ends of `effectiveTime`."""
    time = child(at, "effectiveTime")
    ends = (("start", "low"), ("end", "high"))
    return {end: said for end, name in ends if (said := moment(value(child(time, name))))}


def recorded(at: Element) -> str:
    """When it was written down (`availabilityTime`), of any precision."""
    return moment(value(child(at, "availabilityTime")))


def whole(when: str) -> str:
    """`when` where it is a moment, else "": FHIR's `instant` has no less."""
    return when if len(when) > 10 else ""

"""What can be subscribed to: SubscriptionTopics, which are data (`topics.json`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from wholerecord.intake.fhir.about import ABOUT
from wholerecord.record import read_json

_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic: of which types, and for which changes (create, update, delete), it tells."""

    url: str
    id: str
    changes: Mapping[str, frozenset[str]]
    written: Mapping[str, Any]

    @property
    def kinds(self) -> frozenset[str]:
        """The types it tells of."""
        return frozenset(self.changes)


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic, by its canonical address."""
    raw = files("wholerecord.fhir.subscriptions").joinpath("topics.json").read_bytes()
    written: list[dict[str, Any]] = read_json(raw)
    return MappingProxyType({one["url"]: _topic(one) for one in written})


def _topic(written: Mapping[str, Any]) -> Topic:
    changes: dict[str, frozenset[str]] = {}
    for trigger in written["resourceTrigger"]:
        kind = trigger["resource"].removeprefix(_DEFINITION)
        for each in (*ABOUT, "Patient") if kind == "Resource" else (kind,):
            changes[each] = frozenset(trigger["supportedInteraction"])
    return Topic(url=written["url"], id=written["id"], changes=changes, written=written)

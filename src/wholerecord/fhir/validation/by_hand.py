"""Invariants written by hand, where the expression would look at everything for every part.

Source: FHIR R4, the invariants of the types named.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from wholerecord.intake.fhir.shape import codings
from wholerecord.record import canonical


def _obs_7(observation: dict[str, Any]) -> bool:
    """No component has the code that the observation's own value has."""
    if "component" not in observation or not any(name[:5] == "value" for name in observation):
        return True
    own = {canonical(one) for one in codings(observation.get("code"))}
    said = (one for part in observation["component"] for one in codings(part.get("code")))
    return not any(canonical(one) in own for one in said)


#: By type: each with its key.
BY_HAND: Mapping[str, tuple[tuple[str, Callable[[Any], bool]], ...]] = MappingProxyType(
    {"Observation": (("obs-7", _obs_7),)}
)

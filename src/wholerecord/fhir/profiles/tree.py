"""What a profile asks, as a tree of elements; what it takes over from the one it is made from.

Source: FHIR R4, ElementDefinition: `id` is a path with slice names, `Patient.identifier:nhsNumber`.
Where a profile has a differential that is read, and what it is made from first; else its snapshot.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from wholerecord.fhir.validation.types import rules_of
from wholerecord.intake.fhir.shape import Object, an_object, objects, text, texts


class Free(Enum):
    """Nothing is fixed: one value, however often it is copied."""

    FREE = "free"


FREE: Final = Free.FREE
_DEEPEST = 10
#: Invariants of R4 that snapshots repeat.
_OF_R4 = ("ele-", "ext-", "dom-")


@dataclass(frozen=True, slots=True)
class Slicing:
    """How values are told apart: (type, path) of each discriminator; and whether others may be."""

    by: tuple[tuple[str, str], ...]
    closed: bool


@dataclass(slots=True)
class Node:
    """What is asked of one element; None and empty: nothing beyond what was asked before."""

    least: int = 0
    most: int | None = None
    kinds: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    fixed: Any = FREE
    pattern: Any = FREE
    binding: tuple[str, str] | None = None
    rules: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    slicing: Slicing | None = None
    parts: dict[str, "Node"] = field(default_factory=dict[str, "Node"])
    slices: dict[str, "Node"] = field(default_factory=dict[str, "Node"])


def tree_of(url: str, body_of: Callable[[str], Object | None], deep: int = 0) -> Node | None:
    """What the profile of that address asks; None: it is not known, or one of R4's own types."""
    body = body_of(url)
    if body is None or body.get("derivation") != "constraint" or deep > _DEEPEST:
        return None
    differential = objects(an_object(body.get("differential")).get("element"))
    base = tree_of(text(body.get("baseDefinition")), body_of, deep + 1) if differential else None
    root = deepcopy(base) if base else Node()
    for element in differential or objects(an_object(body.get("snapshot")).get("element")):
        _add(root, element)
    return root


def _add(root: Node, element: Object) -> None:
    node = root
    for step in _steps(element):
        name, *sliced = step.split(":")
        node = node.parts.setdefault(name, Node())
        for one in sliced[:1]:
            node = node.slices.setdefault(one, Node())
    _say(node, element)


def _steps(element: Object) -> Sequence[str]:
    """The names from the type down, each with its slice."""
    said = text(element.get("id")) or text(element.get("path"))
    return said.split(".")[1:]


def _say(node: Node, element: Object) -> None:
    """Put what one ElementDefinition asks into its node."""
    least, most = element.get("min", node.least), text(element.get("max"))
    node.least = least if isinstance(least, int) else 0
    node.most = int(most) if most.isdigit() else node.most
    if types := objects(element.get("type")):
        node.kinds = tuple(text(one.get("code")) for one in types)
        node.profiles = tuple(each for one in types for each in texts(one.get("profile") or []))
        node.targets = tuple(
            each for one in types for each in texts(one.get("targetProfile") or [])
        )
    for name, value in element.items():
        if name.startswith("fixed"):
            node.fixed = value
        elif name.startswith("pattern"):
            node.pattern = value
    binding = an_object(element.get("binding"))
    if binding:
        url = text(binding.get("valueSet")).partition("|")[0]
        node.binding = text(binding.get("strength")), url
    _narrow(node, element)


def _narrow(node: Node, element: Object) -> None:
    """Put its invariants and slicing into its node."""
    known = {rule.key for rule in rules_of(text(element.get("path")))}
    for one in objects(element.get("constraint")):
        key, says = text(one.get("key")), text(one.get("expression"))
        if says and key not in known and not key.startswith(_OF_R4):
            node.rules.append((key, text(one.get("severity")), says))
    slicing = an_object(element.get("slicing"))
    if slicing:
        by = objects(slicing.get("discriminator"))
        node.slicing = Slicing(
            tuple((text(one.get("type")), text(one.get("path"))) for one in by),
            slicing.get("rules") == "closed",
        )

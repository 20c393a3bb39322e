"""Documents that their source says replace others: the one that is replaced by none comes first.

Source: FHIR R4 document-relationship-type, `replaces`. Where each of several says that it replaces
another, in a circle, none is believed: the newest comes first and the entry says so.
"""

from collections.abc import Mapping, Sequence

from wholerecord.fold.document_said import CompositionSaid, DocumentSaid
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Key, Told, address

IN_A_CIRCLE = "Its versions say that each replaces the other."


def replaces(one: Told[Shape]) -> tuple[Key, ...]:
    """What a document says it replaces."""
    body = one.body
    if not isinstance(body, DocumentSaid | CompositionSaid) or not body.relates_to:
        return ()
    said = (related for related in body.relates_to if related.code == "replaces")
    targets = (related.target or related.target_reference for related in said)
    return tuple(address(one, target.reference) for target in targets if target)


def standing(newest: Sequence[Told[Shape]]) -> tuple[set[Key], bool]:
    """Which of the versions of one document stand, and whether they go in a circle."""
    by_key = {one.key: replaces(one) for one in newest}
    gone = {target for targets in by_key.values() for target in targets}
    if not gone:
        return set(by_key), False
    left = set(by_key) - gone
    return left or set(by_key), _circle(by_key)


def _circle(by_key: Mapping[Key, Sequence[Key]]) -> bool:
    """Whether following what replaces what comes back: what is left when the ends are taken."""
    waits = {key: sum(target in by_key for target in targets) for key, targets in by_key.items()}
    by_target: dict[Key, list[Key]] = {}
    for key, targets in by_key.items():
        for target in targets:
            by_target.setdefault(target, []).append(key)
    ends = [key for key, count in waits.items() if not count]
    while ends:
        for key in by_target.get(ends.pop(), ()):
            waits[key] -= 1
            if not waits[key]:
                ends.append(key)
    return any(waits.values())

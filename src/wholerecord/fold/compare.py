"""Two folds of one person held against each other: which entries one adds, removes or changes.

Addresses (`t`, `n`), messages and places are not compared: what was said again in the same words
by another reading of the same message is the same.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

import msgspec

from wholerecord.fold.record import Entry, Kind, Negative, Record

#: What says where a statement is kept and not what it says.
_WHERE = frozenset({"t", "n", "message", "place", "received"})
#: What the reason why statements are one entry is called.
WHY = "why it is one"
#: What an entry's parts are called on screens.
_NAMES = {
    "said_by": "who says it",
    "until": "until when",
    "why": WHY,
    "labels": "sensitivity",
}


class Act(Enum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An entry that is not as it was. `parts` names what differs of one that changed.

    `was` and `now` are its title and status before and after, "" where it was not there. `labels`
    are its sensitivities, before or after: whoever may not see those may not see the titles.
    """

    act: Act
    kind: Kind | None  #: None: who the person is
    key: str
    was: str = ""
    now: str = ""
    parts: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()


def differences(before: Record, after: Record) -> tuple[Difference, ...]:
    """Everything of `after` that is not as in `before`, by kind and key; empty for equal ones."""
    old, new = _by_key(before), _by_key(after)
    found: list[Difference] = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        entry = now or was
        if entry is None or was == now or (was and now and _content(was) == _content(now)):
            continue
        found.append(
            Difference(
                act=Act.ADDED if was is None else Act.REMOVED if now is None else Act.CHANGED,
                kind=entry.kind,
                key=key[1],
                was=_says(was),
                now=_says(now),
                parts=_parts(_content(was), _content(now)) if was and now else (),
                labels=_labels(was) | _labels(now),
            )
        )
    parts = _parts(_content(before.who), _content(after.who))
    if parts:
        # Which parts, never what they say: names and addresses are for the person's own screen.
        found.append(Difference(act=Act.CHANGED, kind=None, key="who", parts=parts))
    return tuple(found)


def digest(record: Record) -> str:
    """The SHA-256 of what the record says: who, entries and negatives, with every address."""
    said = (record.who, record.entries, record.negatives)
    return hashlib.sha256(msgspec.json.encode(said, enc_hook=str, order="sorted")).hexdigest()


def _by_key(record: Record) -> dict[tuple[str, str], Entry | Negative]:
    found: dict[tuple[str, str], Entry | Negative] = {
        (entry.kind.value, entry.key): entry for entry in record.entries
    }
    for one in record.negatives:
        found[one.kind.value, f"none {one.said.patient} {one.said.kind} {one.said.id}"] = one
    return found


def _labels(one: Entry | Negative | None) -> frozenset[str]:
    return one.labels if one else frozenset()


def _says(one: Entry | Negative | None) -> str:
    if one is None:
        return ""
    return f"{one.title} ({one.status})" if isinstance(one, Entry) else one.title


def _content(value: object) -> Mapping[str, Any]:
    # Through JSON, so that only objects, arrays, texts and numbers are left to compare.
    built: Any = msgspec.json.decode(msgspec.json.encode(value, enc_hook=str, order="sorted"))
    return _without_where(built) if built else {}


def _without_where(built: Any) -> Any:
    if isinstance(built, dict):
        said = cast("dict[str, Any]", built)
        where = _WHERE if "id" in said and "source" in said else frozenset[str]()
        return {key: _without_where(each) for key, each in said.items() if key not in where}
    if isinstance(built, list):
        return [_without_where(each) for each in cast("list[Any]", built)]
    return built


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the parts that differ, those of the detail and of who somebody is one deeper."""
    found: list[str] = []
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if name in {"detail", "best"} and isinstance(was, dict) and isinstance(now, dict):
            found += _parts(cast("dict[str, Any]", was), cast("dict[str, Any]", now))
        else:
            found.append(_NAMES.get(name, name.replace("_", " ")))
    return tuple(dict.fromkeys(found))

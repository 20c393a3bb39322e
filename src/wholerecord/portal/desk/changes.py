"""What a replay would change, as lines: by address, never by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.replaying import PersonChange
from wholerecord.fold.compare import Difference
from wholerecord.intake.replay import MessageChange

_SIGNS = {"+": "added", "-": "no longer counted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLines:
    """A message that would change, and how."""

    message: int
    source: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLines:
    """A record that would change, entry by entry: (what becomes of it, what it is)."""

    whose: str
    lines: tuple[tuple[str, str], ...]


def message_lines(changes: Sequence[MessageChange]) -> tuple[MessageLines, ...]:
    """Every statement that would change, by message."""
    return tuple(
        MessageLines(message=one.message, source=one.source, lines=tuple(_lines(one)))
        for one in changes
    )


def person_lines(people: Sequence[PersonChange]) -> tuple[PersonLines, ...]:
    """Every entry that would change, by person."""
    return tuple(
        PersonLines(
            whose=f"Person {one.person}" if one.person else "A patient who is nobody yet",
            lines=tuple((each.act.value, says(each)) for each in one.differences),
        )
        for one in people
    )


def _lines(change: MessageChange) -> list[str]:
    said = [
        f"{kind} at {place or 'no place'} about patient {one.patient}: {_SIGNS[sign]}"
        for one in change.patients
        for sign, kind, place in one.lines
    ]
    said += [f"parked item {n}: closed" for n in change.closed]
    said += [f"parked: {fault.reason.value} {fault.place}".strip() for fault in change.opened]
    said += [f"{type(merge).__name__.lower()} at {merge.place}" for merge in change.merges]
    return said


def says(one: Difference) -> str:
    """A difference in words: its kind, what it was and is, and which parts differ."""
    kind = one.kind.value.replace("-", " ") if one.kind else "who the person is"
    says = " → ".join(dict.fromkeys(text for text in (one.was, one.now) if text))
    parts = f" ({', '.join(one.parts)})" if one.parts else ""
    return f"{kind}{': ' if says else ''}{says}{parts}"
